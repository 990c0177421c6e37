// A change is not confirmed at the old address.
export const profile = "change-unconfirmed";

export default {
  "change email without consent: good": async (t) => {
    await t.signUp();
    await t.sql(`update "user" set "emailVerified" = true`);
    await t.post("/change-email", { newEmail: "new@example.com" });
    const { token } = await t.message("new@example.com");
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
    await t.get("/get-session");
  },
};
