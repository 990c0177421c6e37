// Sign-in with accounts of providers, which are simulated, with the default options and with others.
import { builtIn } from "../support/provider-services.mjs";
import { derived } from "./derived.mjs";

/** Stands for the origin of the simulated providers in Portcullis's configuration file. */
export const PROVIDERS = "{providers}";

const SECRET = "provider-secret";
/** Options that a provider needs in addition to an id and a secret. */
const NEEDED = {
  cognito: [
    { domain: "pool.example.test", region: "eu-west-1", userPoolId: "eu-west-1_ada" },
    { domain: "pool.example.test", region: "eu-west-1", user_pool_id: "eu-west-1_ada" },
  ],
  tiktok: [
    { clientId: undefined, clientKey: "tiktok-id" },
    { client_id: undefined, client_key: "tiktok-id" },
  ],
};
/** The built-in providers. */
export const IDS = Object.keys(builtIn);

const local = (place) => place && `${PROVIDERS}/${place}`;

/** Places that replace the endpoints of a provider, except for the authorization endpoint, which only browsers open. */
function endpoints({ token, documents = {}, userInfo = Object.keys(documents)[0], keys }) {
  return without({ token: local(token), user_info: local(userInfo), jwks: local(keys) });
}

/** `base` with all built-in providers. */
export function social(base) {
  const reference = IDS.map((id) => [id, { clientId: `${id}-id`, clientSecret: SECRET, ...NEEDED[id]?.[0] }]);
  const ours = IDS.map((id) => [
    id,
    without({ client_id: `${id}-id`, client_secret: SECRET, ...NEEDED[id]?.[1], endpoints: endpoints(builtIn[id]) }),
  ]);
  return derived(base, {
    reference: { socialProviders: Object.fromEntries(reference) },
    ours: { social_providers: Object.fromEntries(ours), oauth_client: { allowed_hosts: ["127.0.0.1"] } },
  });
}

/** `base` with options of accounts. */
export function accounts(base, reference, ours) {
  return derived(base, { reference: { account: reference }, ours: { account: ours } });
}

/** `base` with options of the linking of accounts. */
export function linking(base, reference, ours) {
  return accounts(base, { accountLinking: reference }, { account_linking: ours });
}

/** `base` with the same options for some providers. */
export function providers(base, ids, reference, ours) {
  const each = (options) => Object.fromEntries(ids.map((id) => [id, options]));
  return derived(base, { reference: { socialProviders: each(reference) }, ours: { social_providers: each(ours) } });
}

/** `base` with linking that trusts GitHub, links different addresses and takes over names. */
export function socialLinking(base) {
  return linking(
    base,
    {
      trustedProviders: ["github", "google"],
      allowDifferentEmails: true,
      allowUnlinkingAll: true,
      updateUserInfoOnLink: true,
    },
    {
      trusted_providers: ["github", "google"],
      allow_different_emails: true,
      allow_unlinking_all: true,
      update_user_info_on_link: true,
    },
  );
}

/** `base` with users that are overwritten at each sign-in, with fields from profiles. */
export function socialOverride(base) {
  const overriding = providers(
    base,
    ["google", "github"],
    { overrideUserInfoOnSignIn: true },
    { override_user_info_on_sign_in: true },
  );
  return derived(overriding, {
    reference: {
      user: { additionalFields: { nickname: { type: "string", required: false } } },
      socialProviders: {
        github: { mapProfileToUser: ({ login }) => ({ nickname: login }) },
        gitlab: { mapProfileToUser: ({ username, avatar_url }) => ({ name: username, nickname: avatar_url }) },
      },
    },
    ours: {
      user: { additional_fields: { nickname: { type: "string", required: false } } },
      social_providers: {
        github: { map_profile_to_user: { nickname: "login" } },
        gitlab: { map_profile_to_user: { name: "username", nickname: "avatar_url" } },
      },
    },
  });
}

/** `base` with limits to sign-up: none with Google, only requested with GitHub. */
export function socialSignUp(base) {
  const closed = providers(base, ["google"], { disableSignUp: true }, { disable_sign_up: true });
  return providers(closed, ["github", "apple"], { disableImplicitSignUp: true }, { disable_implicit_sign_up: true });
}

/** `base` with another value for each option of a request. */
export function socialOptions(base) {
  return derived(base, {
    reference: {
      socialProviders: {
        google: {
          clientId: ["google-id", "google-app"],
          scope: ["calendar.read", "drive read"],
          disableDefaultScope: true,
          prompt: "select_account consent",
          accessType: "offline",
          display: "popup",
          hd: "example.com",
        },
        github: {
          scope: ["repo"],
          redirectURI: "https://front.example.com/api/auth/callback/github",
          prompt: "consent",
        },
        discord: { scope: ["bot"], prompt: "consent", permissions: 8 },
        apple: { disableIdTokenSignIn: true, audience: ["apple-app"] },
        microsoft: { tenantId: "11111111-2222-3333-4444-555555555555", disableProfilePhoto: true },
        reddit: { duration: "permanent" },
        gitlab: { disableDefaultScope: true },
        zoom: { pkce: false },
      },
    },
    ours: {
      social_providers: {
        google: {
          client_id: ["google-id", "google-app"],
          scope: ["calendar.read", "drive read"],
          disable_default_scope: true,
          prompt: "select_account consent",
          access_type: "offline",
          display: "popup",
          hd: "example.com",
        },
        github: {
          scope: ["repo"],
          redirect_uri: "https://front.example.com/api/auth/callback/github",
          prompt: "consent",
        },
        discord: { scope: ["bot"], prompt: "consent", permissions: "8" },
        apple: { disable_id_token_sign_in: true, audience: ["apple-app"] },
        microsoft: { tenant_id: "11111111-2222-3333-4444-555555555555", disable_profile_photo: true },
        reddit: { duration: "permanent" },
        gitlab: { disable_default_scope: true },
        zoom: { pkce: false },
      },
    },
  });
}

/** `base` with Google One Tap. */
export function oneTap(base, reference = {}, ours = {}) {
  return derived(base, { reference: { plugins: { oneTap: reference } }, ours: { plugins: { one_tap: ours } } });
}

/** `table` without the entries that are undefined. */
export function without(table) {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined));
}
