// The profiles of both ways to sign in by an address that the user proves: links and codes.
import { admin } from "./admin.mjs";
import { derived } from "./derived.mjs";
import { emailOtp, emailOtpOnSignUp, emailOtpOptions, emailOtpOverride } from "./email-otp.mjs";
import { fields } from "./fields.mjs";
import { magicLink, magicLinkLimit, magicLinkOptions } from "./magic-link.mjs";
import { twoFactor } from "./two-factor.mjs";

/** `base` with both, hashed. */
function hashed(base) {
  const codes = emailOtp(base, { storeOTP: "hashed" }, { store_otp: "hashed" });
  return magicLink(codes, { storeToken: "hashed" }, { store_token: "hashed" });
}

/** @param given the profiles on which these are based */
export function provenAddresses({ plain, core, verified, cached, limited, shared }) {
  const both = (base) => magicLink(emailOtp(base));
  const revoking = derived(core, {
    reference: { emailAndPassword: { revokeSessionsOnPasswordReset: true } },
    ours: { email_and_password: { revoke_sessions_on_password_reset: true } },
  });
  return {
    "magic-link": magicLink(core),
    "magic-link-options": magicLinkOptions(core),
    "magic-link-limited": magicLinkLimit(limited),
    "email-otp": emailOtp(core),
    "email-otp-options": emailOtpOptions(revoking),
    "email-otp-sign-up": emailOtpOnSignUp(core),
    "email-otp-override": emailOtpOverride(verified),
    "email-otp-limited": emailOtp(limited),
    "proven-guarded": both(admin(twoFactor(core))),
    "proven-cached": both(cached),
    "proven-verified": both(verified),
    "proven-fields": both(fields(cached)),
    "email-otp-silent": derived(plain, {
      reference: { plugins: { emailOTP: {} } },
      ours: { plugins: { email_otp: {} } },
    }),
    "shared-proven": derived(both(core), shared),
    "shared-proven-hashed": derived(hashed(core), shared),
    "shared-proven-encrypted": derived(
      magicLink(emailOtp(core, { storeOTP: "encrypted" }, { store_otp: "encrypted" })),
      shared,
    ),
  };
}
