// Captchas of each provider. The services are simulated.
import { CAPTCHAS } from "../support/check-services.mjs";
import { derived } from "./derived.mjs";
import { emailOtp } from "./email-otp.mjs";
import { PROVIDERS } from "./social.mjs";

const SECRET = "captcha-secret";

/** `base` with captchas of a provider. */
function captcha(base, provider, reference = {}, ours = {}) {
  return derived(base, {
    reference: { plugins: { captcha: { provider, secretKey: SECRET, ...reference } } },
    ours: {
      plugins: {
        captcha: {
          provider,
          secret_key: SECRET,
          site_verify_url_override: `${PROVIDERS}/${CAPTCHAS[provider]}`,
          allowed_hosts: ["127.0.0.1"],
          timeout: 10,
          ...ours,
        },
      },
    },
  });
}

/** By name. */
export function captchaProfiles({ core, limited }) {
  return {
    captcha: captcha(core, "cloudflare-turnstile"),
    "captcha-recaptcha": captcha(core, "google-recaptcha"),
    "captcha-score": captcha(core, "google-recaptcha", { minScore: 0.7 }, { min_score: 0.7 }),
    "captcha-hcaptcha": captcha(core, "hcaptcha", { siteKey: "site" }, { site_key: "site" }),
    "captcha-without-site": captcha(core, "hcaptcha"),
    "captcha-captchafox": captcha(core, "captchafox", { siteKey: "site" }, { site_key: "site" }),
    "captcha-endpoints": captcha(
      core,
      "captchafox",
      { endpoints: ["/sign-in/email", "/update-user"] },
      { endpoints: ["/sign-in/email", "/update-user"] },
    ),
    "captcha-email-otp": captcha(emailOtp(core), "cloudflare-turnstile"),
    "captcha-limited": captcha(limited, "cloudflare-turnstile"),
  };
}
