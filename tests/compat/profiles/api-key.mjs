// API keys, with the default options and with others.
import { derived } from "./derived.mjs";

/** Better Auth counts some lifetimes of keys in days, and Portcullis all of them in seconds. */
const DAY = 86_400;

/** The service that verifies and manages keys at Portcullis. */
export const SERVICE = { name: "api", secret: "the-secret-of-a-service-that-verifies-keys" };

/** `base` with API keys. Better Auth has the routes of services from `support/reference-services.mjs`. */
export function apiKey(base, reference = {}, ours = {}) {
  return derived(base, {
    reference: { plugins: { apiKey: reference } },
    ours: { plugins: { api_key: ours }, clients: { [SERVICE.name]: { secret: SERVICE.secret, administrator: true } } },
  });
}

/** `base` with API keys that authenticate every route, and may be used often. */
export function apiKeySession(base, reference = {}, ours = {}) {
  return apiKey(
    base,
    { enableSessionForAPIKeys: true, enableMetadata: true, rateLimit: { maxRequests: 1000 }, ...reference },
    { enable_session_for_api_keys: true, enable_metadata: true, rate_limit: { max_requests: 1000 }, ...ours },
  );
}

/** `base` with another value for every option that has a counterpart, except those of `apiKeyPlain`. */
export function apiKeyOptions(base) {
  return apiKey(
    base,
    {
      apiKeyHeaders: ["x-key", "x-other-key"],
      defaultKeyLength: 72,
      defaultPrefix: "acme_",
      maximumPrefixLength: 8,
      minimumPrefixLength: 3,
      requireName: true,
      maximumNameLength: 8,
      minimumNameLength: 3,
      enableMetadata: true,
      startingCharactersConfig: { charactersLength: 9 },
      keyExpiration: { defaultExpiresIn: 604_800, minExpiresIn: 2, maxExpiresIn: 10 },
      rateLimit: { timeWindow: 60_000, maxRequests: 3 },
      permissions: { defaultPermissions: { files: ["read", "list"], users: [] } },
      enableSessionForAPIKeys: true,
    },
    {
      api_key_headers: ["x-key", "x-other-key"],
      default_key_length: 72,
      default_prefix: "acme_",
      maximum_prefix_length: 8,
      minimum_prefix_length: 3,
      require_name: true,
      maximum_name_length: 8,
      minimum_name_length: 3,
      enable_metadata: true,
      starting_characters_config: { characters_length: 9 },
      key_expiration: { default_expires_in: 604_800, min_expires_in: 2 * DAY, max_expires_in: 10 * DAY },
      rate_limit: { time_window: 60, max_requests: 3 },
      permissions: { default_permissions: { files: ["read", "list"], users: [] } },
      enable_session_for_api_keys: true,
    },
  );
}

/** `base` with keys that are stored unhashed, without a limit. Users cannot choose when they expire. */
export function apiKeyPlain(base) {
  return apiKey(
    base,
    {
      disableKeyHashing: true,
      startingCharactersConfig: { shouldStore: false },
      keyExpiration: { disableCustomExpiresTime: true },
      rateLimit: { enabled: false },
      enableSessionForAPIKeys: true,
    },
    {
      disable_key_hashing: true,
      starting_characters_config: { should_store: false },
      key_expiration: { disable_custom_expires_time: true },
      rate_limit: { enabled: false },
      enable_session_for_api_keys: true,
    },
  );
}
