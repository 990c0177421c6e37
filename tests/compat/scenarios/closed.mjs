// Sign-up is disabled.
export const profile = "closed";

export default {
  "closed: sign-up": async (t) => {
    await t.signUp();
    await t.post("/sign-up/email", {});
    await t.signUp("ada", { body: { password: "short" } });
    await t.signIn();
  },
};
