// The method of the last sign-in of a deployment whose sign-ups do not sign in.
export const profile = "last-login-quiet";

export default {
  "last login quiet: a sign-up and a sign-in": async (t) => {
    await t.signUp();
    await t.signUp("ada", { label: "again" });
    await t.signIn();
    await t.get("/get-session");
  },
};
