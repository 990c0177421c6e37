// Configured lifetimes of links.
export const profile = "short-links";

export default {
  "short links: lifetimes": async (t) => {
    await t.signUp();
    await t.post("/request-password-reset", { email: "ada@example.com" });
    await t.message("ada@example.com");
    await t.post("/send-verification-email", { email: "ada@example.com" });
    await t.message("ada@example.com");
    await t.post("/change-email", { newEmail: "new@example.com" });
    await t.message("new@example.com");
    await t.post("/delete-user");
    await t.message("ada@example.com");
  },
};
