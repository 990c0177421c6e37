// One-time tokens that hand sessions over, with the default options and with others.
import { derived } from "./derived.mjs";

/** `base` with one-time tokens that hand sessions over. */
export function oneTimeToken(base, reference = {}, ours = {}) {
  return derived(base, {
    reference: { plugins: { oneTimeToken: reference } },
    ours: { plugins: { one_time_token: ours } },
  });
}

/** `base` with hashed tokens that live for ten minutes, also in a header of responses that set a session cookie. */
export function oneTimeTokenOptions(base) {
  return oneTimeToken(
    base,
    { expiresIn: 10, storeToken: "hashed", setOttHeaderOnNewSession: true },
    { expires_in: 600, store_token: "hashed", set_ott_header_on_new_session: true },
  );
}

/** `base` with tokens only in headers, whose verification sets no cookie. */
export function oneTimeTokenClosed(base) {
  return oneTimeToken(
    base,
    { disableClientRequest: true, disableSetSessionCookie: true, setOttHeaderOnNewSession: true },
    { disable_client_request: true, disable_set_session_cookie: true, set_ott_header_on_new_session: true },
  );
}
