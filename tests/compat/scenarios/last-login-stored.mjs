// The method of the last sign-in in the database.
export const profile = "last-login-stored";

const PASSWORD = "password1234";

export default {
  "last login stored: a sign-up and a sign-in": async (t) => {
    await t.signUp();
    await t.get("/get-session");
    await t.sql(`update "user" set "lastLoginMethod" = 'google'`);
    await t.signIn("ada", { jar: "b" });
    await t.get("/get-session", { jar: "b" });
    await t.sql(`update "user" set "lastLoginMethod" = null`);
    await t.signIn("ada", { jar: "c" });
  },

  "last login stored: what is refused": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    await t.sql(`update "user" set "lastLoginMethod" = 'google'`);
    await t.signIn("ada", { body: { password: "wrong-password" }, label: "a wrong password" });
    await t.signUp("ada", { label: "an address that is taken" });
    await t.get("/get-session", { jar: "ada" });
  },

  "last login stored: a sign-in by name": async (t) => {
    await t.signUp("ada", { jar: "ada", body: { username: "ada_l" } });
    await t.sql(`update "user" set "lastLoginMethod" = 'google'`);
    await t.post("/sign-in/username", { username: "ada_l", password: PASSWORD });
    await t.get("/get-session");
  },

  "last login stored: the field is the server's": async (t) => {
    for (const lastLoginMethod of ["google", null, 1, ""]) {
      const label = JSON.stringify(lastLoginMethod);
      await t.signUp(`user-${label.replace(/\W/g, "")}x`, { jar: label, body: { lastLoginMethod }, label: `sign-up ${label}` });
      await t.post("/update-user", { lastLoginMethod }, { jar: label, label: `update ${label}` });
      await t.post("/update-user", { name: "Ada", lastLoginMethod }, { jar: label, label: `update with a name ${label}` });
    }
  },

  "last login stored: what is no sign-in": async (t) => {
    await t.signUp();
    await t.sql(`update "user" set "lastLoginMethod" = 'google'`);
    await t.post("/update-user", { name: "Ada" });
    await t.post("/change-password", { currentPassword: PASSWORD, newPassword: "password5678", revokeOtherSessions: true });
    await t.post("/sign-out");
  },
};
