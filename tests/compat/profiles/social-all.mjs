// The option sets with providers, by name.
import { derived } from "./derived.mjs";
import { genericOAuth } from "./generic-oauth.mjs";
import {
  accounts,
  linking,
  oneTap,
  providers,
  social,
  socialLinking,
  socialOptions,
  socialOverride,
  socialSignUp,
} from "./social.mjs";

const ERRORS = "http://localhost:5173/problem?from=auth";
const COOKIE = [{ storeStateStrategy: "cookie" }, { store_state_strategy: "cookie" }];
const ENCRYPTED = [{ encryptOAuthTokens: true }, { encrypt_oauth_tokens: true }];
const ACCOUNT_COOKIE = [{ storeAccountCookie: true }, { store_account_cookie: true }];
const ONE_TAP_OPTIONS = [
  { disableSignup: true, clientId: "tap-id" },
  { disable_signup: true, client_id: "tap-id" },
];

/** @param {object} bases the option sets that these are derived from */
export function socialProfiles({ plain, core, verified, cached, twoFactor }) {
  const base = social(core);
  const generic = genericOAuth(base);
  return {
    social: base,
    "social-cookie": accounts(base, ...COOKIE),
    "social-linking": socialLinking(base),
    "social-linking-off": linking(base, { enabled: false }, { enabled: false }),
    "social-implicit-off": linking(base, { disableImplicitLinking: true }, { disable_implicit_linking: true }),
    "social-encrypted": socialLinking(accounts(base, ...ENCRYPTED)),
    "social-account-cookie": accounts(social(cached), ...ACCOUNT_COOKIE),
    "social-account-cookie-encrypted": accounts(accounts(base, ...ACCOUNT_COOKIE), ...ENCRYPTED),
    "social-override": socialOverride(base),
    "social-sign-up": socialSignUp(base),
    "social-keep-tokens": accounts(base, { updateAccountOnSignIn: false }, { update_account_on_sign_in: false }),
    "social-options": socialOptions(base),
    "social-verified": social(verified),
    "social-required": derived(base, {
      reference: { emailAndPassword: { requireEmailVerification: true } },
      ours: { email_and_password: { require_email_verification: true } },
    }),
    "social-cached": social(cached),
    "social-two-factor": twoFactor(base),
    "social-error-url": derived(genericOAuth(base), {
      reference: { onAPIError: { errorURL: ERRORS } },
      ours: { on_api_error: { error_url: ERRORS } },
    }),
    "social-secure": derived(social(plain), {
      baseURL: "https://auth.example.com",
      ours: { advanced: { use_secure_cookies: true } },
    }),
    "social-without-id-tokens": providers(
      base,
      ["google", "microsoft", "facebook"],
      { disableIdTokenSignIn: true },
      { disable_id_token_sign_in: true },
    ),
    generic,
    "generic-cookie": accounts(generic, ...COOKIE),
    "one-tap": oneTap(base),
    "one-tap-options": oneTap(base, ...ONE_TAP_OPTIONS),
    "one-tap-linking-off": oneTap(linking(base, { enabled: false }, { enabled: false })),
    "one-tap-trusted": oneTap(socialLinking(base)),
  };
}
