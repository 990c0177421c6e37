// API keys, with the official client and its plugin, and a service that verifies them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { apiKeyClient } from "better-auth/client/plugins";

import { startServer } from "./support/server.mjs";
import { PASSWORD, dataOf, member, refusal, visitor } from "./support/visitor.mjs";

const withKeys = { plugins: [apiKeyClient()] };
const SECRET = "the-secret-of-a-service-that-verifies-keys";
const DAY = 86_400;
const COLUMNS = [
  "name",
  "start",
  "prefix",
  "userId",
  "refillInterval",
  "refillAmount",
  "lastRefillAt",
  "enabled",
  "rateLimitEnabled",
  "rateLimitTimeWindow",
  "rateLimitMax",
  "requestCount",
  "remaining",
  "lastRequest",
  "expiresAt",
  "createdAt",
  "updatedAt",
  "permissions",
  "metadata",
  "id",
];
const NOT_FOUND = { status: 404, code: "API_KEY_NOT_FOUND", message: "API Key not found" };
const SIGNED_OUT = { status: 401, code: "UNAUTHORIZED_OR_INVALID_SESSION", message: "Unauthorized or invalid session" };
const SERVER_ONLY = {
  status: 400,
  code: "THE_PROPERTY_YOURE_TRYING_TO_SET_CAN_ONLY_BE_SET_FROM_THE_SERVER_AUTH_INSTANCE_ONLY",
  message: "The property you're trying to set can only be set from the server auth instance only.",
};

let server;
before(async () => {
  server = await startServer({
    configuration: {
      user: { delete_user: { enabled: true } },
      clients: { reports: { secret: SECRET } },
      plugins: { api_key: { enable_metadata: true, enable_session_for_api_keys: true } },
    },
  });
});
after(() => server?.stop());

/** Signs a new user up, who creates a key. */
async function owner(body = {}) {
  const signedUp = await member(server, withKeys);
  return { ...signedUp, created: dataOf(await signedUp.auth.apiKey.create(body)) };
}

/** A client that has no cookies and sends a key. */
const withKey = (key) => visitor(server, { ...withKeys, headers: { "x-api-key": key } });

/** Asks for the verification of a key, as the service does. */
async function verify(key, permissions, secret = SECRET) {
  const response = await fetch(`${server.origin}/api/auth/portcullis/api-key/verify`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`reports:${secret}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ key, permissions }),
  });
  return { status: response.status, ...(await response.json()) };
}

test("a user creates a key, which is shown once", async () => {
  const { auth, user, created } = await owner({ name: "build", prefix: "acme_", metadata: { plan: "pro" } });

  assert.match(created.key, /^acme_[A-Za-z]{64}$/);
  assert.equal(created.start, created.key.slice(0, 6));
  assert.deepEqual([...Object.keys(created)].sort(), [...COLUMNS, "key"].sort());
  const { key: _, ...row } = created;
  assert.deepEqual(dataOf(await auth.apiKey.get({ query: { id: created.id } })), row);
  assert.deepEqual(dataOf(await auth.apiKey.list()), [row]);
  assert.deepEqual([row.userId, row.enabled, row.expiresAt, row.metadata], [user.id, true, null, { plan: "pro" }]);
});

test("a user changes a key", async () => {
  const { auth, created } = await owner({ name: "build" });
  const keyId = created.id;

  const changed = dataOf(await auth.apiKey.update({ keyId, name: "deploy", expiresIn: 7 * DAY, metadata: { a: [1] } }));

  assert.deepEqual([changed.name, changed.metadata, changed.key], ["deploy", { a: [1] }, undefined]);
  assert.ok(Math.abs(changed.expiresAt - Date.now() - 7 * DAY * 1000) < 60_000, `expires at ${changed.expiresAt}`);
  assert.equal(dataOf(await auth.apiKey.update({ keyId, expiresIn: null })).expiresAt, null);
  assert.equal((await refusal(auth.apiKey.update({ keyId }))).code, "NO_VALUES_TO_UPDATE");
  assert.deepEqual(dataOf(await auth.apiKey.get({ query: { id: keyId } })).name, "deploy");
});

test("a disabled key is rejected until it is enabled", async () => {
  const { auth, created } = await owner();
  dataOf(await auth.apiKey.update({ keyId: created.id, enabled: false }));
  assert.deepEqual((await verify(created.key)).error, { message: "API Key is disabled", code: "KEY_DISABLED" });
  assert.equal((await refusal(withKey(created.key).auth.getSession())).code, "KEY_DISABLED");
  dataOf(await auth.apiKey.update({ keyId: created.id, enabled: true }));
  assert.equal((await verify(created.key)).valid, true);
});

test("a deleted key is rejected", async () => {
  const { auth, created } = await owner();
  assert.deepEqual(dataOf(await auth.apiKey.delete({ keyId: created.id })), { success: true });
  assert.deepEqual(dataOf(await auth.apiKey.list()), []);
  assert.deepEqual(await refusal(auth.apiKey.delete({ keyId: created.id })), NOT_FOUND);
  assert.deepEqual((await verify(created.key)).error, { message: "Invalid API key.", code: "INVALID_API_KEY" });
});

test("a key belongs to its user", async () => {
  const { created } = await owner();
  const { auth } = await member(server, withKeys);
  const keyId = created.id;
  assert.deepEqual(dataOf(await auth.apiKey.list()), []);
  assert.deepEqual(await refusal(auth.apiKey.get({ query: { id: keyId } })), NOT_FOUND);
  assert.deepEqual(await refusal(auth.apiKey.update({ keyId, name: "mine" })), NOT_FOUND);
  assert.deepEqual(await refusal(auth.apiKey.delete({ keyId })), NOT_FOUND);
  assert.equal((await verify(created.key)).valid, true);
});

test("a signed-out visitor reaches no key", async () => {
  const { created, user } = await owner();
  const { auth } = visitor(server, withKeys);
  assert.deepEqual(await refusal(auth.apiKey.create({ name: "x", userId: user.id })), SIGNED_OUT);
  assert.deepEqual(await refusal(auth.apiKey.update({ keyId: created.id, name: "x" })), SIGNED_OUT);
  for (const answer of [
    auth.apiKey.list(),
    auth.apiKey.get({ query: { id: created.id } }),
    auth.apiKey.delete({ keyId: created.id }),
  ])
    assert.equal((await answer).error.status, 401);
});

test("a user sets neither limits nor permissions", async () => {
  const { auth, created } = await owner();
  const members = { remaining: 5, permissions: { files: ["read"] }, rateLimitEnabled: false, rateLimitMax: 1000 };
  for (const [name, value] of Object.entries(members)) {
    assert.deepEqual(await refusal(auth.apiKey.create({ [name]: value })), SERVER_ONLY);
    assert.deepEqual(await refusal(auth.apiKey.update({ keyId: created.id, [name]: value })), SERVER_ONLY);
  }
});

test("wrong names, prefixes and lifetimes are rejected", async () => {
  const { auth } = await member(server, withKeys);
  const codes = {
    THE_NAME_LENGTH_IS_EITHER_TOO_LARGE_OR_TOO_SMALL: { name: "n".repeat(33) },
    THE_PREFIX_LENGTH_IS_EITHER_TOO_LARGE_OR_TOO_SMALL: { prefix: "p".repeat(33) },
    THE_EXPIRESIN_IS_SMALLER_THAN_THE_PREDEFINED_MINIMUM_VALUE: { expiresIn: DAY - 1 },
    THE_EXPIRESIN_IS_LARGER_THAN_THE_PREDEFINED_MAXIMUM_VALUE: { expiresIn: 366 * DAY },
    METADATA_MUST_BE_AN_OBJECT_OR_UNDEFINED: { metadata: "x" },
    VALIDATION_ERROR: { prefix: "a b" },
  };
  for (const [code, body] of Object.entries(codes)) {
    const { status, code: seen } = await refusal(auth.apiKey.create(body));
    assert.deepEqual([status, seen], [400, code]);
  }
});

test("a service verifies a key and learns its user", async () => {
  const { user, created } = await owner({ metadata: { plan: "pro" } });

  const { status, valid, error, key } = await verify(created.key);

  assert.deepEqual([status, valid, error], [200, true, null]);
  assert.deepEqual([key.id, key.userId, key.metadata, key.requestCount], [created.id, user.id, { plan: "pro" }, 1]);
  assert.equal(key.key, undefined);
  const refused = await verify(created.key, { files: ["read"] });
  assert.deepEqual([refused.valid, refused.error.code, refused.key], [false, "KEY_NOT_FOUND", null]);
  for (const other of ["x", "x".repeat(64), created.id, created.key.toLowerCase()])
    assert.equal((await verify(other)).error.code, "INVALID_API_KEY");
});

test("only a service with its secret verifies keys", async () => {
  const { created } = await owner();
  assert.equal((await verify(created.key, undefined, "wrong")).status, 401);
  const bare = await fetch(`${server.origin}/api/auth/portcullis/api-key/verify`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key: created.key }),
  });
  assert.equal(bare.status, 401);
});

test("the eleventh request with a key is rejected", async () => {
  const { created } = await owner();
  for (let number = 1; number <= 10; number += 1) assert.equal((await verify(created.key)).valid, true);
  const { valid, error } = await verify(created.key);
  assert.deepEqual([valid, error.code], [false, "RATE_LIMITED"]);
  assert.ok(error.details.tryAgainIn > 0);
});

test("a key is the session of its user, without a cookie", async () => {
  const { user, created } = await owner();
  const { auth, jar } = withKey(created.key);

  const { session, user: seen } = dataOf(await auth.getSession());

  assert.equal(seen.id, user.id);
  assert.deepEqual([session.id, session.userId], [created.id, user.id]);
  assert.deepEqual(dataOf(await auth.apiKey.list()).map(({ id }) => id), [created.id]);
  assert.equal((await auth.updateUser({ name: "Grace" })).error, null);
  assert.deepEqual(jar.names, []);
});

test("a key that does not exist is rejected on every route", async () => {
  const { auth } = withKey("x".repeat(64));
  const rejected = { status: 401, code: "INVALID_API_KEY", message: "Invalid API key." };
  assert.deepEqual(await refusal(auth.getSession()), rejected);
  assert.deepEqual(await refusal(auth.apiKey.list()), rejected);
  const short = await refusal(withKey("short").auth.getSession());
  assert.deepEqual(short, { ...rejected, status: 403 });
});

test("a key ends with its user", async () => {
  const { auth, created } = await owner();
  dataOf(await auth.deleteUser({ password: PASSWORD }));
  assert.equal((await verify(created.key)).error.code, "INVALID_API_KEY");
});
