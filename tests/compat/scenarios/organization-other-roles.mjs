// Roles of the configuration that replace the default ones, with another role of creators.
import { activate, create, founded, invite, joined, person, post, read } from "../support/organizations.mjs";

export const profile = "organization-other-roles";

const may = (t, permissions, who) =>
  post(t, "has-permission", { permissions }, { who, label: `${who} ${JSON.stringify(permissions)}` });

export default {
  "organization other roles: of the creator": async (t) => {
    await founded(t);
    await read(t, "get-active-member");
    for (const permissions of [{ organization: ["delete"] }, { project: ["create"] }, { project: ["unknown"] }])
      await may(t, permissions, "ada");
  },

  "organization other roles: the default ones grant nothing": async (t) => {
    const { acme } = await founded(t);
    for (const role of ["owner", "admin", "member", "clerk", "guest"]) {
      await activate(t, await joined(t, acme, role, role), { organization: acme });
      for (const permissions of [{ invitation: ["create"] }, { project: ["create"] }, { ac: ["read"] }])
        await may(t, permissions, role);
      await post(t, "update", { data: { name: `By ${role}` } }, { who: role, label: `by ${role}` });
    }
  },

  "organization other roles: invitations": async (t) => {
    const { acme } = await founded(t);
    await activate(t, await joined(t, acme, "clerk", "clerk"), { organization: acme });
    for (const who of ["ada", "clerk"])
      for (const role of ["boss", "clerk", "guest", "owner", "member", "unknown", "guest,boss"])
        await invite(t, `${who}-${role.replace(",", "-")}@example.com`, { role }, { who, label: `${role} by ${who}` });
    for (const { email } of await t.sql("select email from invitation")) await t.message(email, "a message");
  },

  "organization other roles: changes of roles": async (t) => {
    const { ada, acme } = await founded(t);
    const bob = await joined(t, acme, "bob", "guest");
    const clerk = await joined(t, acme, "clerk", "clerk");
    await activate(t, clerk, { organization: acme });
    const [{ id }] = await t.sql(`select id from member where "userId" = $1`, [ada.id]);
    const set = (memberId, role, who, label) => post(t, "update-member-role", { memberId, role }, { who, label });
    await set(bob.member, "boss", "clerk", "boss by a clerk");
    await set(bob.member, "owner", "clerk", "owner by a clerk");
    await set(id, "guest", "clerk", "the boss by a clerk");
    await set(id, "guest", "ada", "the last boss's own");
    await set(bob.member, "boss", "ada", "a second boss");
    await set(id, "owner", "ada", "one of two bosses' own");
  },

  "organization other roles: the last creator leaves": async (t) => {
    const { acme } = await founded(t);
    const owner = await joined(t, acme, "bob", "owner");
    await post(t, "leave", { organizationId: acme.id });
    await post(t, "leave", { organizationId: acme.id }, { who: "bob", label: "an owner, who is no creator" });
    await person(t, "cy");
    await create(t, { slug: "cys" }, { who: "cy" });
    await post(t, "remove-member", { memberIdOrEmail: owner.email });
  },
};
