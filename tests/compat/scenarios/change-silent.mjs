// No messages are sent: a user without a verified address changes it at once, and the new one is not verified.
export const profile = "change-silent";

const NEW = { newEmail: "new@example.com" };

export default {
  "change email in silence: good": async (t) => {
    await t.signUp();
    await t.post("/change-email", NEW);
    await t.get("/get-session");
    await t.signIn("new", { jar: "b" });
    await t.signIn("ada", { jar: "b", label: "by the old address" });
  },

  "change email in silence: not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.post("/change-email", NEW);
  },

  "change email in silence: refused": async (t) => {
    await t.signUp("bob", { jar: null });
    await t.signUp();
    await t.post("/change-email", { newEmail: "ada@example.com" }, { label: "the same" });
    await t.post("/change-email", { newEmail: "bob@example.com" }, { label: "another user's address" });
    await t.sql(`update "user" set "emailVerified" = true`);
    await t.post("/change-email", NEW, { label: "with a verified address" });
    await t.get("/get-session");
  },
};
