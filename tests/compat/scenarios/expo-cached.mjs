// Cookies by deep link together with the session cookie cache.
export const profile = "expo-cached";

export default {
  "expo with a cookie cache: both cookies": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.post("/send-verification-email", { email: "ada@example.com" }, { jar: null });
    const { token } = await t.message("ada@example.com");
    await t.sql("delete from session");
    await t.get(`/verify-email?token=${token}&callbackURL=myapp://home`, { label: "follow" });
  },
};
