// Links that live as long as the deployment says.
export const profile = "short-links";

export default {
  "short links: how long they live": async (t) => {
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
