// HTTPS: other names and attributes of cookies.
export const profile = "secure";

export default {
  "secure: cookies": async (t) => {
    await t.signUp();
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b", body: { rememberMe: false } });
    await t.get("/get-session", { jar: "b" });
    await t.age("2 days");
    await t.get("/get-session", { label: "renewed" });
    await t.post("/update-user", { name: "Ada" });
    await t.post("/change-password", {
      currentPassword: "password1234",
      newPassword: "password5678",
      revokeOtherSessions: true,
    });
    await t.post("/sign-out");
  },

  "secure: a cookie of another name": async (t) => {
    await t.signUp();
    const [[name, good]] = t.jar();
    await t.get("/get-session", { headers: { cookie: `${name.replace("__Secure-", "")}=${good}` } });
  },

  "secure: origins": async (t) => {
    await t.signUp();
    for (const origin of ["http://auth.example.com", "https://auth.example.com:443", "https://AUTH.example.com"])
      await t.post("/sign-out", {}, { headers: { origin }, label: origin });
  },
};
