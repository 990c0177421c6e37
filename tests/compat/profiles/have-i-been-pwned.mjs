// New passwords are looked up in a list of compromised ones, which is simulated.
import { RANGES } from "../support/check-services.mjs";
import { derived } from "./derived.mjs";
import { emailOtp } from "./email-otp.mjs";
import { PROVIDERS } from "./social.mjs";

/** `base` with the check of new passwords. */
function pwned(base, reference = {}, ours = {}) {
  return derived(base, {
    reference: { plugins: { haveIBeenPwned: reference } },
    ours: {
      plugins: {
        have_i_been_pwned: { range_url: `${PROVIDERS}/${RANGES}`, allowed_hosts: ["127.0.0.1"], timeout: 10, ...ours },
      },
    },
  });
}

/** By name. */
export function pwnedProfiles({ core, verified, admin }) {
  return {
    "have-i-been-pwned": pwned(core),
    "have-i-been-pwned-verified": pwned(verified),
    "have-i-been-pwned-admin": pwned(admin(core)),
    "have-i-been-pwned-codes": pwned(
      emailOtp(core),
      { paths: ["/sign-up/email", "/email-otp/reset-password"] },
      { paths: ["/sign-up/email", "/email-otp/reset-password"] },
    ),
    "have-i-been-pwned-options": pwned(
      core,
      { customPasswordCompromisedMessage: "Pick another one", paths: ["/change-password"] },
      { custom_password_compromised_message: "Pick another one", paths: ["/change-password"] },
    ),
  };
}
