// Verification of API keys by services. Better Auth has a function for it, but no route.
import { UNKNOWN, WRONG, change, create, inSeconds, owner, verify } from "../support/api-keys.mjs";

export const profile = "api-key";

const PERMISSIONS = JSON.stringify({ files: ["read", "write"], users: [] });

/** Creates a key whose row has these values. */
async function changed(t, columns) {
  const created = await owner(t);
  await change(t, created.id, columns);
  return created;
}

export default {
  "api key verify: a key": async (t) => {
    const { key, id } = await owner(t, { name: "one", prefix: "p_" });
    await verify(t, key);
    await verify(t, key, { label: "again" });
    await t.get(`/api-key/get?id=${id}`, { label: "get" });
  },

  "api key verify: no key": async (t) => {
    const { key, id } = await owner(t, { prefix: "p_" });
    const keys = { unknown: UNKNOWN, short: "x", empty: "", "its id": id, "without its prefix": key.slice(2) };
    for (const [kind, other] of Object.entries(keys)) await verify(t, other, { label: kind });
    await verify(t, `${key} `, { label: "a space after it" });
    await verify(t, key.toLowerCase(), { label: "in lower case" });
    await verify(t, `${"a".repeat(64)}\u0000`, { label: "NUL" });
    await verify(t, "ä🔑", { label: "beyond ASCII" });
  },

  "api key verify: the digest instead of the key": async (t) => {
    const { id } = await owner(t);
    const [{ key }] = await t.sql("select key from apikey where id = $1", [id]);
    await verify(t, key);
  },

  "api key verify: a disabled key": async (t) => {
    const { key } = await changed(t, { enabled: false, expiresAt: inSeconds(-60) });
    await verify(t, key, { permissions: { files: ["read"] } });
    await t.get("/api-key/list");
  },

  "api key verify: a key without a value for enabled": async (t) => {
    const { key } = await changed(t, { enabled: null });
    await verify(t, key);
  },

  "api key verify: an expired key": async (t) => {
    const { key } = await changed(t, { expiresAt: inSeconds(-1) });
    await verify(t, key, { permissions: { files: ["read"] } });
    await verify(t, key, { label: "again" });
    await t.get("/api-key/list");
  },

  "api key verify: a key that expires": async (t) => {
    const { key } = await owner(t, { expiresIn: 86_400 });
    await verify(t, key);
  },

  "api key verify: a limited number of uses": async (t) => {
    const { key, id } = await changed(t, { remaining: 2 });
    for (const number of [1, 2, 3, 4]) await verify(t, key, { label: `use ${number}` });
    await t.get(`/api-key/get?id=${id}`, { label: "get" });
  },

  "api key verify: no uses are left": async (t) => {
    const { key } = await changed(t, { remaining: 0 });
    await verify(t, key);
    await t.get("/api-key/list");
  },

  "api key verify: no uses are left until the refill": async (t) => {
    const { key } = await changed(t, { remaining: 0, refillAmount: 2, refillInterval: 3_600_000 });
    await verify(t, key);
    await verify(t, key, { label: "again" });
  },

  "api key verify: a refill after the creation": async (t) => {
    const { key, id } = await changed(t, { remaining: 0, refillAmount: 2, refillInterval: 60_000 });
    await change(t, id, { createdAt: inSeconds(-61) });
    for (const number of [1, 2, 3]) await verify(t, key, { label: `use ${number}` });
    await change(t, id, { lastRefillAt: inSeconds(-61) });
    for (const number of [1, 2, 3]) await verify(t, key, { label: `use ${number}, refilled` });
  },

  "api key verify: a refill while uses are left": async (t) => {
    const times = { createdAt: inSeconds(-600), lastRefillAt: inSeconds(-90) };
    const { key, id } = await changed(t, { remaining: 9, refillAmount: 2, refillInterval: 60_000, ...times });
    await verify(t, key);
    await change(t, id, { refillAmount: 5, refillInterval: 3_600_000 });
    await verify(t, key, { label: "not yet" });
  },

  "api key verify: half a refill": async (t) => {
    const created = { createdAt: inSeconds(-600) };
    const { key, id } = await changed(t, { remaining: 0, refillAmount: 2, refillInterval: null, ...created });
    await verify(t, key, { label: "an amount" });
    await change(t, id, { refillAmount: null, refillInterval: 1 });
    await verify(t, key, { label: "an interval" });
    await t.get("/api-key/list");
  },

  "api key verify: a refill of nothing": async (t) => {
    const created = { createdAt: inSeconds(-600) };
    const { key } = await changed(t, { remaining: 0, refillAmount: 0, refillInterval: 1, ...created });
    await verify(t, key);
  },

  "api key verify: a refill without a limit": async (t) => {
    const { key } = await changed(t, { remaining: null, refillAmount: 2, refillInterval: 1, createdAt: inSeconds(-60) });
    await verify(t, key);
  },

  "api key verify: fewer uses than none": async (t) => {
    const { key } = await changed(t, { remaining: -1 });
    await verify(t, key);
  },

  "api key verify: too many requests": async (t) => {
    const { key, id } = await owner(t);
    for (let number = 1; number <= 12; number += 1) await verify(t, key, { label: `request ${number}` });
    await t.get(`/api-key/get?id=${id}`, { label: "get" });
    await change(t, id, { lastRequest: inSeconds(-86_401) });
    await verify(t, key, { label: "after the window" });
  },

  "api key verify: a limit of its own": async (t) => {
    const { key, id } = await changed(t, { rateLimitMax: 2, rateLimitTimeWindow: 600_000 });
    for (const number of [1, 2, 3]) await verify(t, key, { label: `request ${number}` });
    await change(t, id, { lastRequest: inSeconds(-300) });
    await verify(t, key, { label: "half a window later" });
    await change(t, id, { lastRequest: inSeconds(-601) });
    await verify(t, key, { label: "a window later" });
  },

  "api key verify: the window begins with the last request": async (t) => {
    const { key, id } = await changed(t, { rateLimitMax: 3, rateLimitTimeWindow: 600_000 });
    for (const number of [1, 2, 3]) {
      await change(t, id, { lastRequest: number === 1 ? null : inSeconds(-500) });
      await verify(t, key, { label: `request ${number}` });
    }
    await change(t, id, { lastRequest: inSeconds(-500) });
    await verify(t, key, { label: "too many" });
  },

  "api key verify: without a limit": async (t) => {
    const { key, id } = await changed(t, { rateLimitEnabled: false, rateLimitMax: 1 });
    for (const number of [1, 2]) await verify(t, key, { label: `disabled ${number}` });
    await change(t, id, { rateLimitEnabled: true, rateLimitMax: null });
    for (const number of [1, 2]) await verify(t, key, { label: `no maximum ${number}` });
    await change(t, id, { rateLimitMax: 1, rateLimitTimeWindow: null });
    for (const number of [1, 2]) await verify(t, key, { label: `no window ${number}` });
    await change(t, id, { rateLimitEnabled: null, rateLimitTimeWindow: 600_000, requestCount: 0 });
    for (const number of [1, 2]) await verify(t, key, { label: `no value ${number}` });
  },

  "api key verify: limits of nothing": async (t) => {
    const { key, id } = await changed(t, { rateLimitMax: 0 });
    for (const number of [1, 2]) await verify(t, key, { label: `no requests ${number}` });
    await change(t, id, { rateLimitMax: 1, rateLimitTimeWindow: 0, lastRequest: inSeconds(-1) });
    await verify(t, key, { label: "no window" });
    await change(t, id, { requestCount: null, rateLimitMax: 5, rateLimitTimeWindow: 600_000 });
    await verify(t, key, { label: "no count" });
  },

  "api key verify: a limit and a number of uses": async (t) => {
    const { key, id } = await changed(t, { rateLimitMax: 1, remaining: 5 });
    for (const number of [1, 2, 3]) await verify(t, key, { label: `request ${number}` });
    await change(t, id, { remaining: 0 });
    await verify(t, key, { label: "no uses are left" });
  },

  "api key verify: permissions": async (t) => {
    const { key } = await changed(t, { permissions: PERMISSIONS, rateLimitEnabled: false });
    const requests = [
      { files: ["read"] },
      { files: ["read", "write"] },
      { files: ["write", "read", "read"] },
      { files: ["delete"] },
      { files: ["read", "delete"] },
      { files: [] },
      { users: [] },
      { users: ["read"] },
      { other: [] },
      { other: ["read"] },
      { files: ["read"], users: ["read"] },
      { files: ["read"], other: ["read"] },
      { Files: ["read"] },
      { files: ["READ"] },
      { constructor: ["read"] },
      JSON.parse('{"__proto__":["read"]}'),
      {},
    ];
    for (const permissions of requests) await verify(t, key, { permissions, label: JSON.stringify(permissions) });
  },

  "api key verify: permissions of a key without any": async (t) => {
    const { key, id } = await owner(t);
    const permissions = { files: ["read"] };
    await verify(t, key, { permissions, label: "none" });
    for (const text of ["null", "", "{}", "not JSON", "[]"]) {
      await change(t, id, { permissions: text });
      await verify(t, key, { permissions, label: `column ${text}` });
    }
    await verify(t, key, { permissions: {}, label: "nothing is asked for" });
  },

  "api key verify: permissions are checked before the uses are counted": async (t) => {
    const { key, id } = await changed(t, { permissions: PERMISSIONS, remaining: 0 });
    await verify(t, key, { permissions: { files: ["delete"] }, label: "not permitted" });
    await t.get(`/api-key/get?id=${id}`, { label: "get" });
    await verify(t, key, { permissions: { files: ["read"] }, label: "permitted" });
  },

  "api key verify: metadata": async (t) => {
    const { key, id } = await owner(t);
    for (const metadata of ['{"a":1}', '"{\\"a\\":1}"', "", null]) {
      await change(t, id, { metadata });
      await verify(t, key, { label: `column ${metadata}` });
    }
  },

  "api key verify: members of wrong types": async (t) => {
    const { key } = await owner(t);
    for (const [kind, value] of Object.entries(WRONG)) {
      if (kind !== "text") await verify(t, value, { label: `key: ${kind}` });
      if (kind !== "object") await verify(t, key, { permissions: value, label: `permissions: ${kind}` });
    }
    await verify(t, undefined, { label: "no key" });
    await verify(t, key, { permissions: { files: "read" }, label: "a text of actions" });
    await verify(t, key, { permissions: { files: [1] }, label: "a number of actions" });
    await verify(t, key, { unknown: 1, label: "another member" });
  },

  "api key verify: the key of a user who is deleted": async (t) => {
    const { key } = await owner(t);
    await t.post("/delete-user", { password: "password1234" });
    await verify(t, key);
  },

  "api key verify: several keys of one user": async (t) => {
    const first = await owner(t, { name: "one" });
    const second = await create(t, { name: "two" });
    await change(t, first.id, { remaining: 1 });
    await verify(t, first.key, { label: "one" });
    await verify(t, second.key, { label: "two" });
    await verify(t, first.key, { label: "one again" });
  },
};
