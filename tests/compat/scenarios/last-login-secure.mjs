// The method of the last sign-in over HTTPS.
export const profile = "last-login-secure";

export default {
  "last login over HTTPS: a sign-up and a sign-in": async (t) => {
    await t.signUp();
    await t.signIn("ada", { body: { rememberMe: false } });
    await t.post("/sign-out");
  },
};
