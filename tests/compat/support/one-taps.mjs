// Steps of scenarios for Google One Tap.
export const ROUTE = "/one-tap/callback";

/** Signs in with an id token of Google. */
export function tap(t, changes, { token, ...options } = {}) {
  return t.post(ROUTE, { idToken: t.provider.idToken("google", changes, token) }, options);
}
