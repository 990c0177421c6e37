// The method of the last sign-in of a deployment that requires verified addresses.
export const profile = "last-login-verified";

export default {
  "last login verified: a sign-up, and its link": async (t) => {
    await t.signUp();
    const { url } = await t.message("ada@example.com");
    await t.signIn("ada", { label: "too early" });
    await t.message("ada@example.com", "another link");
    await t.follow(url);
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b" });
  },
};
