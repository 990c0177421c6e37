// Steps of scenarios for users with passkeys.
import { SecurityKey } from "./security-key.mjs";

export const COOKIE = "better-auth.better-auth-passkey";
export const REGISTER = "/passkey/generate-register-options";
export const REGISTERED = "/passkey/verify-registration";
export const AUTHENTICATE = "/passkey/generate-authenticate-options";
export const AUTHENTICATED = "/passkey/verify-authentication";
export const LIST = "/passkey/list-user-passkeys";
export const RENAME = "/passkey/update-passkey";
export const DELETE = "/passkey/delete-passkey";

/** Begins a registration, and returns the options for the authenticator. */
export async function begin(t, { query = "", ...options } = {}) {
  return (await t.get(`${REGISTER}${query}`, options)).json();
}

/** Begins a sign-in, and returns the options for the authenticator. */
export async function challenge(t, options = {}) {
  return (await t.get(AUTHENTICATE, options)).json();
}

/**
 * Registers a passkey, from the options to the row. `changes` are those of `SecurityKey.create`; `body` changes members of
 * the body, and `origin` is that of the page.
 */
export async function register(t, key, { changes, body, origin = t.baseURL, label = "registered", ...options } = {}) {
  const given = await begin(t, { ...options, label: `${label}: options` });
  return t.post(REGISTERED, { response: key.create(given, origin, changes), ...body }, { ...options, label });
}

/** Signs in with a passkey, from the options to the session. `changes` are those of `SecurityKey.get`. */
export async function signIn(t, key, { changes, body, origin = t.baseURL, label = "signed in", ...options } = {}) {
  const given = await challenge(t, { ...options, label: `${label}: options` });
  return t.post(AUTHENTICATED, { response: key.get(given, origin, changes), ...body }, { ...options, label });
}

/** Signs a user up, and registers a passkey; in the jar `own`, so that the default jar is that of another browser. */
export async function owner(t, name = "ada", { jar = "own", key = new SecurityKey(name), ...options } = {}) {
  await t.signUp(name, { jar });
  const { id } = (await register(t, key, { jar, ...options })).json();
  return { key, id };
}
