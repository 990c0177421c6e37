// Captchas at routes whose paths contain those of Better Auth's endpoints.
import { SIGN_IN, signedUp, solving } from "../support/captchas.mjs";

export const profile = "captcha-email-otp";

export default {
  "captcha: a sign-in by a code": async (t) => {
    await signedUp(t);
    await t.sql(`update "user" set "emailVerified" = true`);
    await t.post("/email-otp/send-verification-otp", { email: SIGN_IN.email, type: "sign-in" }, { jar: null });
    const { code } = await t.message(SIGN_IN.email);
    await t.post("/sign-in/email-otp", { email: SIGN_IN.email, otp: "wrong" }, { jar: "b", label: "missing" });
    await t.post("/sign-in/email-otp", { email: SIGN_IN.email, otp: code }, solving("solved", { jar: "b", label: "solved" }));
  },

  "captcha: a code that resets a password": async (t) => {
    await signedUp(t);
    for (const path of ["/email-otp/request-password-reset", "/forget-password/email-otp"]) {
      await t.post(path, { email: SIGN_IN.email }, { jar: null, label: `${path}: missing` });
      await t.post(path, { email: SIGN_IN.email }, solving("solved", { jar: null, label: `${path}: solved` }));
    }
    await t.post("/email-otp/send-verification-otp", { email: SIGN_IN.email, type: "forget-password" }, { jar: null });
  },
};
