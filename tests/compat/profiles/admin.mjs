// Administrators, with the default options and with others.
import { createAccessControl } from "better-auth/plugins/access";

import { derived } from "./derived.mjs";

const STATEMENTS = {
  user: ["create", "list", "set-role", "ban", "impersonate", "delete", "set-password", "get", "update"],
  session: ["list", "revoke", "delete"],
  project: ["create", "share"],
};
const ROLES = {
  boss: STATEMENTS,
  support: { user: ["list", "get", "ban", "impersonate", "update", "create"], session: ["list"], project: ["share"] },
  writer: { user: ["set-role"], project: ["create"] },
  member: { project: [] },
};

/** `base` with administrators. */
export function admin(base, reference = {}, ours = {}) {
  return derived(base, {
    reference: { plugins: { admin: reference } },
    ours: { plugins: { admin: ours } },
  });
}

/** `base` with roles of its own, and another value for every option. */
export function adminOptions(base) {
  const access = createAccessControl(STATEMENTS);
  const roles = Object.fromEntries(Object.entries(ROLES).map(([name, own]) => [name, access.newRole(own)]));
  return admin(
    base,
    {
      ac: access,
      roles,
      defaultRole: "member",
      adminRoles: ["boss"],
      adminUserIds: ["chosen"],
      defaultBanReason: "Because",
      defaultBanExpiresIn: 3600,
      impersonationSessionDuration: 600,
      bannedUserMessage: "Go away & don't come back",
      allowImpersonatingAdmins: true,
    },
    {
      ac: STATEMENTS,
      roles: ROLES,
      default_role: "member",
      admin_roles: ["boss"],
      admin_user_ids: ["chosen"],
      default_ban_reason: "Because",
      default_ban_expires_in: 3600,
      impersonation_session_duration: 600,
      banned_user_message: "Go away & don't come back",
      allow_impersonating_admins: true,
    },
  );
}

const FIELDS = {
  nickname: { type: "string", required: false },
  age: { type: "number", required: false },
  locale: { type: "string", required: true },
  plan: { type: ["free", "paid"], required: false, default: "free" },
  credit: { type: "number", required: false, input: false, default: 10 },
  hidden: { type: "string", required: false, returned: false },
  handle: { type: "string", required: false, unique: true },
  settings: { type: "json", required: false },
  bornOn: { type: "date", required: false },
};

/** `base` with administrators, and additional fields of users. */
export function adminFields(base) {
  const fields = (name) =>
    Object.entries(FIELDS).map(([field, { default: value, ...rest }]) => [
      field,
      { ...rest, ...(value !== undefined && { [name]: value }) },
    ]);
  return derived(admin(base), {
    reference: { user: { additionalFields: Object.fromEntries(fields("defaultValue")) } },
    ours: { user: { additional_fields: Object.fromEntries(fields("default_value")) } },
  });
}
