// Members: their own membership, removal, leaving.
import { requestChecks, session } from "../support/guards.mjs";
import {
  NO_ID,
  NO_TEXT,
  activate,
  create,
  each,
  enter,
  joined,
  person,
  post,
  read,
  staffed,
} from "../support/organizations.mjs";

export const profile = "organization";

const REMOVE = "remove-member";
const remove = (t, memberIdOrEmail, options) => post(t, REMOVE, { memberIdOrEmail }, options);

/** A member, an admin and a second owner. */
const STAFF = { bob: "member", cy: "admin", dan: "owner" };

export default {
  ...requestChecks(`/organization/${REMOVE}`, { memberIdOrEmail: NO_ID }),
  ...session("POST", `/organization/${REMOVE}`, { memberIdOrEmail: NO_ID }),
  ...session("POST", "/organization/leave", { organizationId: NO_ID }),
  ...session("GET", "/organization/get-active-member"),

  "organization: the active member": async (t) => {
    const { acme, bob } = await staffed(t, STAFF);
    await t.sql(`update "user" set image = '/bob.png' where name = 'bob'`);
    for (const who of ["ada", "bob"]) {
      await read(t, "get-active-member", {}, { who, label: who });
      await read(t, "get-active-member-role", {}, { who, label: who });
    }
    await activate(t, bob);
    await read(t, "get-active-member", {}, { who: "bob", label: "none is active" });
    await read(t, "get-active-member-role", {}, { who: "bob", label: "none is active" });
    await read(t, "get-active-member-role", { organizationId: acme.id }, { who: "bob" });
    await read(t, "get-active-member-role", { organizationSlug: "acme" }, { who: "bob" });
    await activate(t, bob, { organization: { id: NO_ID } });
    await read(t, "get-active-member", {}, { who: "bob", label: "an unknown one is active" });
    await read(t, "get-active-member-role", {}, { who: "bob", label: "an unknown one is active" });
  },

  "organization: roles of other members": async (t) => {
    const { acme, ada, bob } = await staffed(t, STAFF);
    const ian = await person(t, "ian");
    const role = (query, who, label) => read(t, "get-active-member-role", query, { who, label });
    await role({ userId: ada.id }, "bob", "the owner's");
    await role({ userId: bob.id }, "ada", "a member's");
    await role({ userId: ian.id }, "ada", "of a user who is no member");
    await role({ userId: NO_ID }, "ada", "of an unknown user");
    await role({ userId: "" }, "ada", "of an empty id");
    await role({ organizationId: acme.id }, "ian", "by a user who is no member");
    await role({ organizationSlug: "unknown" }, "ada", "an unknown slug");
    await role({ organizationSlug: "unknown", organizationId: acme.id }, "ada", "an unknown slug and an id");
    await role({ organizationId: NO_ID }, "ada", "an unknown id");
  },

  "organization: a member is removed by id": async (t) => {
    const { bob, cy } = await staffed(t, STAFF);
    await remove(t, bob.member);
    await t.get("/get-session", { jar: "bob" });
    await read(t, "get-full-organization", {}, { who: "bob" });
    await t.get("/get-session", { jar: "bob", label: "afterwards" });
    await remove(t, bob.member, { label: "again" });
    await remove(t, cy.member, { label: "an admin" });
    await read(t, "list-members");
  },

  "organization: a member is removed by address": async (t) => {
    const { bob, cy, dan } = await staffed(t, STAFF);
    await t.sql(`update "user" set image = '/bob.png' where name = 'bob'`);
    await remove(t, bob.email);
    await remove(t, cy.email.toUpperCase(), { label: "in capitals" });
    await remove(t, dan.email, { label: "an owner" });
    await remove(t, "unknown@example.com", { label: "unknown" });
    await remove(t, "@", { label: "no address" });
    await person(t, "ian");
    await remove(t, "ian@example.com", { label: "no member" });
  },

  "organization: the last owner is removed": async (t) => {
    const { ada, dan } = await staffed(t, STAFF);
    await remove(t, dan.member, { who: "cy", label: "an owner by an admin" });
    await remove(t, dan.member, { label: "an owner by an owner" });
    await remove(t, ada.member, { label: "the last owner" });
    await remove(t, ada.email, { label: "the last owner by address" });
    await remove(t, ada.member, { who: "cy", label: "the last owner by an admin" });
  },

  "organization: members remove themselves": async (t) => {
    const { bob, cy, dan } = await staffed(t, STAFF);
    await remove(t, bob.member, { who: "bob", label: "a member" });
    await remove(t, cy.member, { who: "cy", label: "an admin" });
    await t.get("/get-session", { jar: "cy" });
    await remove(t, dan.member, { who: "dan", label: "an owner" });
    await t.get("/get-session", { jar: "dan" });
  },

  "organization: removals by members": async (t) => {
    const { acme, ada, bob } = await staffed(t, STAFF);
    const eve = await joined(t, acme, "eve", "member");
    const ian = await person(t, "ian");
    for (const [who, target, label] of [
      ["bob", eve.member, "a member by a member"],
      ["bob", ada.member, "an owner by a member"],
      ["cy", eve.member, "a member by an admin"],
      ["eve", bob.member, "by a removed member"],
      ["ian", bob.member, "by a user who is no member"],
      ["ada", ian.id, "the id of a user"],
      ["ada", "", "an empty id"],
    ])
      await post(t, REMOVE, { memberIdOrEmail: target, organizationId: acme.id }, { who, label });
    await remove(t, bob.member, { who: "ian", label: "without an active organization" });
  },

  "organization: members of other organizations are removed": async (t) => {
    const { acme, bob } = await staffed(t, STAFF);
    const ian = await person(t, "ian");
    const ians = await create(t, { slug: "ians" }, { who: "ian" });
    const jo = await joined(t, ians, "jo", "member");
    const [{ id }] = await t.sql(`select id from member where "userId" = $1`, [ian.id]);
    await remove(t, id, { label: "another's owner" });
    await remove(t, jo.member, { label: "another's member" });
    await remove(t, jo.email, { label: "another's member by address" });
    await remove(t, jo.member, { who: "bob", label: "another's member by a member" });
    await remove(t, bob.member, { who: "ian", label: "by another's owner" });
    await post(
      t,
      REMOVE,
      { memberIdOrEmail: bob.member, organizationId: acme.id },
      { who: "ian", label: "by another's owner with the id" },
    );
  },

  "organization: a removal with values of wrong types": async (t) => {
    await staffed(t, STAFF);
    await each(t, REMOVE, [
      {},
      { memberIdOrEmail: NO_ID, organizationId: 1 },
      { memberIdOrEmail: NO_ID, organizationId: NO_ID },
    ]);
    for (const [label, value] of Object.entries(NO_TEXT)) await remove(t, value, { label });
    await each(t, "leave", [
      {},
      { organizationId: "" },
      { organizationId: NO_ID },
      ...Object.values(NO_TEXT).map((organizationId) => ({ organizationId })),
    ]);
    for (const route of [REMOVE, "leave"]) await post(t, route, {}, { jar: null, label: "no session, nothing" });
  },

  "organization: members leave": async (t) => {
    const { acme } = await staffed(t, STAFF);
    const leave = (who, label) => post(t, "leave", { organizationId: acme.id }, { who, label });
    await leave("bob", "a member");
    await t.get("/get-session", { jar: "bob" });
    await leave("bob", "again");
    await leave("cy", "an admin");
    await leave("dan", "one of two owners");
    await leave("ada", "the last owner");
    await t.get("/get-session");
    await person(t, "ian");
    await leave("ian", "no member");
    await read(t, "list", {}, { who: "bob" });
  },

  "organization: a member leaves one while another is active": async (t) => {
    const { acme } = await staffed(t, STAFF);
    await create(t, { slug: "bobs" }, { who: "bob" });
    await post(t, "leave", { organizationId: acme.id }, { who: "bob" });
    await t.get("/get-session", { jar: "bob" });
  },

  "organization: a user who is a member twice": async (t) => {
    const { acme, bob } = await staffed(t, STAFF);
    await enter(t, acme, bob, "admin");
    await post(t, "leave", { organizationId: acme.id }, { who: "bob" });
  },

  "organization: a user with two roles of which one is owner leaves": async (t) => {
    const { acme } = await staffed(t, { bob: "admin,owner", cy: "owner-like" });
    const leave = (who, label) => post(t, "leave", { organizationId: acme.id }, { who, label });
    await leave("ada", "one of two owners");
    await leave("bob", "the last owner");
    await leave("cy", "a role with a similar name");
  },

  "organization: the user is deleted": async (t) => {
    const { acme } = await staffed(t, STAFF);
    await t.signUp("eve", { jar: "eve" });
    const [eve] = await t.sql(`select id from "user" where name = 'eve'`);
    await enter(t, acme, eve, "admin");
    await t.post("/delete-user", { password: "password1234" }, { jar: "eve" });
    await read(t, "list-members");
  },

  "organization: an organization with one member, who is deleted": async (t) => {
    await t.signUp();
    await create(t);
    await t.post("/delete-user", { password: "password1234" });
    await person(t, "bob");
    await post(t, "check-slug", { slug: "acme" }, { who: "bob" });
  },

  "organization: the only owner is deleted": async (t) => {
    await t.signUp();
    const acme = await create(t);
    await joined(t, acme, "bob", "admin");
    await t.post("/delete-user", { password: "password1234" });
    await read(t, "list-members", { organizationId: acme.id }, { who: "bob" });
  },
};
