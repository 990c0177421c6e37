// Creation of API keys, with the default options.
import { SERVER_ONLY, WRONG, create, owner } from "../support/api-keys.mjs";

export const profile = "api-key";

const DAY = 86_400;
const post = (t, body, label, options) => t.post("/api-key/create", body, { label, ...options });

export default {
  "api key create: without anything": async (t) => {
    await t.signUp();
    await create(t);
    await t.post("/api-key/create", undefined, { raw: "", label: "without a body" });
    await t.post("/api-key/create", undefined, { raw: "null", headers: { "content-type": "application/json" }, label: "null" });
    await t.get("/api-key/list");
  },

  "api key create: every member that users may set": async (t) => {
    const { user } = (await t.signUp()).json();
    await post(t, { name: "build", prefix: "ak_", expiresIn: 7 * DAY, userId: user.id }, "all");
    await post(t, { name: "build", unknown: 1, key: "x", id: "y", start: "z", enabled: false }, "others, which are ignored");
  },

  "api key create: signed out": async (t) => {
    await post(t, {}, "nothing");
    await post(t, { userId: "x" }, "a user id");
    await post(t, { name: 1 }, "a bad body");
    await post(t, SERVER_ONLY, "members of servers");
    await post(t, { metadata: { a: 1 } }, "metadata");
  },

  "api key create: for another user": async (t) => {
    const { user } = (await t.signUp("bob", { jar: "bob" })).json();
    await t.signUp();
    await post(t, { userId: user.id }, "of another user");
    await post(t, { userId: user.id }, "signed out", { jar: null });
    await post(t, { userId: "x" }, "of no user");
    await post(t, { userId: "" }, "empty");
    await post(t, { userId: user.id, ...SERVER_ONLY }, "with members of servers");
    await t.get("/api-key/list", { jar: "bob" });
  },

  "api key create: members that only servers set": async (t) => {
    await t.signUp();
    for (const [name, value] of Object.entries(SERVER_ONLY)) await post(t, { [name]: value }, name);
    await post(t, { refillAmount: 1, refillInterval: 1 }, "a pair");
    await post(t, { remaining: null }, "remaining: null");
    await post(t, { rateLimitEnabled: true }, "the default value");
    await post(t, { permissions: {} }, "no permissions");
    await post(t, { remaining: 0 }, "remaining: 0");
  },

  "api key create: members of wrong types": async (t) => {
    await t.signUp();
    const members = ["name", "expiresIn", "userId", "prefix", ...Object.keys(SERVER_ONLY)];
    for (const member of members)
      for (const [kind, value] of Object.entries(WRONG)) {
        if (member === "userId" && kind !== "array") continue;
        await post(t, { [member]: value }, `${member}: ${kind}`);
      }
  },

  "api key create: numbers out of bounds": async (t) => {
    await t.signUp();
    await post(t, { expiresIn: 0 }, "expiresIn: 0");
    await post(t, { expiresIn: 0.5 }, "expiresIn: 0.5");
    await post(t, { expiresIn: -DAY }, "expiresIn: negative");
    await post(t, { remaining: -1 }, "remaining: negative");
    await post(t, { refillAmount: 0, refillInterval: 1 }, "refillAmount: 0");
    await post(t, { expiresIn: "x", name: 1, remaining: -1 }, "several");
  },

  "api key create: bodies that are no objects": async (t) => {
    await t.signUp();
    const json = { headers: { "content-type": "application/json" } };
    for (const raw of ["[]", '"x"', "1", "true", "{", "[1]"])
      await t.post("/api-key/create", undefined, { raw, ...json, label: raw });
    await t.post("/api-key/create", undefined, { form: { name: "x" }, label: "a form" });
    await t.post("/api-key/create", undefined, { raw: "{}", headers: { "content-type": "text/plain" }, label: "plain text" });
  },

  "api key create: lifetimes": async (t) => {
    await t.signUp();
    for (const expiresIn of [1, DAY - 1, DAY, DAY + 0.5, 30 * DAY, 365 * DAY, 365 * DAY + 1, 1e12, 1e300])
      await post(t, { expiresIn }, `${expiresIn} seconds`);
    await post(t, { expiresIn: null }, "null");
  },

  "api key create: prefixes": async (t) => {
    await t.signUp();
    const prefixes = ["a", "A-b_9", "a".repeat(32), "a".repeat(33), "", " ", "a b", "ä", "a.", "a:", "🔑", "a\n", "-", "_"];
    for (const prefix of prefixes) await post(t, { prefix }, `prefix ${JSON.stringify(prefix)}`);
  },

  "api key create: names": async (t) => {
    await t.signUp();
    const names = ["a", "a".repeat(32), "a".repeat(33), "", " ", "  two  ", "ä".repeat(32), "🔑".repeat(16), "🔑".repeat(17)];
    for (const name of names) await post(t, { name }, `name ${JSON.stringify(name)}`);
    await post(t, { name: "a\u0000b" }, "NUL");
    await post(t, { name: "<b>&\"'" }, "markup");
  },

  "api key create: metadata while it is disabled": async (t) => {
    await t.signUp();
    const all = { ...WRONG, "an empty object": {}, "an empty text": "", zero: 0, false: false };
    for (const [kind, metadata] of Object.entries(all)) await post(t, { metadata }, kind);
  },

  "api key create: the order of the checks": async (t) => {
    const { user } = (await t.signUp("bob", { jar: "bob" })).json();
    await t.signUp();
    const wrong = { prefix: "a".repeat(40), name: "a".repeat(40), expiresIn: 1, metadata: "x" };
    await post(t, { ...wrong, ...SERVER_ONLY, userId: user.id }, "all");
    await post(t, { ...wrong, ...SERVER_ONLY }, "without another user");
    await post(t, wrong, "without members of servers");
    const { metadata: _, ...third } = wrong;
    await post(t, third, "without metadata");
    await post(t, { prefix: wrong.prefix, name: wrong.name }, "without a lifetime");
    await post(t, { name: wrong.name }, "only the name");
    await post(t, { ...wrong, refillInterval: 1 }, "half a pair");
    await post(t, { ...wrong, prefix: "ä" }, "the prefix's form first");
  },

  "api key create: several keys are independent": async (t) => {
    const first = await owner(t, { name: "one" });
    const second = await create(t, { name: "one", prefix: "one" });
    if (first.key === second.key) throw new Error("two keys are the same");
    await t.get("/api-key/list");
    await t.post("/api-key/delete", { keyId: first.id });
    await t.get("/api-key/list");
  },

  "api key create: by bearer token": async (t) => {
    const { headers } = await t.signUp();
    const options = { jar: null, headers: { authorization: `Bearer ${headers["set-auth-token"]}` } };
    const { id } = await create(t, { name: "one" }, options);
    await t.get("/api-key/list", options);
    await t.get(`/api-key/get?id=${id}`, { ...options, label: "get" });
    await t.post("/api-key/update", { keyId: id, name: "two" }, options);
    await t.post("/api-key/delete", { keyId: id }, options);
  },

  "api key: methods and paths": async (t) => {
    const { id } = await owner(t);
    for (const path of ["/api-key/create", "/api-key/update", "/api-key/delete"]) await t.get(path);
    for (const path of ["/api-key/get", "/api-key/list"]) await t.post(path, { id });
    await t.call("PUT", "/api-key/update", { body: { keyId: id, name: "x" } });
    await t.call("DELETE", "/api-key/delete", { body: { keyId: id } });
    const paths = ["/api-key", "/api-key/verify", "/api-key/delete-all-expired-api-keys", "/api-key/create/", "/api-keys"];
    for (const path of paths) await t.post(path, { key: "x" });
  },

  "api key: pages of other origins": async (t) => {
    const { id } = await owner(t);
    const headers = { origin: "https://evil.test" };
    await t.post("/api-key/create", {}, { headers });
    await t.post("/api-key/update", { keyId: id, name: "x" }, { headers });
    await t.post("/api-key/delete", { keyId: id }, { headers });
    await t.get("/api-key/list", { headers });
    await t.get(`/api-key/get?id=${id}`, { headers, label: "get" });
    await t.post("/api-key/create", {}, { headers: { origin: null }, label: "without an origin" });
  },

  "api key: the header without keys as sessions": async (t) => {
    const { key } = await owner(t);
    const headers = { "x-api-key": key };
    await t.get("/get-session", { jar: null, headers, label: "no session" });
    await t.get("/get-session", { headers: { "x-api-key": "wrong" }, label: "the cookie counts" });
    await t.get("/api-key/list", { jar: null, headers, label: "no session for the list" });
    await t.get("/ok", { jar: null, headers: { "x-api-key": "short" } });
  },

  "api key: a user who is deleted": async (t) => {
    await owner(t, { name: "one" });
    await create(t, { name: "two" });
    await t.post("/delete-user", { password: "password1234" });
    await t.signUp("bob", { jar: "bob" });
    await t.get("/api-key/list", { jar: "bob" });
  },
};
