// The method of the last sign-in with another value for every option.
export const profile = "last-login-options";

export default {
  "last login options: a sign-up and a sign-in": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: "b", body: { rememberMe: false } });
    await t.get("/get-session");
    await t.post("/sign-out");
  },
};
