// The official client in Node, with a separate cookie jar for each client.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { createAuthClient } from "better-auth/client";

import { Jar } from "./jar.mjs";

export const PASSWORD = "correct horse battery";

/** A new client and its cookie jar. */
export function visitor(server, { plugins, ...fetchOptions } = {}) {
  const jar = new Jar(server.origin);
  const auth = createAuthClient({
    baseURL: server.origin,
    plugins,
    fetchOptions: { customFetchImpl: jar.fetch, headers: { "user-agent": "client-test/1" }, ...fetchOptions },
  });
  return { auth, jar };
}

/** Sign-up data of a new user. */
export function newcomer(changes = {}) {
  return { name: "Zoë 🦀", email: `${randomUUID()}@example.com`, password: PASSWORD, ...changes };
}

/** Signs a new user up. Returns the client, its jar, the sign-up data, and the user and token of the response. */
export async function member(server, options = {}, changes = {}) {
  const [guest, person] = [visitor(server, options), newcomer(changes)];
  const { user, token } = dataOf(await guest.auth.signUp.email(person));
  return { ...guest, person, user, token };
}

/** Asserts that the client reported no error, and returns its data. */
export function dataOf({ data, error }) {
  assert.equal(error, null);
  return data;
}

/** Asserts that the client reported an error, and returns it without its status text. */
export async function refusal(answer) {
  const { data, error } = await answer;
  assert.equal(data, null);
  const { status, code, message, ...rest } = error;
  assert.deepEqual(Object.keys(rest), ["statusText"]);
  return { status, code, message };
}
