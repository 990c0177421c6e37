// The method of the last sign-in and administrators.
import { administrator, impersonate, person } from "../support/admin.mjs";

export const profile = "last-login-admin";

export default {
  "last login and admin: a user that an administrator creates": async (t) => {
    await administrator(t);
    const body = { email: "eve@example.com", password: "password1234", name: "Eve", data: { lastLoginMethod: "google" } };
    await t.post("/admin/create-user", body, { jar: "root" });
    await t.post("/admin/create-user", { ...body, email: "bob@example.com", data: {} }, { jar: "root", label: "without data" });
    await t.signIn("eve");
    await t.get("/admin/list-users?sortBy=createdAt", { jar: "root" });
  },

  "last login and admin: an impersonation": async (t) => {
    const id = await person(t, "bob");
    await administrator(t);
    await impersonate(t, id);
    await t.post("/admin/stop-impersonating", {}, { jar: "root" });
  },

  "last login and admin: a banned user": async (t) => {
    await t.signUp("bob", { jar: "bob" });
    await t.sql(`update "user" set banned = true, "lastLoginMethod" = 'google'`);
    await t.signIn("bob");
  },
};
