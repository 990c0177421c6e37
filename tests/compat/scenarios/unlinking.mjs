// All accounts may be unlinked, in sessions of any age.
export const profile = "unlinking";

export default {
  "unlinking: the last account, in an old session": async (t) => {
    await t.signUp();
    await t.sql(`update session set "createdAt" = now() - interval '3 days', "updatedAt" = now() - interval '2 days'`);
    await t.post("/unlink-account", { providerId: "credential" });
    await t.get("/list-accounts");
    await t.signIn("ada", { jar: "b" });
  },
};
