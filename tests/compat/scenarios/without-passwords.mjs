// Sign-in with an address and a password is disabled.
export const profile = "without-passwords";

export default {
  "without passwords: every route": async (t) => {
    await t.signUp();
    await t.signIn();
    await t.post("/sign-in/email", {});
    await t.post("/change-password", { currentPassword: "password1234", newPassword: "password5678" });
    await t.post("/verify-password", { password: "password1234" });
    await t.get("/get-session");
    await t.post("/sign-out");
  },
};
