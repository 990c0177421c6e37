// The cookie of the method of the last sign-in, with custom names and attributes of cookies.
export const profile = "last-login-cookies";

export default {
  "last login with custom cookies: a sign-up and a sign-in": async (t) => {
    await t.signUp();
    await t.signIn("ada", { body: { rememberMe: false } });
    await t.post("/sign-out");
  },
};
