// Steps of scenarios with API keys.
import { createHash } from "node:crypto";

import { SERVICE } from "../profiles/api-key.mjs";

/** A key of the right form that does not exist. */
export const UNKNOWN = "x".repeat(64);
/** An id of the right form that no key has. */
export const NO_ID = "A".repeat(32);
/** Members of a body that only servers may set, each with a valid value. */
export const SERVER_ONLY = {
  remaining: 5,
  refillAmount: 5,
  refillInterval: 1000,
  rateLimitTimeWindow: 1000,
  rateLimitMax: 5,
  rateLimitEnabled: false,
  permissions: { files: ["read"] },
};
/** Values that are neither texts nor numbers nor booleans nor objects with text lists, by name. */
export const WRONG = { text: "5", number: 5, true: true, array: ["a"], object: { a: 1 }, null: null };

const AUTHORIZATION = `Basic ${Buffer.from(`${SERVICE.name}:${SERVICE.secret}`).toString("base64")}`;

/** Creates a key for the user of the default jar, or of another jar. Returns the response's body. */
export async function create(t, body = {}, options = {}) {
  return (await t.post("/api-key/create", body, options)).json();
}

/** Signs a user up, and creates a key for it. The default jar keeps the session. */
export async function owner(t, body, { name = "ada", ...options } = {}) {
  await t.signUp(name, options);
  return create(t, body, options);
}

/** Verifies a key, as a service does. */
export function verify(t, key, { permissions, label = "verify", ...rest } = {}) {
  const body = { key, ...(permissions !== undefined && { permissions }), ...rest };
  return t.post("/portcullis/api-key/verify", body, { jar: null, headers: { authorization: AUTHORIZATION }, label });
}

/** Creates or changes a key, as a service does that acts for any user. */
export function manage(t, action, body, label = `${action} as a service`) {
  const options = { jar: null, headers: { authorization: AUTHORIZATION }, label };
  return t.post(`/portcullis/admin/api-keys/${action}`, body, options);
}

/** Options of a request that is authenticated by a key only. */
export function by(key, { header = "x-api-key", headers, ...options } = {}) {
  return { jar: null, headers: { origin: null, [header]: key, ...headers }, ...options };
}

/** Requests the session that a key stands for. */
export function sessionOf(t, key, label = "the session of a key", options = {}) {
  return t.get("/get-session", { ...by(key, options), label });
}

/** Changes the row of a key: values by column. */
export function change(t, id, columns) {
  const entries = Object.entries(columns);
  const set = entries.map(([name], at) => `"${name}" = $${at + 2}`).join(", ");
  return t.sql(`update apikey set ${set} where id = $1`, [id, ...entries.map(([, value]) => value)]);
}

/** A time some seconds from now, for a row. */
export const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000);

/** The form in which a key is stored. */
export const hashOf = (key) => createHash("sha256").update(key).digest("base64url");
