// Changes and deletion of roles that organizations define themselves.
import { invite, person, post, read, role, staffed } from "../support/organizations.mjs";

export const profile = "organization-roles";

const UPDATE = "update-role";
const DELETE = "delete-role";
const GRANT = { project: ["create"] };

/** An admin, a member and a reader. */
const STAFF = { bob: "member", cy: "admin", dan: "reader" };

const may = (t, permissions, who, label) => post(t, "has-permission", { permissions }, { who, label });

export default {
  "organization roles: changed": async (t) => {
    await staffed(t, { bob: "editor" });
    const editor = await role(t);
    await post(t, UPDATE, { roleName: "editor", data: { permission: { sale: ["create"] } } }, { label: "permission" });
    await may(t, { sale: ["create"] }, "bob", "the new permission");
    await may(t, GRANT, "bob", "the old permission");
    await post(t, UPDATE, { roleId: editor.id, data: { roleName: "Writer" } }, { label: "name" });
    await may(t, { sale: ["create"] }, "bob", "under the old name");
    await post(t, UPDATE, { roleName: "writer", data: { roleName: "author", permission: GRANT } }, { label: "both" });
    await read(t, "list-roles");
  },

  "organization roles: changed to nothing": async (t) => {
    await staffed(t, STAFF);
    await role(t);
    await post(t, UPDATE, { roleName: "editor", data: {} });
    await post(t, UPDATE, { roleName: "editor", data: { permission: {} } }, { label: "no permission" });
    await post(t, UPDATE, { roleName: "editor", data: { roleName: "" } }, { label: "an empty name" });
    await post(t, UPDATE, { roleName: "editor", data: { unknown: 1 } }, { label: "unknown members" });
  },

  "organization roles: changed to names that are taken": async (t) => {
    await staffed(t, STAFF);
    await role(t);
    await role(t, "writer");
    for (const roleName of ["writer", "WRITER", "owner", "Reader"])
      await post(t, UPDATE, { roleName: "editor", data: { roleName } }, { label: roleName });
    await post(t, UPDATE, { roleName: "editor", data: { roleName: "a,b" } }, { label: "a comma" });
  },

  "organization roles: changed to its own name": async (t) => {
    await staffed(t, STAFF);
    await role(t);
    await post(t, UPDATE, { roleName: "editor", data: { roleName: "editor", permission: GRANT } });
  },

  "organization roles: deleted": async (t) => {
    const { bob } = await staffed(t, { bob: "member" });
    const editor = await role(t);
    await role(t, "writer");
    await post(t, "update-member-role", { memberId: bob.member, role: ["member", "editor"] });
    await post(t, DELETE, { roleName: "editor" }, { label: "one that a member has" });
    await post(t, DELETE, { roleId: editor.id }, { label: "one that a member has, by id" });
    await post(t, "update-member-role", { memberId: bob.member, role: "editor-in-chief" });
    await post(t, DELETE, { roleId: editor.id }, { label: "by id" });
    await post(t, DELETE, { roleName: "Writer" }, { label: "in capitals" });
    await post(t, DELETE, { roleName: "writer" }, { label: "by name" });
    await post(t, DELETE, { roleName: "writer" }, { label: "again" });
    for (const roleName of ["owner", "reader"]) await post(t, DELETE, { roleName }, { label: roleName });
    await read(t, "list-roles");
  },

  "organization roles: one that an invitation grants is deleted": async (t) => {
    await staffed(t, {});
    await role(t);
    await person(t, "new");
    const { id } = await invite(t, "new@example.com", { role: "editor" });
    await t.message("new@example.com");
    await post(t, DELETE, { roleName: "editor" });
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
    await may(t, GRANT, "new");
  },
};
