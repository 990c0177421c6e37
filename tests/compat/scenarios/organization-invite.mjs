// Invitations that members send.
import { requestChecks, session } from "../support/guards.mjs";
import {
  NO_ID,
  NO_TEXT,
  activate,
  create,
  each,
  expire,
  founded,
  invite,
  joined,
  person,
  post,
  read,
} from "../support/organizations.mjs";

export const profile = "organization";

const ROUTE = "/organization/invite-member";
const BOB = { email: "bob@example.com", role: "member" };

export default {
  ...requestChecks(ROUTE, BOB),
  ...session("POST", ROUTE, BOB),

  "organization: a user is invited": async (t) => {
    await founded(t);
    await invite(t, "bob@example.com");
    await t.message("bob@example.com");
    await read(t, "list-invitations");
  },

  "organization: addresses of invitations": async (t) => {
    await founded(t);
    for (const email of ["Bob@Example.COM", "bob@example.com", "b+x@example.com", "x.y@sub.example.com"])
      await invite(t, email, {}, { label: email });
    for (const to of ["bob@example.com", "b+x@example.com", "x.y@sub.example.com"]) await t.message(to);
    for (const email of [
      "",
      "bob",
      "bob@",
      "@example.com",
      "bob@example",
      " bob@example.com",
      "bob@example.com ",
      "b@b@b.com",
    ])
      await invite(t, email, {}, { label: `"${email}"` });
    await invite(t, "jörg@example.com", {}, { label: "beyond ASCII" });
  },

  "organization: roles of invitations": async (t) => {
    await founded(t);
    const roles = [
      "member",
      "admin",
      "owner",
      ["member"],
      ["member", "admin"],
      "member,admin",
      "admin, member",
      [],
      "",
      [""],
      ",",
      "member,",
      ["a,b"],
      "Member",
      "unknown",
      ["member", "x", "y"],
      "x,member,y",
    ];
    for (const [index, role] of roles.entries())
      await invite(t, `user${index}@example.com`, { role }, { label: `role ${JSON.stringify(role)}` });
    for (const { email } of await t.sql(`select email from invitation order by "createdAt"`))
      await t.message(email, "a message");
  },

  "organization: members of wrong types in an invitation": async (t) => {
    await founded(t);
    await each(t, "invite-member", [
      {},
      { email: "bob@example.com" },
      { role: "member" },
      { ...BOB, role: 1 },
      { ...BOB, role: null },
      { ...BOB, role: [1] },
      { ...BOB, role: {} },
      { ...BOB, resend: "true" },
      { ...BOB, resend: null },
      { ...BOB, organizationId: 1 },
      { ...BOB, organizationId: null },
      { ...BOB, teamId: 1 },
      { ...BOB, teamId: null },
      { ...BOB, teamId: [1] },
    ]);
    for (const [label, email] of Object.entries(NO_TEXT))
      await post(t, "invite-member", { ...BOB, email }, { label: `email ${label}` });
  },

  "organization: an invitation with members that are not known": async (t) => {
    await founded(t);
    await invite(t, "bob@example.com", { unknown: 1 });
    await t.message("bob@example.com");
  },

  "organization: an invitation with members of its row": async (t) => {
    await founded(t);
    for (const [name, value] of Object.entries({
      id: NO_ID,
      status: "accepted",
      inviterId: NO_ID,
      expiresAt: "2099-01-01T00:00:00.000Z",
      createdAt: "2020-01-01T00:00:00.000Z",
    }))
      await invite(t, `${name.toLowerCase()}@example.com`, { [name]: value }, { label: name });
    for (const { email } of await t.sql("select email from invitation")) await t.message(email, "a message");
  },

  "organization: an invitation without an active organization": async (t) => {
    await person(t);
    await invite(t, "bob@example.com");
    await invite(t, "bob", {}, { label: "an invalid address" });
  },

  "organization: an invitation by id": async (t) => {
    const { acme } = await founded(t);
    await create(t, { slug: "other" });
    await invite(t, "bob@example.com", { organizationId: acme.id });
    await t.message("bob@example.com");
    await invite(t, "bob@example.com", {}, { label: "to the active one, too" });
    await t.message("bob@example.com");
    await invite(t, "bob@example.com", { organizationId: NO_ID }, { label: "an unknown id" });
    await invite(t, "cy@example.com", { organizationId: "" }, { label: "an empty id" });
    await t.message("cy@example.com");
  },

  "organization: invitations by members": async (t) => {
    const { acme } = await founded(t);
    const callers = { bob: "member", cy: "admin", dan: "admin,member", fay: "unknown", gus: "member, admin" };
    for (const [name, role] of Object.entries(callers)) await joined(t, acme, name, role);
    await person(t, "ian");
    for (const who of [...Object.keys(callers), "ian"])
      for (const role of ["member", "admin", "owner", "admin,owner", "owner,admin"])
        await invite(
          t,
          `${who}-${role.replace(",", "-")}@example.com`,
          { role, organizationId: acme.id },
          { who, label: `by ${who}, ${role}` },
        );
    for (const { email } of await t.sql("select email from invitation")) await t.message(email, "a message");
  },

  "organization: an owner with another role invites an owner": async (t) => {
    const { acme } = await founded(t);
    await joined(t, acme, "bob", "owner,member");
    for (const role of ["member", "owner", "admin,owner", "owner,admin"])
      await invite(
        t,
        `${role.replace(",", "-")}@example.com`,
        { role, organizationId: acme.id },
        { who: "bob", label: role },
      );
  },

  "organization: the role owner with spaces": async (t) => {
    const { acme } = await founded(t);
    await joined(t, acme, "bob", "admin");
    for (const [index, role] of [" owner", "member, owner", ["member", " owner "], "owner ", "\towner"].entries())
      await invite(
        t,
        `user${index}@example.com`,
        { role, organizationId: acme.id },
        { who: "bob", label: `role ${JSON.stringify(role)}` },
      );
    await t.sql("delete from invitation");
  },

  "organization: the order of checks of an invitation": async (t) => {
    const { acme } = await founded(t);
    await joined(t, acme, "bob", "member");
    await joined(t, acme, "cy", "admin");
    await person(t, "dan");
    const to = (email, role, who, label) => invite(t, email, { role, organizationId: acme.id }, { who, label });
    await to("none", "unknown", "dan", "no member, invalid address, unknown role");
    await to("x@example.com", "unknown", "dan", "no member, unknown role");
    await to("x@example.com", "unknown", "bob", "no permission, unknown role");
    await to("bob@example.com", "unknown,owner", "cy", "unknown and creator role, a member");
    await to("bob@example.com", "owner", "cy", "creator role, a member");
    await to("bob@example.com", "member", "cy", "a member");
    await to("cy@example.com", "member", "cy", "the caller");
    await post(t, "invite-member", { email: 1 }, { jar: null, label: "no session, wrong type" });
    await post(t, "invite-member", BOB, { jar: null, label: "no session" });
  },

  "organization: a user who is invited again": async (t) => {
    const { acme } = await founded(t);
    await joined(t, acme, "cy", "admin");
    await invite(t, "bob@example.com");
    await t.message("bob@example.com");
    await invite(t, "bob@example.com", {}, { label: "again" });
    await invite(t, "BOB@example.com", { role: "admin" }, { label: "in capitals, another role" });
    await t.sql(`update invitation set "expiresAt" = now() + interval '1 hour'`);
    await invite(t, "bob@example.com", { role: "admin", resend: true }, { label: "resent with another role" });
    await t.message("bob@example.com");
    await invite(
      t,
      "bob@example.com",
      { resend: true, organizationId: acme.id },
      { who: "cy", label: "resent by another" },
    );
    await t.message("bob@example.com");
    await invite(t, "bob@example.com", { resend: false }, { label: "not resent" });
    await invite(t, "new@example.com", { resend: true }, { label: "resent without an invitation" });
    await t.message("new@example.com");
    await read(t, "list-invitations");
  },

  "organization: a user who is invited again after the expiry": async (t) => {
    await founded(t);
    await invite(t, "bob@example.com");
    await t.message("bob@example.com");
    await expire(t);
    await invite(t, "bob@example.com", { role: "admin" }, { label: "again" });
    await t.message("bob@example.com");
    await expire(t);
    await invite(t, "bob@example.com", { resend: true }, { label: "resent" });
    await t.message("bob@example.com");
    await read(t, "list-invitations");
  },

  "organization: a user who is invited again after each end": async (t) => {
    const { acme } = await founded(t);
    await person(t, "bob");
    const first = await invite(t, "bob@example.com");
    await post(t, "reject-invitation", { invitationId: first.id }, { who: "bob" });
    const second = await invite(t, "bob@example.com", {}, { label: "after the rejection" });
    await post(t, "cancel-invitation", { invitationId: second.id });
    const third = await invite(t, "bob@example.com", {}, { label: "after the cancellation" });
    await post(t, "accept-invitation", { invitationId: third.id }, { who: "bob" });
    await invite(t, "bob@example.com", {}, { label: "after the acceptance" });
    await post(t, "leave", { organizationId: acme.id }, { who: "bob" });
    await invite(t, "bob@example.com", {}, { label: "after the user left" });
    for (let count = 0; count < 4; count += 1) await t.message("bob@example.com");
  },

  "organization: a hundred invitations": async (t) => {
    const { ada, acme } = await founded(t);
    await t.sql(
      `insert into invitation (id, "organizationId", email, role, status, "expiresAt", "createdAt", "inviterId")
       select 'invitation-' || n, $1, n || '@example.com', 'member', 'pending', now() + interval '1 day', now(), $2
       from generate_series(1, 99) n`,
      [acme.id, ada.id],
    );
    await invite(t, "a@example.com", {}, { label: "the hundredth" });
    await t.message("a@example.com");
    await invite(t, "b@example.com", {}, { label: "one more" });
    await t.sql(`update invitation set status = 'canceled' where email = '1@example.com'`);
    await invite(t, "b@example.com", {}, { label: "after a cancellation" });
    await t.message("b@example.com");
    await t.sql(`update invitation set "expiresAt" = now() - interval '1 minute' where email = '2@example.com'`);
    await invite(t, "c@example.com", {}, { label: "after an expiry" });
    await t.message("c@example.com");
    await t.sql("delete from invitation");
  },

  "organization: an invitation of an organization that is gone": async (t) => {
    const { ada, acme } = await founded(t);
    await t.sql("delete from member");
    await activate(t, ada, { organization: acme });
    await invite(t, "bob@example.com");
  },

  "organization: an invitation with NUL": async (t) => {
    await founded(t);
    await invite(t, "bob@example.com\u0000");
    await invite(t, "bob@example.com", { role: "member\u0000" }, { label: "role" });
  },
};
