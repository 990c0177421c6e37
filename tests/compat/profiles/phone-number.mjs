// Phone numbers, with the default options and with others.
import { admin } from "./admin.mjs";
import { derived } from "./derived.mjs";
import { fields } from "./fields.mjs";
import { twoFactor } from "./two-factor.mjs";

/** The format of the option `format = "e164"`. */
const E164 = /^\+[1-9]\d{1,14}$/;

/** `base` with phone numbers. */
export function phoneNumber(base, reference = {}, ours = {}) {
  return derived(base, {
    messages: [...(base.messages ?? []), "phone-otp", "phone-reset"],
    reference: { plugins: { phoneNumber: reference } },
    ours: { plugins: { phone_number: ours } },
  });
}

/** `base` with another value for every option of codes, and a format of numbers. */
function phoneNumberOptions(base) {
  return phoneNumber(
    base,
    { otpLength: 8, expiresIn: 1200, allowedAttempts: 5, phoneNumberValidator: (number) => E164.test(number) },
    { otp_length: 8, expires_in: 1200, allowed_attempts: 5, format: "e164" },
  );
}

/** `base` with sign-up by a phone number. */
function phoneNumberSignUp(base) {
  const getTempEmail = (number) => `${number}@phone.example.com`;
  const getTempName = (number) => `User ${number}`;
  return phoneNumber(
    base,
    { signUpOnVerification: { getTempEmail, getTempName } },
    { sign_up_on_verification: { temp_email: "{phone_number}@phone.example.com", temp_name: "User {phone_number}" } },
  );
}

/** @param given the profiles on which these are based */
export function phoneNumbers({ plain, core, cached, limited, shared }) {
  const revoking = derived(core, {
    reference: { emailAndPassword: { revokeSessionsOnPasswordReset: true } },
    ours: { email_and_password: { revoke_sessions_on_password_reset: true } },
  });
  const required = [{ requireVerification: true }, { require_verification: true }];
  return {
    "phone-number": phoneNumber(core),
    "phone-number-options": phoneNumberOptions(revoking),
    "phone-number-sign-up": phoneNumberSignUp(core),
    "phone-number-fields": phoneNumberSignUp(fields(cached)),
    "phone-number-required": phoneNumber(core, ...required),
    "phone-number-guarded": phoneNumberSignUp(admin(twoFactor(core))),
    "phone-number-cached": phoneNumber(cached),
    "phone-number-limited": phoneNumber(limited),
    "phone-number-silent": derived(plain, {
      reference: { plugins: { phoneNumber: {} } },
      ours: { plugins: { phone_number: {} } },
    }),
    "shared-phone-number": derived(phoneNumberSignUp(core), shared),
  };
}
