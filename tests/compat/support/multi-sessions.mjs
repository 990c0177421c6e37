// Steps of scenarios for several sessions on one device.
export const LIST = "/multi-session/list-device-sessions";
export const ACTIVATE = "/multi-session/set-active";
export const REVOKE = "/multi-session/revoke";
export const SESSION = "better-auth.session_token";

/** The name of the cookie of a session of the device. */
export const cookieOf = (token, prefix = "") => `${prefix}${SESSION}_multi-${token.toLowerCase()}`;

/** Signs users up in one jar, one after the other. Returns their session tokens; the last one is active. */
export async function device(t, names = ["ada", "bob"], options = {}) {
  const tokens = [];
  for (const name of names) tokens.push((await t.signUp(name, { label: `${name} signs up`, ...options })).json().token);
  return tokens;
}

export const list = (t, label = "list", options = {}) => t.get(LIST, { label, ...options });
export const activate = (t, sessionToken, label = "activate", options = {}) =>
  t.post(ACTIVATE, { sessionToken }, { label, ...options });
export const revoke = (t, sessionToken, label = "revoke", options = {}) =>
  t.post(REVOKE, { sessionToken }, { label, ...options });
export const current = (t, label = "the current session", options = {}) => t.get("/get-session", { label, ...options });
