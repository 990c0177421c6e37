// Administrators with the session cookie cache.
import { administrator, banned, both, get, impersonate, post, stop } from "../support/admin.mjs";

export const profile = "admin-cached";

export default {
  "admin cached: an impersonation": async (t) => {
    const bob = await both(t);
    await impersonate(t, bob);
    await t.get("/get-session", { jar: "root" });
    await t.get("/list-sessions", { jar: "root" });
    await stop(t);
    await t.get("/get-session", { jar: "root", label: "the administrator" });
  },

  "admin cached: an impersonation by an administrator that is not remembered": async (t) => {
    const bob = await both(t);
    await t.signIn("root", { jar: "root", body: { rememberMe: false } });
    await impersonate(t, bob);
    await stop(t);
    await t.get("/get-session", { jar: "root" });
  },

  "admin cached: a role that is new": async (t) => {
    await both(t);
    await t.get("/get-session", { jar: "root" });
    await get(t, "list-users", { sortBy: "email" });
    await t.get("/get-session?disableCookieCache=true", { jar: "root", label: "read again" });
    await get(t, "list-users", { sortBy: "email" }, "with the new cookie cache");
  },

  "admin cached: a role that is gone": async (t) => {
    await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    await t.sql(`update "user" set role = 'user'`);
    await get(t, "list-users", { sortBy: "email" });
  },

  "admin cached: a ban": async (t) => {
    const bob = await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    await post(t, "ban-user", { userId: bob });
    await t.get("/get-session", { jar: "bob" });
    await t.get("/get-session?disableCookieCache=true", { jar: "bob", label: "without the cookie cache" });
  },

  "admin cached: a ban by another program": async (t) => {
    await administrator(t, "bob");
    await banned(t, "bob");
    await t.get("/get-session", { jar: "bob" });
  },

  "admin cached: a session that is revoked": async (t) => {
    const bob = await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    await post(t, "revoke-user-sessions", { userId: bob });
    await t.get("/get-session", { jar: "bob" });
  },

  "admin cached: a sign-up": async (t) => {
    await t.signUp("bob", { jar: "bob" });
    await t.get("/get-session", { jar: "bob" });
    await t.post("/update-user", { name: "B" }, { jar: "bob" });
    await t.get("/get-session", { jar: "bob", label: "afterwards" });
  },
};
