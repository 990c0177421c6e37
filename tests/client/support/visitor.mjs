// Programs in Node that use the official client, each with cookies of its own as a browser has them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { createAuthClient } from "better-auth/client";

import { Jar } from "./jar.mjs";

export const PASSWORD = "correct horse battery";

/** A client that nobody has signed in with yet, and its cookies. */
export function visitor(server, { plugins, ...fetchOptions } = {}) {
  const jar = new Jar(server.origin);
  const auth = createAuthClient({
    baseURL: server.origin,
    plugins,
    fetchOptions: { customFetchImpl: jar.fetch, headers: { "user-agent": "client-test/1" }, ...fetchOptions },
  });
  return { auth, jar };
}

/** Somebody who has no account yet. */
export function newcomer(changes = {}) {
  return { name: "Zoë 🦀", email: `${randomUUID()}@example.com`, password: PASSWORD, ...changes };
}

/** A visitor who has just signed up, and as whom. */
export async function member(server, options = {}, changes = {}) {
  const [guest, person] = [visitor(server, options), newcomer(changes)];
  const { user, token } = told(await guest.auth.signUp.email(person));
  return { ...guest, person, user, token };
}

/** What the client was told without an error. */
export function told({ data, error }) {
  assert.equal(error, null);
  return data;
}

/** What a client is shown of a refusal. */
export async function refusal(answer) {
  const { data, error } = await answer;
  assert.equal(data, null);
  const { status, code, message, ...rest } = error;
  assert.deepEqual(Object.keys(rest), ["statusText"]);
  return { status, code, message };
}
