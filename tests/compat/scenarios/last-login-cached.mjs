// The stored method of the last sign-in with the session cookie cache.
export const profile = "last-login-cached";

export default {
  "last login cached: a sign-up and a sign-in": async (t) => {
    await t.signUp();
    await t.get("/get-session");
    await t.sql(`update "user" set "lastLoginMethod" = 'google'`);
    await t.get("/get-session", { label: "from the cache" });
    await t.get("/get-session?disableCookieCache=true", { label: "from the database" });
    await t.signIn();
    await t.get("/get-session", { label: "after a sign-in" });
    await t.post("/update-user", { name: "Ada" });
  },
};
