// Codes without a transport of messages.
import { ADA, signInByCode } from "../support/proven-addresses.mjs";

export const profile = "email-otp-silent";

export default {
  "email otp without messages: requests": async (t) => {
    await t.signUp();
    for (const type of ["sign-in", "email-verification", "forget-password"])
      await t.post("/email-otp/send-verification-otp", { email: ADA, type }, { label: type });
    await t.post("/email-otp/send-verification-otp", { email: "x", type: "sign-in" }, { label: "an invalid address" });
  },

  "email otp without messages: answers": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await signInByCode(t, "123456");
    await t.post("/email-otp/check-verification-otp", { email: ADA, type: "sign-in", otp: "123456" });
    await t.post("/email-otp/verify-email", { email: ADA, otp: "123456" });
    await t.post("/email-otp/reset-password", { email: ADA, otp: "123456", password: "password5678" });
  },

  "email otp without messages: requests for resets": async (t) => {
    await t.post("/email-otp/request-password-reset", { email: ADA });
    await t.post("/forget-password/email-otp", { email: ADA });
  },
};
