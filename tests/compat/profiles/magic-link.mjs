// Sign-in links by mail, with the default options and with others.
import { derived } from "./derived.mjs";

/** `base` with sign-in links. */
export function magicLink(base, reference = {}, ours = {}) {
  return derived(base, {
    messages: [...(base.messages ?? []), "magic-link"],
    reference: { plugins: { magicLink: reference } },
    ours: { plugins: { magic_link: ours } },
  });
}

/** `base` with another value for every option of sign-in links. */
export function magicLinkOptions(base) {
  return magicLink(
    base,
    { expiresIn: 1200, disableSignUp: true, storeToken: "hashed" },
    { expires_in: 1200, disable_sign_up: true, store_token: "hashed" },
  );
}

/** `base` with another rate limit for sign-in links. */
export function magicLinkLimit(base) {
  return magicLink(base, { rateLimit: { window: 30, max: 2 } }, { rate_limit: { window: 30, max: 2 } });
}
