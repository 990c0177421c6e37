// Option sets for both servers: `reference` are Better Auth's options, `ours` is Portcullis's configuration file. Both
// servers get the profile's base URL and the same secret. They run in production mode unless `mode` is set. `messages`
// are the kinds of messages that are sent; without it, Portcullis has no delivery transport.
import { admin, adminFields, adminOptions } from "./profiles/admin.mjs";
import { anonymous, anonymousProfiles } from "./profiles/anonymous.mjs";
import { apiKey, apiKeyOptions, apiKeyPlain, apiKeySession } from "./profiles/api-key.mjs";
import { captchaProfiles } from "./profiles/captcha.mjs";
import { cookies } from "./profiles/cookies.mjs";
import { emailOtp } from "./profiles/email-otp.mjs";
import { expo } from "./profiles/expo.mjs";
import { fields } from "./profiles/fields.mjs";
import { derived } from "./profiles/derived.mjs";
import { pwnedProfiles } from "./profiles/have-i-been-pwned.mjs";
import { full } from "./profiles/full.mjs";
import { genericOAuth } from "./profiles/generic-oauth.mjs";
import { lastLogin, lastLoginProfiles } from "./profiles/last-login.mjs";
import { magicLink } from "./profiles/magic-link.mjs";
import { multiSession, multiSessionOptions } from "./profiles/multi-session.mjs";
import { oneTimeToken, oneTimeTokenClosed, oneTimeTokenOptions } from "./profiles/one-time-token.mjs";
import { organization, organizationProfiles } from "./profiles/organization.mjs";
import { passkey, passkeyOneOrigin, passkeyOptions } from "./profiles/passkey.mjs";
import { phoneNumber, phoneNumbers } from "./profiles/phone-number.mjs";
import { provenAddresses } from "./profiles/proven-addresses.mjs";
import { oneTap, social } from "./profiles/social.mjs";
import { socialProfiles } from "./profiles/social-all.mjs";
import { backupCodesOnly, twoFactor, twoFactorOptions } from "./profiles/two-factor.mjs";
import { username, usernameOptions } from "./profiles/username.mjs";

const plain = {
  baseURL: "http://localhost:3000",
  reference: {
    trustedOrigins: ["http://localhost:5173", "https://*.example.com"],
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
  },
  ours: {
    trusted_origins: ["http://localhost:5173", "https://*.example.com"],
    rate_limit: { enabled: false },
    advanced: { use_secure_cookies: false },
  },
};

const ORIGINS = [
  "http://localhost:*",
  "https://?.example.com",
  "*.example.org",
  "https://app.test:8443",
  "myapp://",
  "myapp-two://host",
  "exp://10.0.0.*:*/**",
  "dev://10.0.0.*:*/*",
  "any://*/*",
  "one://*",
  "file:///android_asset",
];

/** `plain` with every feature that sends messages. */
const mails = derived(plain, {
  messages: ["reset-password", "verify-email", "change-email"],
  reference: { user: { changeEmail: { enabled: true }, deleteUser: { enabled: true } } },
  ours: {
    email_and_password: { revoke_sessions_on_password_reset: false },
    user: { change_email: { enabled: true }, delete_user: { enabled: true } },
  },
});

/** `mails` with bearer tokens and JWTs. */
const core = derived(mails, {
  reference: { plugins: { bearer: {}, jwt: {} } },
  ours: { plugins: { bearer: {}, jwt: {} } },
});

const verified = derived(core, {
  reference: {
    emailAndPassword: { requireEmailVerification: true },
    emailVerification: { sendOnSignUp: true, sendOnSignIn: true, autoSignInAfterVerification: true },
  },
  ours: {
    email_and_password: { require_email_verification: true },
    email_verification: { send_on_sign_up: true, send_on_sign_in: true, auto_sign_in_after_verification: true },
  },
});

function cache(strategy, session = {}, oursSession = {}) {
  const options = { enabled: true, maxAge: 300, strategy, ...session };
  return derived(mails, {
    reference: { session: { cookieCache: options } },
    ours: { session: { cookie_cache: { enabled: true, max_age: 300, strategy, ...oursSession } } },
  });
}

function signedBy(alg, pair = {}, oursPair = {}) {
  return derived(core, {
    reference: { plugins: { jwt: { jwks: { keyPairConfig: { alg, ...pair } } } } },
    ours: { plugins: { jwt: { jwks: { key_pair_config: { alg, ...oursPair } } } } },
  });
}

const limited = derived(plain, {
  reference: { rateLimit: { enabled: true, window: 10, max: 20 } },
  ours: { rate_limit: { enabled: true, window: 10, max: 20 } },
});

const secure = derived(plain, {
  baseURL: "https://auth.example.com",
  ours: { advanced: { use_secure_cookies: true } },
});

const closed = derived(plain, {
  reference: { emailAndPassword: { disableSignUp: true } },
  ours: { email_and_password: { disable_sign_up: true } },
});

const quiet = derived(core, {
  reference: { emailAndPassword: { autoSignIn: false } },
  ours: { email_and_password: { auto_sign_in: false } },
});

/** `core` with every method of signing in. */
const ways = passkey(phoneNumber(magicLink(emailOtp(username(oneTap(genericOAuth(social(core))))))));

const shared = { ours: { compatibility: { shared_database: true } } };

/** By name: `baseURL`, `reference`, `ours`, `messages` and `mode`. */
export const profiles = {
  plain,
  core,
  mails,
  verified,
  cookies: cookies(cache("compact")),
  fields: fields(cache("jwe")),
  "fields-compact": derived(fields(cache("compact")), {
    reference: { plugins: { jwt: {} } },
    ours: { plugins: { jwt: {} } },
  }),

  secure,

  "short-lived": derived(plain, {
    reference: { session: { expiresIn: 7200, updateAge: 0 } },
    ours: { session: { expires_in: 7200, update_age: 0 } },
  }),

  closed,

  "without-passwords": derived(plain, {
    reference: { emailAndPassword: { enabled: false } },
    ours: { email_and_password: { enabled: false } },
  }),

  quiet,

  guarded: derived(core, {
    messages: [...core.messages, "delete-account"],
    reference: { emailAndPassword: { revokeSessionsOnPasswordReset: true } },
    ours: {
      email_and_password: { revoke_sessions_on_password_reset: true },
      user: { delete_user: { verification: true } },
    },
  }),

  "change-unverified": derived(mails, {
    reference: { user: { changeEmail: { updateEmailWithoutVerification: true } } },
    ours: { user: { change_email: { update_email_without_verification: true } } },
  }),

  "change-silent": derived(plain, {
    reference: { user: { changeEmail: { enabled: true, updateEmailWithoutVerification: true } } },
    ours: { user: { change_email: { enabled: true, update_email_without_verification: true } } },
  }),

  "change-unconfirmed": derived(mails, {
    messages: ["reset-password", "verify-email"],
    ours: { user: { change_email: { confirmation: false } } },
  }),

  unlinking: derived(plain, {
    reference: { session: { freshAge: 0 }, account: { accountLinking: { allowUnlinkingAll: true } } },
    ours: { session: { fresh_age: 0 }, account: { account_linking: { allow_unlinking_all: true } } },
  }),

  "short-links": derived(mails, {
    messages: [...mails.messages, "delete-account"],
    reference: {
      emailAndPassword: { resetPasswordTokenExpiresIn: 600 },
      emailVerification: { expiresIn: 1200 },
      user: { deleteUser: { deleteTokenExpiresIn: 1800 } },
    },
    ours: {
      email_and_password: { reset_password_token_expires_in: 600 },
      email_verification: { expires_in: 1200 },
      user: { delete_user: { verification: true, delete_token_expires_in: 1800 } },
    },
  }),

  "cache-compact": cache("compact"),
  "cache-jwt": cache("jwt"),
  "cache-jwe": cache("jwe"),
  "cache-two": cache("compact", { version: "2", maxAge: 120 }, { version: "2", max_age: 120 }),

  "jwt-es256": signedBy("ES256"),
  "jwt-es512": signedBy("ES512"),
  "jwt-rs256": signedBy("RS256"),
  "jwt-ps256": signedBy("PS256", { modulusLength: 3072 }, { modulus_length: 3072 }),

  "jwt-claims": derived(core, {
    reference: {
      plugins: {
        jwt: {
          disableSettingJwtHeader: true,
          jwks: { jwksPath: "/keys", disablePrivateKeyEncryption: true, rotationInterval: 86400 },
          jwt: {
            issuer: "https://issuer.test",
            audience: ["https://a.test", "https://b.test"],
            expirationTime: "2h",
            definePayload: ({ user: { email, createdAt } }) => ({ email, createdAt }),
            getSubject: ({ user: { email } }) => email,
          },
        },
      },
    },
    ours: {
      plugins: {
        jwt: {
          disable_setting_jwt_header: true,
          jwks: { jwks_path: "/keys", disable_private_key_encryption: true, rotation_interval: 86400 },
          jwt: {
            issuer: "https://issuer.test",
            audience: ["https://a.test", "https://b.test"],
            expiration_time: "2h",
            payload: ["email", "createdAt"],
            subject: "email",
          },
        },
      },
    },
  }),

  "bearer-signed": derived(core, {
    reference: { plugins: { bearer: { requireSignature: true } } },
    ours: { plugins: { bearer: { require_signature: true } } },
  }),

  development: { ...plain, mode: "development" },

  origins: derived(plain, { reference: { trustedOrigins: ORIGINS }, ours: { trusted_origins: ORIGINS } }),

  limited,

  shared: derived(core, {
    messages: [...core.messages, "delete-account"],
    ours: { ...shared.ours, user: { delete_user: { verification: true } } },
  }),
  "session-cache": derived(plain, {
    ours: { ...shared.ours, session_cache: { enabled: true } },
  }),
  "shared-limited": derived(mails, {
    reference: { rateLimit: { enabled: true, window: 10, max: 20, storage: "database" } },
    ours: { ...shared.ours, rate_limit: { enabled: true, window: 10, max: 20, storage: "database" } },
  }),
  "shared-compact": derived(cache("compact"), shared),
  "shared-jwt": derived(cache("jwt"), shared),
  "shared-jwe": derived(cache("jwe"), shared),
  "shared-fields": derived(fields(cache("compact")), shared),
  "shared-rotating": derived(core, {
    reference: { plugins: { jwt: { jwks: { rotationInterval: 4 } } } },
    ours: { ...shared.ours, plugins: { jwt: { jwks: { rotation_interval: 4 } } } },
  }),

  expo: expo(verified),
  "expo-cached": expo(
    derived(cache("compact"), {
      reference: { emailVerification: { autoSignInAfterVerification: true } },
      ours: { email_verification: { auto_sign_in_after_verification: true } },
    }),
  ),
  "expo-development": { ...expo(verified), mode: "development" },
  "expo-without-override": expo(
    verified,
    { disableOriginOverride: true },
    { disable_origin_override: true },
  ),

  admin: admin(core),
  "admin-options": adminOptions(core),
  "admin-cached": admin(cache("compact")),
  "admin-fields": adminFields(cache("jwe")),
  "admin-social": admin(social(core)),
  "admin-two-factor": admin(twoFactor(core)),

  username: username(core),
  "username-options": usernameOptions(core),
  "username-verified": username(verified),
  "username-limited": username(limited),

  "two-factor": twoFactor(core),
  "two-factor-options": twoFactorOptions(core),
  "two-factor-backup-codes": backupCodesOnly(plain),
  "two-factor-verified": twoFactor(verified),
  "two-factor-cached": twoFactor(
    cache("compact"),
    { otpOptions: { storeOTP: "hashed" } },
    { otp_options: { store_otp: "hashed" } },
  ),
  "two-factor-limited": twoFactor(limited),
  "shared-admin": derived(admin(core), shared),
  "shared-two-factor": derived(twoFactor(core), shared),
  // "shared" and "shared-two-factor" in one.
  adopted: derived(twoFactor(core), {
    messages: [...core.messages, "two-factor-otp", "delete-account"],
    ours: { ...shared.ours, user: { delete_user: { verification: true } } },
  }),

  "multi-session": multiSession(core),
  "multi-session-options": multiSessionOptions(core),
  "multi-session-cached": multiSession(cache("compact")),
  "multi-session-admin": multiSession(admin(core)),
  "multi-session-two-factor": multiSession(twoFactor(core)),
  "multi-session-secure": multiSession(
    derived(plain, { baseURL: "https://auth.example.com", ours: { advanced: { use_secure_cookies: true } } }),
  ),
  "shared-multi-session": derived(multiSession(core), shared),

  "one-time-token": oneTimeToken(core),
  "one-time-token-options": oneTimeTokenOptions(core),
  "one-time-token-closed": oneTimeTokenClosed(core),
  "one-time-token-admin": oneTimeToken(admin(core)),
  "shared-one-time-token": derived(oneTimeToken(core), shared),
  "shared-one-time-token-hashed": derived(oneTimeTokenOptions(core), shared),
  ...provenAddresses({ plain, core, verified, cached: cache("compact"), limited, shared }),

  ...organizationProfiles({ plain, core, verified, cached: cache("compact"), shared }),
  ...phoneNumbers({ plain, core, cached: cache("compact"), limited, shared }),

  "api-key": apiKey(core),
  "api-key-options": apiKeyOptions(core),
  "api-key-plain": apiKeyPlain(core),
  "api-key-session": apiKeySession(twoFactor(core)),
  "api-key-cached": apiKeySession(cache("compact")),
  "api-key-limited": apiKeySession(limited),
  "shared-api-key": derived(apiKeySession(core), shared),

  full: full(core),

  ...captchaProfiles({ core, limited }),
  ...pwnedProfiles({ core, verified, admin }),
  ...anonymousProfiles({
    ...{ core, verified, cached: cache("compact"), limited, secure, closed, ways },
    ...{ admin, fields, organization, twoFactor },
  }),
  ...lastLoginProfiles({
    ...{ core, verified, cached: cache("compact"), quiet, secure, ways, admin, anonymous, username, twoFactor },
    cookies: cookies(cache("compact")),
  }),
  "shared-anonymous": derived(anonymous(core), shared),
  "shared-last-login": derived(lastLogin(core, { storeInDatabase: true }, { store_in_database: true }), shared),

  passkey: passkey(core),
  "passkey-options": passkeyOptions(core),
  "passkey-one-origin": passkeyOneOrigin(core),
  "passkey-cached": passkey(cache("compact")),
  "passkey-secure": passkey(derived(plain, { baseURL: "https://auth.example.com", ours: { advanced: { use_secure_cookies: true } } })),
  "passkey-admin": passkey(admin(core)),
  "passkey-two-factor": passkey(twoFactor(core)),
  "passkey-limited": passkey(limited),
  "shared-passkey": derived(passkey(core), shared),

  ...socialProfiles({ plain, core, verified, cached: cache("compact"), twoFactor }),

  plugins: derived(plain, {
    reference: { plugins: { jwt: {}, admin: {}, twoFactor: {}, organization: {}, apiKey: { enableMetadata: true } } },
    ours: { ...shared.ours, plugins: { api_key: { enable_metadata: true } } },
  }),
};
