// All features that send messages are off, and so are changes of the address and account deletion.
export default {
  "without messages: every route that sends": async (t) => {
    await t.signUp();
    await t.post("/request-password-reset", { email: "ada@example.com" });
    await t.post("/send-verification-email", { email: "ada@example.com" });
    await t.post("/change-email", { newEmail: "new@example.com" });
    await t.post("/request-password-reset", { email: "x" }, { label: "no address" });
    await t.post("/send-verification-email", { email: "x" }, { label: "no address to verify" });
    await t.post("/change-email", { newEmail: "x" }, { label: "no new address" });
    await t.post("/change-email", { newEmail: "new@example.com" }, { jar: null, label: "without a session" });
  },

  "without messages: routes that take tokens": async (t) => {
    await t.signUp();
    await t.post("/reset-password", { newPassword: "password5678", token: "x" });
    await t.get("/reset-password/x?callbackURL=%2Fa");
    await t.get("/verify-email?token=x");
  },

  "without messages: account deletion": async (t) => {
    await t.signUp();
    await t.post("/delete-user", {});
    await t.post("/delete-user", { password: 1 }, { label: "a wrong type" });
    await t.post("/delete-user", {}, { jar: null, label: "without a session" });
    await t.get("/delete-user/callback?token=x");
    await t.get("/delete-user/callback?token=x", { jar: null, label: "without a session" });
    await t.get("/delete-user/callback");
    await t.get("/delete-user/callback?token=x&callbackURL=https://evil.test", { label: "with an untrusted callback" });
  },

  "without messages: no tokens": async (t) => {
    await t.signUp();
    for (const path of ["/token", "/jwks"]) await t.get(path);
    await t.get("/get-session", { jar: null, headers: { authorization: "Bearer x" } });
  },
};
