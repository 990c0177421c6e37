// A sign-up does not sign the user in.
export const profile = "quiet";

export default {
  "quiet: sign-up": async (t) => {
    await t.signUp();
    await t.get("/get-session");
    await t.signIn();
    await t.get("/get-session");
  },

  "quiet: sign-up, not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false, callbackURL: "/a" } });
    await t.silence();
  },

  "quiet: sign-up of an address that is taken": async (t) => {
    await t.signUp();
    await t.signUp("ada", { body: { name: "Eve", image: "https://example.com/a.png" }, label: "again" });
    await t.silence();
  },
};
