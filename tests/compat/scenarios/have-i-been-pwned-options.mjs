// Other routes, and another message.
import { KNOWN } from "../support/check-services.mjs";

export const profile = "have-i-been-pwned-options";

export default {
  "pwned: other routes and another message": async (t) => {
    await t.signUp("ada", { body: { password: KNOWN } });
    await t.post("/change-password", { currentPassword: KNOWN, newPassword: KNOWN });
    await t.post("/change-password", { currentPassword: KNOWN, newPassword: "password5678" }, { label: "unknown" });
    await t.post("/request-password-reset", { email: "ada@example.com", redirectTo: "/new" });
    const { token } = await t.message("ada@example.com");
    await t.post("/reset-password", { token, newPassword: KNOWN });
  },
};
