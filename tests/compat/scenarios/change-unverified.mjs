// A user whose address is not verified changes it at once.
export const profile = "change-unverified";

const ROUTE = "/change-email";
const NEW = { newEmail: "new@example.com" };

export default {
  "change email at once: good": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: "b" });
    await t.post(ROUTE, { ...NEW, callbackURL: "/done" });
    const { url } = await t.message("new@example.com");
    await t.get("/get-session");
    await t.get("/get-session", { jar: "b", label: "the other session" });
    await t.follow(url, { jar: null });
    await t.get("/get-session", { label: "verified" });
  },

  "change email at once: not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.post(ROUTE, NEW);
    await t.message("new@example.com");
  },

  "change email at once: a link to the old address": async (t) => {
    await t.signUp();
    await t.post("/send-verification-email", { email: "ada@example.com" });
    const { url } = await t.message("ada@example.com");
    await t.post(ROUTE, NEW);
    await t.message("new@example.com");
    await t.follow(url);
  },

  "change email at once: another user's address": async (t) => {
    await t.signUp("bob", { jar: null });
    await t.signUp();
    await t.post(ROUTE, { newEmail: "bob@example.com" });
    await t.silence();
  },

  "change email at once: a verified address is confirmed first": async (t) => {
    await t.signUp();
    await t.sql(`update "user" set "emailVerified" = true`);
    await t.post(ROUTE, NEW);
    await t.message("ada@example.com");
    await t.post(ROUTE, { newEmail: "ada@example.com" }, { label: "the same" });
  },
};
