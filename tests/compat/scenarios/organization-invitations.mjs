// Answers to invitations, and lists of them.
import { requestChecks, session } from "../support/guards.mjs";
import {
  NO_ID,
  NO_TEXT,
  activate,
  create,
  each,
  enter,
  expire,
  founded,
  invite,
  joined,
  person,
  post,
  read,
} from "../support/organizations.mjs";

export const profile = "organization";

const ACCEPT = "accept-invitation";
const REJECT = "reject-invitation";
const CANCEL = "cancel-invitation";
const ANSWERS = [ACCEPT, REJECT, CANCEL];

/** Ada's organization, and Bob, who is invited to it. */
async function invited(t, changes) {
  const { ada, acme } = await founded(t);
  const bob = await person(t, "bob");
  const { id } = await invite(t, bob.email, changes);
  await t.message(bob.email);
  return { ada, acme, bob, id };
}

/** Sets the status of all invitations. */
const settle = (t, status) => t.sql("update invitation set status = $1", [status]);
const answer = (t, route, invitationId, who, label) => post(t, route, { invitationId }, { who, label });

export default {
  ...requestChecks(`/organization/${ACCEPT}`, { invitationId: NO_ID }),
  ...session("POST", `/organization/${ACCEPT}`, { invitationId: NO_ID }),
  ...session("POST", `/organization/${REJECT}`, { invitationId: NO_ID }),
  ...session("POST", `/organization/${CANCEL}`, { invitationId: NO_ID }),
  ...session("GET", "/organization/get-invitation?id=x"),
  ...session("GET", "/organization/list-invitations"),
  ...session("GET", "/organization/list-user-invitations"),

  "organization: an invitation is accepted": async (t) => {
    const { id } = await invited(t);
    await read(t, "get-invitation", { id }, { who: "bob" });
    await read(t, "list-user-invitations", {}, { who: "bob" });
    await answer(t, ACCEPT, id, "bob");
    await t.get("/get-session", { jar: "bob" });
    await read(t, "get-full-organization", {}, { who: "bob" });
    await read(t, "get-active-member", {}, { who: "bob" });
    await read(t, "list-user-invitations", {}, { who: "bob", label: "afterwards" });
    await read(t, "get-invitation", { id }, { who: "bob", label: "afterwards" });
    await read(t, "list-invitations");
    for (const route of ANSWERS.slice(0, 2)) await answer(t, route, id, "bob", "again");
  },

  "organization: an invitation is accepted from sign-up to membership": async (t) => {
    await t.signUp();
    await create(t);
    const { id } = await invite(t, "new@example.com", { role: ["admin", "member"] });
    await t.message("new@example.com");
    await t.signUp("new", { jar: "new" });
    await answer(t, ACCEPT, id, "new");
    await read(t, "get-active-member", {}, { who: "new" });
    await read(t, "list-members", {}, { who: "new" });
  },

  "organization: an invitation is rejected": async (t) => {
    const { id } = await invited(t);
    await answer(t, REJECT, id, "bob");
    await t.get("/get-session", { jar: "bob" });
    for (const route of ANSWERS.slice(0, 2)) await answer(t, route, id, "bob", "again");
    await read(t, "list-user-invitations", {}, { who: "bob" });
    await read(t, "list-invitations");
  },

  "organization: an invitation is canceled": async (t) => {
    const { id } = await invited(t);
    await answer(t, CANCEL, id, "ada");
    for (const route of ANSWERS.slice(0, 2)) await answer(t, route, id, "bob", "afterwards");
    await read(t, "get-invitation", { id }, { who: "bob" });
    await read(t, "list-user-invitations", {}, { who: "bob" });
    await answer(t, CANCEL, id, "ada", "again");
  },

  "organization: an invitation that was accepted is canceled": async (t) => {
    const { id } = await invited(t);
    await answer(t, ACCEPT, id, "bob");
    await answer(t, CANCEL, id, "ada");
    await read(t, "list-members");
  },

  "organization: an invitation that was rejected is canceled": async (t) => {
    const { id } = await invited(t);
    await answer(t, REJECT, id, "bob");
    await answer(t, CANCEL, id, "ada");
  },

  "organization: an invitation that has expired": async (t) => {
    const { id } = await invited(t);
    await expire(t);
    await answer(t, ACCEPT, id, "bob");
    await read(t, "get-invitation", { id }, { who: "bob" });
    await read(t, "list-user-invitations", {}, { who: "bob" });
    await read(t, "list-invitations");
    await answer(t, REJECT, id, "bob");
  },

  "organization: an invitation that has expired is canceled": async (t) => {
    const { id } = await invited(t);
    await expire(t);
    await answer(t, CANCEL, id, "ada");
  },

  "organization: an invitation of each status": async (t) => {
    const { id } = await invited(t);
    for (const status of ["accepted", "rejected", "canceled", "other"]) {
      await settle(t, status);
      await answer(t, ACCEPT, id, "bob", status);
      await answer(t, REJECT, id, "bob", status);
      await read(t, "get-invitation", { id }, { who: "bob", label: status });
    }
  },

  "organization: an invitation to another address": async (t) => {
    const { acme, id } = await invited(t);
    await person(t, "cy");
    await joined(t, acme, "dan", "member");
    for (const who of ["cy", "ada", "dan"]) {
      await answer(t, ACCEPT, id, who, `by ${who}`);
      await answer(t, REJECT, id, who, `by ${who}`);
      await read(t, "get-invitation", { id }, { who, label: `by ${who}` });
    }
    for (const who of ["bob", "cy", "dan"]) await answer(t, CANCEL, id, who, `by ${who}`);
    await answer(t, ACCEPT, id, "bob");
  },

  "organization: an invitation to an address in capitals": async (t) => {
    const { id } = await invited(t);
    await t.sql(`update invitation set email = 'BOB@Example.com'`);
    await read(t, "get-invitation", { id }, { who: "bob" });
    await answer(t, ACCEPT, id, "bob");
  },

  "organization: an invitation to an address that the user gives up": async (t) => {
    const { id } = await invited(t);
    await t.sql(`update "user" set email = 'other@example.com' where name = 'bob'`);
    await read(t, "list-user-invitations", {}, { who: "bob" });
    await answer(t, ACCEPT, id, "bob");
  },

  "organization: an invitation to an address that is not verified": async (t) => {
    const { id } = await invited(t);
    await t.sql(`update "user" set "emailVerified" = false`);
    await answer(t, ACCEPT, id, "bob");
  },

  "organization: an invitation of a member": async (t) => {
    const { acme, bob, id } = await invited(t);
    await enter(t, acme, bob, "member");
    await answer(t, ACCEPT, id, "bob");
  },

  "organization: unknown invitations": async (t) => {
    await founded(t);
    for (const route of ANSWERS) {
      await answer(t, route, NO_ID, "ada", "unknown");
      await answer(t, route, "", "ada", "empty");
      await each(t, route, [{}, { id: NO_ID }, ...Object.values(NO_TEXT).map((invitationId) => ({ invitationId }))]);
      await post(t, route, {}, { jar: null, label: "no session, no id" });
    }
    for (const query of [{}, { id: "" }, { id: NO_ID }, { invitationId: NO_ID }]) {
      await read(t, "get-invitation", query, { label: JSON.stringify(query) });
      await read(t, "get-invitation", query, { jar: null, label: `${JSON.stringify(query)}, no session` });
    }
  },

  "organization: the inviter is no longer a member": async (t) => {
    const { acme } = await founded(t);
    const bob = await joined(t, acme, "bob", "admin");
    await person(t, "cy");
    const { id } = await invite(t, "cy@example.com", { organizationId: acme.id }, { who: "bob" });
    await t.message("cy@example.com");
    await t.sql("delete from member where id = $1", [bob.member]);
    await read(t, "get-invitation", { id }, { who: "cy" });
    await read(t, "list-user-invitations", {}, { who: "cy" });
    await answer(t, CANCEL, id, "bob", "by the former member");
    await answer(t, ACCEPT, id, "cy");
  },

  "organization: the inviter is deleted": async (t) => {
    const { acme } = await founded(t);
    const bob = await joined(t, acme, "bob", "admin");
    await person(t, "cy");
    const { id } = await invite(t, "cy@example.com", { organizationId: acme.id }, { who: "bob" });
    await t.message("cy@example.com");
    await t.sql(`delete from "user" where id = $1`, [bob.id]);
    await answer(t, ACCEPT, id, "cy");
  },

  "organization: cancellations by members": async (t) => {
    const { acme } = await founded(t);
    const callers = { bob: "member", cy: "admin", dan: "member,admin", eve: "unknown" };
    for (const [name, role] of Object.entries(callers)) await joined(t, acme, name, role);
    for (const who of Object.keys(callers)) {
      const { id } = await invite(t, `to-${who}@example.com`);
      await answer(t, CANCEL, id, who, `by ${who}`);
      await t.message(`to-${who}@example.com`);
    }
  },

  "organization: lists of invitations": async (t) => {
    const { acme, bob } = await invited(t);
    await joined(t, acme, "cy", "member");
    await person(t, "dan");
    const other = await create(t, { slug: "other", name: "Other" });
    await invite(t, bob.email, { organizationId: other.id });
    await t.message(bob.email);
    for (const who of ["ada", "cy", "dan", "bob"]) {
      await read(t, "list-invitations", { organizationId: acme.id }, { who, label: `by ${who}` });
      await read(t, "list-invitations", {}, { who, label: `by ${who}, the active one` });
      await read(t, "list-user-invitations", {}, { who, label: `by ${who}` });
    }
    await read(t, "list-invitations", { organizationId: NO_ID }, { label: "unknown" });
    await read(t, "list-invitations", { organizationId: "" }, { label: "empty" });
  },

  "organization: a list of invitations by address": async (t) => {
    const { bob } = await invited(t);
    for (const email of [bob.email, "none", ""]) {
      await read(t, "list-user-invitations", { email }, { who: "bob", label: `email ${email}` });
      await read(t, "list-user-invitations", { email }, { jar: null, label: `email ${email}, no session` });
    }
    await read(t, "list-user-invitations", {}, { jar: null, label: "no session" });
  },

  "organization: an invitation is accepted while another organization is active": async (t) => {
    const { bob, id } = await invited(t);
    const bobs = await create(t, { slug: "bobs" }, { who: "bob" });
    await activate(t, bob, { organization: bobs });
    await answer(t, ACCEPT, id, "bob");
    await t.get("/get-session", { jar: "bob" });
    await read(t, "list", {}, { who: "bob" });
  },

  "organization: a session that is renewed when an invitation is accepted": async (t) => {
    const { id } = await invited(t);
    await t.age("2 days");
    await answer(t, ACCEPT, id, "bob");
    await t.get("/get-session", { jar: "bob" });
  },
};
