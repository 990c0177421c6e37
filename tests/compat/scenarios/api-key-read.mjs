// The list of a user's API keys, and one of them.
import { NO_ID, change, create, inSeconds, owner, sessionOf } from "../support/api-keys.mjs";

export const profile = "api-key";

const get = (t, id, label, options) => t.get(`/api-key/get?id=${encodeURIComponent(id)}`, { label, ...options });
const list = (t, label, options) => t.get("/api-key/list", { label, ...options });

export default {
  "api key get: a key": async (t) => {
    const { id } = await owner(t, { name: "one", prefix: "p_" });
    await get(t, id, "own");
    await t.get(`/api-key/get?id=${id}&id=${id}`, { label: "twice" });
    await t.get(`/api-key/get?id=${id}&key=x`, { label: "another parameter" });
    await get(t, id, "signed out", { jar: null });
  },

  "api key get: an id that is none": async (t) => {
    await owner(t);
    await t.get("/api-key/get", { label: "no id" });
    await t.get("/api-key/get", { jar: null, label: "no id, signed out" });
    for (const id of ["", " ", NO_ID, "x", "' or 1=1 --", "a\u0000b", "ä", "a".repeat(5000)])
      await get(t, id, `id ${JSON.stringify(id.slice(0, 40))}`);
    await t.get("/api-key/get?keyId=x", { label: "another name" });
  },

  "api key get: a key of another user": async (t) => {
    const { id, key } = await owner(t, {}, { name: "bob", jar: "bob" });
    await t.signUp();
    await get(t, id, "of another user");
    await get(t, key, "the key instead of its id", { jar: "bob" });
    await get(t, id, "own", { jar: "bob" });
  },

  "api key list: none and several": async (t) => {
    await list(t, "signed out");
    await t.signUp();
    await list(t, "none");
    for (const name of ["one", "two", "three"]) await create(t, { name });
    await list(t, "three");
    await t.get("/api-key/list?limit=1&offset=1&sortBy=name", { label: "parameters are ignored" });
    await t.signUp("bob", { jar: "bob" });
    await list(t, "of another user", { jar: "bob" });
    await list(t, "a wrong cookie", { jar: null, headers: { cookie: "better-auth.session_token=x.y" } });
  },

  "api key: columns with every value": async (t) => {
    const { id } = await owner(t, { name: "one" });
    await change(t, id, {
      refillInterval: 60_000,
      refillAmount: 10,
      lastRefillAt: inSeconds(-600),
      enabled: false,
      rateLimitEnabled: false,
      rateLimitTimeWindow: 1000,
      rateLimitMax: 7,
      requestCount: 3,
      remaining: 5,
      lastRequest: inSeconds(-60),
      expiresAt: inSeconds(7200),
      permissions: '{"files":["read","write"],"users":[]}',
      metadata: '{"plan":"pro","nested":{"a":[1,null]}}',
    });
    await get(t, id, "get");
    await list(t, "list");
    await t.post("/api-key/update", { keyId: id, name: "two" });
  },

  "api key: columns without values": async (t) => {
    const { id } = await owner(t, { name: "one", prefix: "p_" });
    const names = ["name", "start", "prefix", "enabled", "rateLimitEnabled", "rateLimitTimeWindow", "rateLimitMax"];
    const empty = [...names, "requestCount", "metadata"].map((name) => [name, null]);
    await change(t, id, Object.fromEntries(empty));
    await get(t, id, "get");
    await list(t, "list");
    await t.post("/api-key/update", { keyId: id, name: "two" });
  },

  "api key: metadata in the column": async (t) => {
    const { id } = await owner(t);
    for (const metadata of ["null", "{}", '{"a":1}', "", "[1]", "not JSON", '"text"', '"{\\"a\\":1}"', "1", '"\\"{}\\""']) {
      await change(t, id, { metadata });
      await get(t, id, `get ${metadata}`);
      await change(t, id, { metadata });
      await list(t, `list ${metadata}`);
    }
  },

  "api key: metadata with dates": async (t) => {
    const { id } = await owner(t);
    await change(t, id, { metadata: '{"at":"2001-02-03T04:05:06.789Z","day":"2001-02-03"}' });
    await get(t, id, "get");
    await list(t, "list");
  },

  "api key: permissions in the column": async (t) => {
    const { id } = await owner(t);
    for (const permissions of ["null", "{}", '{"a":["b"]}', "", "not JSON", "[]", '"text"', '{"a":1}']) {
      await change(t, id, { permissions });
      await get(t, id, `get ${permissions}`);
      await list(t, `list ${permissions}`);
    }
  },

  "api key: an expired key is still listed": async (t) => {
    const { id, key } = await owner(t);
    await change(t, id, { expiresAt: inSeconds(-60) });
    await get(t, id, "get");
    await list(t, "list");
    await sessionOf(t, key);
    await t.post("/api-key/update", { keyId: id, name: "two" });
    await t.post("/api-key/delete", { keyId: id });
  },

  "api key: a session that has ended": async (t) => {
    const { id } = await owner(t);
    const jar = [...t.jar()];
    await t.post("/sign-out");
    const cookie = jar.map((pair) => pair.join("=")).join("; ");
    const ended = { jar: null, headers: { cookie } };
    await list(t, "list", ended);
    await get(t, id, "get", ended);
    await t.post("/api-key/create", {}, ended);
    await t.post("/api-key/update", { keyId: id, name: "x" }, ended);
    await t.post("/api-key/delete", { keyId: id }, ended);
  },

  "api key: a session that is not fresh": async (t) => {
    const { id } = await owner(t);
    await t.age("2 days");
    await t.post("/api-key/create", { name: "two" });
    await list(t, "list");
    await t.post("/api-key/delete", { keyId: id });
  },
};
