// Roles that organizations define themselves.
import { requestChecks, session } from "../support/guards.mjs";
import { NO_ID, NO_TEXT, create, each, invite, person, post, read, role, staffed } from "../support/organizations.mjs";

export const profile = "organization-roles";

const CREATE = "create-role";
const UPDATE = "update-role";
const DELETE = "delete-role";
const GRANT = { project: ["create"] };

/** An admin, a member and a reader. */
const STAFF = { bob: "member", cy: "admin", dan: "reader" };

const may = (t, permissions, who, label) => post(t, "has-permission", { permissions }, { who, label });

export default {
  ...requestChecks(`/organization/${CREATE}`, { role: "editor", permission: GRANT }),
  ...session("POST", `/organization/${CREATE}`, { role: "editor", permission: GRANT }),
  ...session("POST", `/organization/${UPDATE}`, { roleName: "editor", data: {} }),
  ...session("POST", `/organization/${DELETE}`, { roleName: "editor" }),
  ...session("GET", "/organization/list-roles"),
  ...session("GET", "/organization/get-role?roleName=editor"),

  "organization roles: one is created": async (t) => {
    const { bob } = await staffed(t, STAFF);
    const editor = await role(t, "editor", { project: ["create", "update"], sale: [], ac: ["read"] });
    await read(t, "list-roles");
    await read(t, "get-role", { roleName: "editor" });
    await read(t, "get-role", { roleId: editor.id });
    await post(t, "update-member-role", { memberId: bob.member, role: "editor" });
    for (const permissions of [{ project: ["update"] }, { project: ["share"] }, { sale: ["create"] }, { ac: ["read"] }])
      await may(t, permissions, "bob", JSON.stringify(permissions));
    await post(t, "update-member-role", { memberId: bob.member, role: ["member", "editor"] }, { label: "two roles" });
    await may(t, { project: ["update"] }, "bob", "with two roles");
    await may(t, { project: ["update"], ac: ["read"] }, "bob", "two resources");
  },

  "organization roles: names": async (t) => {
    await staffed(t, STAFF);
    for (const name of ["Editor", "editor", "EDITOR", "a b", "ä", "x".repeat(200), "a-b_c.1"])
      await role(t, name, GRANT, { label: `role "${name.slice(0, 12)}"` });
    await read(t, "list-roles");
  },

  "organization roles: an empty name": async (t) => {
    await staffed(t, STAFF);
    await role(t, "", GRANT);
  },

  "organization roles: names with a comma": async (t) => {
    await staffed(t, STAFF);
    for (const name of ["a,b", ",", "member,owner"]) await role(t, name, GRANT, { label: `role "${name}"` });
  },

  "organization roles: names with spaces around them": async (t) => {
    await staffed(t, STAFF);
    for (const name of [" ", " editor ", " owner"]) await role(t, name, GRANT, { label: `role "${name}"` });
  },

  "organization roles: names that are taken": async (t) => {
    await staffed(t, STAFF);
    await role(t);
    for (const name of ["owner", "admin", "member", "reader", "OWNER", "editor"])
      await role(t, name, GRANT, { label: name });
  },

  "organization roles: permissions": async (t) => {
    await staffed(t, STAFF);
    for (const [index, permission] of [
      {},
      { project: [] },
      { project: ["create", "create"] },
      { project: ["create"], sale: ["delete"] },
      { unknown: ["create"] },
      { unknown: [] },
      { project: ["create"], unknown: ["x"] },
      { project: ["unknown"] },
      { organization: ["delete"], ac: ["create", "read", "update", "delete"] },
    ].entries())
      await role(t, `role-${index}`, permission, { label: JSON.stringify(permission) });
    await read(t, "list-roles");
  },

  "organization roles: more than the caller has": async (t) => {
    await staffed(t, STAFF);
    for (const [index, permission] of [
      { project: ["create"] },
      { project: ["share"] },
      { project: ["create", "share", "delete"], sale: ["create", "delete"] },
      { organization: ["delete"] },
      { project: ["unknown"] },
      { unknown: ["x"] },
    ].entries())
      await role(t, `role-${index}`, permission, { who: "cy", label: JSON.stringify(permission) });
    const editor = await role(t);
    for (const permission of [{ project: ["update"] }, { project: ["share"] }, { organization: ["update", "delete"] }])
      await post(
        t,
        UPDATE,
        { roleId: editor.id, data: { permission } },
        { who: "cy", label: JSON.stringify(permission) },
      );
  },

  "organization roles: by members": async (t) => {
    const { acme } = await staffed(t, {
      bob: "member",
      cy: "admin",
      dan: "reader",
      eve: "unknown",
      fay: "member,admin",
    });
    await person(t, "ian");
    const organizationId = acme.id;
    await role(t);
    for (const who of ["bob", "cy", "dan", "eve", "fay", "ian"]) {
      await post(t, CREATE, { role: `by-${who}`, permission: GRANT, organizationId }, { who, label: `by ${who}` });
      await read(t, "list-roles", { organizationId }, { who, label: `by ${who}` });
      await read(t, "get-role", { organizationId, roleName: "editor" }, { who, label: `by ${who}` });
      await post(
        t,
        UPDATE,
        { organizationId, roleName: "editor", data: { permission: {} } },
        { who, label: `by ${who}` },
      );
      await post(t, DELETE, { organizationId, roleName: `by-${who}` }, { who, label: `by ${who}` });
    }
  },

  "organization roles: without an active organization": async (t) => {
    await person(t);
    await role(t);
    await post(t, UPDATE, { roleName: "editor", data: {} });
    await post(t, DELETE, { roleName: "editor" });
    await read(t, "list-roles");
    await read(t, "get-role", { roleName: "editor" });
    for (const organizationId of [NO_ID, ""]) {
      await post(t, CREATE, { role: "editor", permission: GRANT, organizationId }, { label: `id "${organizationId}"` });
      await post(t, UPDATE, { roleName: "editor", data: {}, organizationId }, { label: `id "${organizationId}"` });
      await post(t, DELETE, { roleName: "editor", organizationId }, { label: `id "${organizationId}"` });
      await read(t, "list-roles", { organizationId }, { label: `id "${organizationId}"` });
      await read(t, "get-role", { roleName: "editor", organizationId }, { label: `id "${organizationId}"` });
    }
  },

  "organization roles: the order of checks": async (t) => {
    const { acme } = await staffed(t, STAFF);
    await person(t, "ian");
    const organizationId = acme.id;
    await post(
      t,
      CREATE,
      { role: "owner", permission: { unknown: ["x"] }, organizationId },
      { who: "ian", label: "no member, taken, invalid" },
    );
    await post(
      t,
      CREATE,
      { role: "new", permission: { unknown: ["x"] } },
      { who: "bob", label: "no permission, invalid" },
    );
    await role(t);
    await role(t, "editor", { unknown: ["x"] }, { label: "taken by a row, invalid" });
    await role(t, "editor", { project: ["share"] }, { who: "cy", label: "taken by a row, more than the caller has" });
    await post(
      t,
      UPDATE,
      { roleName: "none", data: { permission: { unknown: ["x"] } } },
      { label: "unknown, invalid" },
    );
    await post(
      t,
      UPDATE,
      { roleName: "editor", data: { roleName: "owner", permission: { unknown: ["x"] } } },
      { label: "taken, invalid" },
    );
  },

  "organization roles: those of other organizations": async (t) => {
    const { acme } = await staffed(t, STAFF);
    const editor = await role(t);
    await person(t, "ian");
    await create(t, { slug: "ians" }, { who: "ian" });
    await read(t, "get-role", { roleId: editor.id }, { who: "ian" });
    await read(t, "get-role", { roleName: "editor" }, { who: "ian" });
    await read(t, "list-roles", {}, { who: "ian" });
    await post(t, UPDATE, { roleId: editor.id, data: { roleName: "new" } }, { who: "ian" });
    await post(t, DELETE, { roleId: editor.id }, { who: "ian" });
    await post(
      t,
      DELETE,
      { roleId: editor.id, organizationId: acme.id },
      { who: "ian", label: "with the organization" },
    );
    await role(t, "editor", GRANT, { who: "ian", label: "the same name" });
    await read(t, "list-roles");
  },

  "organization roles: invitations with them": async (t) => {
    await staffed(t, { cy: "admin" });
    await role(t);
    for (const [index, granted] of [
      "editor",
      ["editor", "member"],
      "editor,writer",
      "Editor",
      "reader",
      "boss",
    ].entries())
      await invite(t, `user${index}@example.com`, { role: granted }, { label: `role ${granted}` });
    for (const { email } of await t.sql("select email from invitation")) await t.message(email, "a message");
  },

  "organization roles: members with the role of another organization": async (t) => {
    const { acme, bob } = await staffed(t, STAFF);
    const other = await create(t, { slug: "other" });
    await role(t, "editor", { project: ["share"] });
    await post(t, "update-member-role", { organizationId: acme.id, memberId: bob.member, role: "editor" });
    await may(t, { project: ["share"] }, "bob");
    await post(
      t,
      "has-permission",
      { organizationId: other.id, permissions: { project: ["share"] } },
      { who: "bob", label: "there" },
    );
  },

  "organization roles: a row with the name of a role of the configuration": async (t) => {
    const { acme } = await staffed(t, STAFF);
    await t.sql(
      `insert into "organizationRole" (id, "organizationId", role, permission, "createdAt") values ('row', $1, 'member', $2, now())`,
      [acme.id, JSON.stringify({ project: ["share"] })],
    );
    await may(t, { project: ["share"] }, "bob");
    await read(t, "get-role", { roleName: "member" });
    await post(t, DELETE, { roleName: "member" });
    await post(t, DELETE, { roleId: "row" }, { label: "by id" });
  },

  "organization roles: a row that cannot be read": async (t) => {
    const { acme } = await staffed(t, STAFF);
    await t.sql(
      `insert into "organizationRole" (id, "organizationId", role, permission, "createdAt") values ('row', $1, 'editor', '{"project":"x"}', now())`,
      [acme.id],
    );
    await may(t, { project: ["create"] }, "bob");
  },

  "organization roles: values of wrong types": async (t) => {
    await staffed(t, STAFF);
    await each(t, CREATE, [
      {},
      { role: "x" },
      { permission: GRANT },
      { role: 1, permission: GRANT },
      { role: "x", permission: "x" },
      { role: "x", permission: [] },
      { role: "x", permission: null },
      { role: "x", permission: { project: "create" } },
      { role: "x", permission: { project: [1] } },
      { role: "x", permission: GRANT, organizationId: 1 },
      { role: "x", permission: GRANT, additionalFields: 1 },
      { role: "y", permission: GRANT, additionalFields: { unknown: 1 } },
    ]);
    await each(t, UPDATE, [
      {},
      { roleName: "x" },
      { data: {} },
      { roleName: "", data: {} },
      { roleName: 1, data: {} },
      { roleId: "", data: {} },
      { roleId: 1, data: {} },
      { roleName: "", roleId: NO_ID, data: {} },
      { roleName: "x", roleId: NO_ID, data: {} },
      { roleName: "x", data: { permission: 1 } },
      { roleName: "x", data: { roleName: 1 } },
      { roleName: "x", data: null },
    ]);
    await each(t, DELETE, [
      {},
      { roleName: "" },
      { roleId: "" },
      { roleName: 1 },
      { roleId: null },
      { roleName: "x", organizationId: 1 },
    ]);
    for (const query of [
      {},
      { roleName: "" },
      { roleId: "" },
      { roleName: "x", roleId: "x" },
      { roleName: "x" },
      { roleId: NO_ID },
    ])
      await read(t, "get-role", query, { label: JSON.stringify(query) });
    for (const organizationId of Object.values(NO_TEXT))
      await post(t, CREATE, { role: "x", permission: GRANT, organizationId }, { label: `id ${organizationId}` });
  },
};
