// Roles that organizations define themselves, without statements in the configuration.
import { founded, joined, post, read } from "../support/organizations.mjs";

export const profile = "organization-no-statements";

export default {
  "organization roles: without statements": async (t) => {
    const { acme } = await founded(t);
    const grant = { team: ["create"] };
    await post(t, "create-role", { role: "editor", permission: grant });
    await post(
      t,
      "create-role",
      { role: "owner", permission: { x: [] }, organizationId: "x" },
      { label: "everything wrong" },
    );
    await post(t, "create-role", {}, { label: "nothing" });
    await post(t, "create-role", {}, { label: "nothing, no session", jar: null });
    await post(t, "update-role", { roleName: "editor", data: {} });
    await post(t, "delete-role", { roleName: "editor" });
    await read(t, "list-roles");
    await read(t, "get-role", { roleName: "editor" });
    await joined(t, acme, "bob", "member");
    await read(t, "list-roles", { organizationId: acme.id }, { who: "bob" });
  },
};
