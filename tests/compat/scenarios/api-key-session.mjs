// API keys that authenticate requests as their users: which keys are accepted, and what the session contains.
import { UNKNOWN, by, change, create, inSeconds, owner, sessionOf } from "../support/api-keys.mjs";

export const profile = "api-key-session";

/** Creates a key whose row has these values. */
async function changed(t, columns) {
  const created = await owner(t);
  await change(t, created.id, columns);
  return created;
}

export default {
  "api key session: get-session": async (t) => {
    const { key } = await owner(t, { name: "one" });
    await sessionOf(t, key);
    await sessionOf(t, key, "with a user agent", { headers: { "user-agent": "agent/1" } });
    await t.get("/get-session?disableCookieCache=true&disableRefresh=true", by(key));
    await t.get("/get-session", { headers: { "x-api-key": key }, label: "with the cookie too" });
    await t.get("/get-session", { label: "the cookie" });
  },

  "api key session: a key that expires": async (t) => {
    const { key } = await owner(t, { expiresIn: 86_400 });
    await sessionOf(t, key);
  },

  "api key session: the header's capitals": async (t) => {
    const { key } = await owner(t);
    await sessionOf(t, key, "in capitals", { header: "X-API-KEY" });
    await sessionOf(t, ` ${key} `, "with spaces");
    await t.get("/get-session", { jar: null, headers: { authorization: `Bearer ${key}` }, label: "as a bearer token" });
    await t.get(`/get-session?x-api-key=${key}`, { jar: null, label: "in the query" });
    await t.get("/get-session", { jar: null, headers: { cookie: `x-api-key=${key}` }, label: "in a cookie" });
  },

  "api key session: keys that are none": async (t) => {
    const { key, id } = await owner(t, { prefix: "p_" });
    const keys = { short: "x", "63 letters": "x".repeat(63), unknown: UNKNOWN, "its id": id, digits: "1".repeat(64) };
    for (const [kind, other] of Object.entries(keys)) await sessionOf(t, other, kind);
    await sessionOf(t, key.slice(2), "without its prefix");
    await sessionOf(t, `${key}x`, "too long");
    await sessionOf(t, "", "empty");
    await sessionOf(t, [key, key], "twice");
    await sessionOf(t, "x".repeat(5000), "far too long");
  },

  "api key session: keys that are none, on every kind of route": async (t) => {
    await t.signUp();
    const routes = ["/ok", "/error", "/get-session", "/list-sessions", "/token", "/jwks", "/api-key/list", "/nowhere"];
    for (const header of ["short", UNKNOWN])
      for (const route of routes)
        await t.get(route, { headers: { "x-api-key": header }, label: `${route} with ${header.slice(0, 5)}` });
    const headers = { "x-api-key": UNKNOWN };
    await t.signIn("ada", { headers, label: "sign in" });
    await t.signUp("bob", { headers, label: "sign up", jar: "bob" });
    await t.post("/sign-out", {}, { headers });
    await t.post("/update-user", { name: "Eve" }, { headers, label: "beside a session" });
    await t.post("/update-user", { name: 1 }, { headers, label: "a bad body" });
    await t.post("/request-password-reset", { email: "no@example.com" }, { headers });
    await t.post("/api-key/create", {}, { headers });
  },

  "api key session: a disabled key": async (t) => {
    const { key } = await changed(t, { enabled: false });
    await sessionOf(t, key);
    await t.get("/api-key/list", by(key));
    await t.get("/api-key/list", { headers: { "x-api-key": key }, label: "beside a cookie" });
  },

  "api key session: an expired key": async (t) => {
    const { key } = await changed(t, { expiresAt: inSeconds(-1) });
    await sessionOf(t, key);
    await sessionOf(t, key, "again");
    await t.get("/api-key/list");
  },

  "api key session: a limited number of uses": async (t) => {
    const { key } = await changed(t, { remaining: 2 });
    for (const number of [1, 2, 3, 4]) await sessionOf(t, key, `use ${number}`);
    await t.get("/api-key/list");
  },

  "api key session: uses that are refilled": async (t) => {
    const { key, id } = await changed(t, { remaining: 1, refillAmount: 1, refillInterval: 60_000 });
    for (const number of [1, 2]) await sessionOf(t, key, `use ${number}`);
    await change(t, id, { createdAt: inSeconds(-61) });
    for (const number of [1, 2]) await sessionOf(t, key, `use ${number}, refilled`);
  },

  "api key session: too many requests": async (t) => {
    const { key } = await changed(t, { rateLimitMax: 2, rateLimitTimeWindow: 600_000 });
    for (const number of [1, 2, 3]) await sessionOf(t, key, `request ${number}`);
    await t.get("/api-key/list", by(key));
    await t.get("/ok", by(key));
  },

  "api key session: every route counts": async (t) => {
    const { key } = await changed(t, { remaining: 9 });
    await t.get("/ok", by(key));
    await t.get("/jwks", by(key));
    await t.get("/nowhere", by(key));
    await t.post("/sign-in/email", { email: "ada@example.com", password: "wrong" }, by(key));
    await t.post("/update-user", { name: 1 }, by(key, { label: "a bad body" }));
    await t.get("/api-key/list", by(key));
  },

  "api key session: the key of a user who is deleted": async (t) => {
    const { key, userId } = await owner(t);
    await t.post("/delete-user", { password: "password1234" });
    await sessionOf(t, key);
    if (!userId) throw new Error("the key has no user");
  },

  "api key session: permissions do not limit it": async (t) => {
    const { key } = await changed(t, { permissions: "{}" });
    await sessionOf(t, key);
    await t.post("/update-user", { name: "Eve" }, by(key));
  },

  "api key session: beside a cookie of another user": async (t) => {
    const { key } = await owner(t);
    await t.signUp("bob", { jar: "bob" });
    const options = { jar: "bob", headers: { "x-api-key": key } };
    await t.get("/get-session", { ...options, label: "the session" });
    await t.get("/api-key/list", { ...options, label: "the list" });
    await t.get("/get-session", { jar: "bob", label: "the cookie" });
  },

  "api key session: a change beside a cookie of another user": async (t) => {
    const { key } = await owner(t);
    await t.signUp("bob", { jar: "bob" });
    const cookie = [...t.jar("bob")].map((pair) => pair.join("=")).join("; ");
    await t.post("/update-user", { name: "Eve" }, { jar: null, headers: { cookie, "x-api-key": key } });
    await t.get("/get-session", { jar: "bob", label: "the cookie" });
  },

  "api key session: beside a bearer token of another user": async (t) => {
    const { key } = await owner(t);
    const { headers } = await t.signUp("bob", { jar: "bob" });
    const both = { jar: null, headers: { authorization: `Bearer ${headers["set-auth-token"]}`, "x-api-key": key } };
    await t.get("/get-session", { ...both, label: "the session" });
    await t.get("/api-key/list", { ...both, label: "the list" });
  },

  "api key session: after a sign-out": async (t) => {
    const { key } = await owner(t);
    await t.post("/sign-out");
    await sessionOf(t, key);
  },

  "api key session: after a change of the password that ends sessions": async (t) => {
    const { key } = await owner(t);
    const body = { currentPassword: "password1234", newPassword: "password5678", revokeOtherSessions: true };
    await t.post("/change-password", body);
    await sessionOf(t, key);
  },

  "api key session: after an update of the user": async (t) => {
    const { key } = await owner(t);
    await t.post("/update-user", { name: "Eve", image: "https://example.com/eve.png" });
    await sessionOf(t, key);
  },

  "api key session: origins": async (t) => {
    const { key } = await owner(t);
    for (const origin of ["https://evil.test", "http://localhost:3000", null])
      await t.post("/update-user", { name: "Eve" }, by(key, { headers: { origin }, label: `from ${origin}` }));
    const options = { headers: { "x-api-key": key, origin: "https://evil.test" } };
    await t.post("/update-user", { name: "Eve" }, { ...options, label: "with a cookie, from another site" });
    await t.get("/get-session", by(key, { headers: { origin: "http://localhost:5173" }, label: "a page of another origin" }));
  },

  "api key session: metadata": async (t) => {
    await t.signUp();
    const all = { object: { a: 1, b: { c: [null] } }, "empty object": {}, array: [1], "empty array": [] };
    const refused = { text: "x", number: 1, true: true };
    const passed = { null: null, "empty text": "", zero: 0, false: false };
    for (const [kind, metadata] of Object.entries({ ...all, ...refused, ...passed }))
      await t.post("/api-key/create", { metadata }, { label: `create ${kind}` });
    const { id: keyId } = await create(t, { name: "changed" });
    for (const [kind, metadata] of Object.entries({ ...all, ...refused, ...passed }))
      await t.post("/api-key/update", { keyId, metadata }, { label: `update ${kind}` });
    await t.get("/api-key/list");
  },

  "api key session: metadata with special members": async (t) => {
    await t.signUp();
    const special = { "": 1, ä: "🔑", nested: { deep: { deeper: [[[]]] } }, big: 1e21, small: 1e-7, at: "2001-02-03T04:05:06.789Z" };
    const { id } = await create(t, { metadata: special });
    await t.get(`/api-key/get?id=${id}`, { label: "get" });
    await t.get("/api-key/list");
    await create(t, { metadata: { text: "x".repeat(10_000) } }, { label: "long" });
  },
};
