// Codes by mail, with the default options and with others.
import { derived } from "./derived.mjs";

/** `base` with codes by mail. */
export function emailOtp(base, reference = {}, ours = {}) {
  return derived(base, {
    messages: [...(base.messages ?? []), "email-otp"],
    reference: { plugins: { emailOTP: reference } },
    ours: { plugins: { email_otp: ours } },
  });
}

/** `base` with another value for every option of codes that does not replace a core flow. */
export function emailOtpOptions(base) {
  return emailOtp(
    base,
    { otpLength: 8, expiresIn: 1200, disableSignUp: true, allowedAttempts: 5, storeOTP: "encrypted" },
    { otp_length: 8, expires_in: 1200, disable_sign_up: true, allowed_attempts: 5, store_otp: "encrypted" },
  );
}

/** `base` with hashed codes, of which one is sent on each sign-up. */
export function emailOtpOnSignUp(base) {
  return emailOtp(
    base,
    { storeOTP: "hashed", sendVerificationOnSignUp: true },
    { store_otp: "hashed", send_verification_on_sign_up: true },
  );
}

/** `base` with codes instead of the links that verify addresses: Better Auth sends links if it has a sender of them. */
export function emailOtpOverride(base) {
  const messages = base.messages.filter((kind) => kind !== "verify-email");
  return emailOtp({ ...base, messages }, { overrideDefaultEmailVerification: true }, { override_default_email_verification: true });
}
