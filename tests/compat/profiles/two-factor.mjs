// A second factor and user names, with the default options and with others.
import { derived } from "./derived.mjs";
import { username } from "./username.mjs";

const CODE = "two-factor-otp";

/** `base` with a second factor: codes of an app, codes by message, backup codes. */
export function twoFactor(base, reference = {}, ours = {}) {
  return derived(username(base), {
    messages: [...(base.messages ?? []), CODE],
    reference: { plugins: { twoFactor: reference } },
    ours: { plugins: { two_factor: ours } },
  });
}

/** `base` with another value for every option of the second factor. */
export function twoFactorOptions(base) {
  return twoFactor(
    base,
    {
      issuer: "Acme & Söhne",
      totpOptions: { digits: 8, period: 60 },
      otpOptions: { digits: 4, period: 5, allowedAttempts: 2, storeOTP: "encrypted" },
      backupCodeOptions: { amount: 4, length: 12 },
      skipVerificationOnEnable: true,
      twoFactorCookieMaxAge: 300,
      trustDeviceMaxAge: 86_400,
    },
    {
      issuer: "Acme & Söhne",
      totp_options: { digits: 8, period: 60 },
      otp_options: { digits: 4, period: 300, allowed_attempts: 2, store_otp: "encrypted" },
      backup_code_options: { amount: 4, length: 12 },
      skip_verification_on_enable: true,
      two_factor_cookie_max_age: 300,
      trust_device_max_age: 86_400,
    },
  );
}

/** `base` with backup codes only: without codes of an app, and without a sender of codes. */
export function backupCodesOnly(base) {
  return derived(username(base), {
    reference: { plugins: { twoFactor: { totpOptions: { disable: true } } } },
    ours: { plugins: { two_factor: { totp_options: { disable: true } } } },
  });
}
