// Resets of passwords by a code.
import { KNOWN } from "../support/check-services.mjs";

export const profile = "have-i-been-pwned-codes";

export default {
  "pwned: reset by a code": async (t) => {
    await t.signUp("ada");
    await t.post("/email-otp/send-verification-otp", { email: "ada@example.com", type: "forget-password" });
    const { code } = await t.message("ada@example.com");
    const body = { email: "ada@example.com", otp: code };
    await t.post("/email-otp/reset-password", { ...body, password: KNOWN });
    await t.post("/email-otp/reset-password", { ...body, password: "password5678" }, { label: "unknown" });
    await t.post("/sign-in/email", { email: "ada@example.com", password: "password5678" }, { jar: "b" });
  },
};
