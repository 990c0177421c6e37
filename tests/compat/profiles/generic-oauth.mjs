// Providers that a deployment describes itself, each with other options.
import { derived } from "./derived.mjs";
import { PROVIDERS } from "./social.mjs";

/** Options by the id of the provider, as Better Auth names them. Places are reached at the simulated providers. */
const CONFIGS = {
  discovered: { discoveryUrl: "https://idp.test/discovery", scopes: ["openid", "email"] },
  plain: {
    authorizationUrl: "https://plain.test/authorize",
    tokenUrl: "https://plain.test/token",
    userInfoUrl: "https://plain.test/userinfo",
  },
  strict: {
    discoveryUrl: "https://idp.test/discovery",
    issuer: "https://idp.test",
    scopes: ["openid"],
    pkce: true,
    authentication: "basic",
    requireIssuerValidation: true,
  },
  issuer: {
    authorizationUrl: "https://plain.test/authorize",
    tokenUrl: "https://plain.test/token",
    userInfoUrl: "https://plain.test/userinfo",
    issuer: "https://plain.test",
  },
  options: {
    authorizationUrl: "https://plain.test/authorize?tenant=a",
    tokenUrl: "https://plain.test/token",
    userInfoUrl: "https://plain.test/userinfo",
    scopes: ["profile", "email"],
    redirectURI: "http://localhost:3000/api/auth/oauth2/callback/options",
    prompt: "consent",
    accessType: "offline",
    responseMode: "query",
    authorizationUrlParams: { audience: "https://api.test", "a b": "ä&=" },
    tokenUrlParams: { audience: "https://api.test" },
    authorizationHeaders: { "x-extra": "1" },
    overrideUserInfo: true,
  },
  closed: {
    authorizationUrl: "https://plain.test/authorize",
    tokenUrl: "https://plain.test/token",
    userInfoUrl: "https://plain.test/userinfo",
    disableSignUp: true,
  },
  requested: {
    authorizationUrl: "https://plain.test/authorize",
    tokenUrl: "https://plain.test/token",
    userInfoUrl: "https://plain.test/userinfo",
    disableImplicitSignUp: true,
  },
  undiscovered: { discoveryUrl: "https://nowhere.test/discovery" },
  mute: {
    authorizationUrl: "https://plain.test/authorize",
    tokenUrl: "https://plain.test/token",
  },
};
/** The names of Portcullis's options, and those of its endpoints, which servers ask. */
const NAMES = {
  discoveryUrl: "discovery_url",
  authorizationUrl: "authorization_url",
  tokenUrl: "token_url",
  userInfoUrl: "user_info_url",
  redirectURI: "redirect_uri",
  requireIssuerValidation: "require_issuer_validation",
  accessType: "access_type",
  responseMode: "response_mode",
  authorizationUrlParams: "authorization_url_params",
  tokenUrlParams: "token_url_params",
  authorizationHeaders: "authorization_headers",
  overrideUserInfo: "override_user_info",
  disableSignUp: "disable_sign_up",
  disableImplicitSignUp: "disable_implicit_sign_up",
};
const ASKED = ["discoveryUrl", "tokenUrl", "userInfoUrl"];
const CLIENT = { id: "generic-id", secret: "generic-secret" };

/** `base` with these providers. */
export function genericOAuth(base) {
  const reference = Object.entries(CONFIGS).map(([providerId, config]) => ({
    providerId,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    ...config,
  }));
  return derived(base, {
    reference: { plugins: { genericOAuth: { config: reference } } },
    ours: {
      oauth_client: { allowed_hosts: ["127.0.0.1"] },
      plugins: { generic_oauth: { providers: Object.fromEntries(Object.entries(CONFIGS).map(ours)) } },
    },
  });
}

/** Portcullis's section of a provider. PKCE is on unless it is disabled. */
function ours([id, config]) {
  const options = Object.entries(config).map(([name, value]) => [NAMES[name] ?? name, reached(name, value)]);
  return [id, { client_id: CLIENT.id, client_secret: CLIENT.secret, pkce: false, ...Object.fromEntries(options) }];
}

function reached(name, value) {
  return ASKED.includes(name) ? value.replace("https:/", PROVIDERS) : value;
}
