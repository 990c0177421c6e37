// API keys with another value for most options.
import { by, change, create, inSeconds, owner, sessionOf, verify } from "../support/api-keys.mjs";

export const profile = "api-key-options";

const DAY = 86_400;
const post = (t, body, label, options) => t.post("/api-key/create", body, { label, ...options });

export default {
  "api key options: a key": async (t) => {
    const { id, key } = await owner(t, { name: "one" });
    await verify(t, key);
    await t.get(`/api-key/get?id=${id}`, { label: "get" });
    await create(t, { name: "two", prefix: "own-" });
    await t.get("/api-key/list");
  },

  "api key options: names": async (t) => {
    await t.signUp();
    await post(t, {}, "no name");
    await post(t, { expiresIn: 1 }, "no name and a wrong lifetime");
    for (const name of ["", "ab", "abc", "abcdefgh", "abcdefghi"]) await post(t, { name }, `name ${name}`);
    const { id: keyId } = await create(t, { name: "abc" });
    for (const name of ["", "ab", "abcd", "abcdefghi"])
      await t.post("/api-key/update", { keyId, name }, { label: `update to ${name}` });
  },

  "api key options: prefixes": async (t) => {
    await t.signUp();
    for (const prefix of ["", "ab", "abc", "abcdefgh", "abcdefghi"]) await post(t, { name: "one", prefix }, `prefix ${prefix}`);
  },

  "api key options: lifetimes": async (t) => {
    await t.signUp();
    const { id: keyId } = await create(t, { name: "one" });
    for (const expiresIn of [null, DAY, 2 * DAY, 10 * DAY, 10 * DAY + 1]) {
      await post(t, { name: "two", expiresIn }, `create ${expiresIn}`);
      await t.post("/api-key/update", { keyId, expiresIn }, { label: `update ${expiresIn}` });
    }
  },

  "api key options: metadata": async (t) => {
    const { id: keyId, key } = await owner(t, { name: "one", metadata: { a: 1 } });
    await t.post("/api-key/update", { keyId, metadata: { b: [2] } });
    await t.post("/api-key/update", { keyId, metadata: null }, { label: "null" });
    await t.post("/api-key/update", { keyId, metadata: "x" }, { label: "a text" });
    await change(t, keyId, { metadata: '"{\\"a\\":1}"' });
    await verify(t, key);
  },

  "api key options: the default permissions": async (t) => {
    const { key } = await owner(t, { name: "one" });
    await verify(t, key, { permissions: { files: ["read"] } });
    await verify(t, key, { permissions: { files: ["write"] }, label: "another action" });
    await verify(t, key, { permissions: { users: [] }, label: "no action" });
    await post(t, { name: "two", permissions: { files: ["write"] } }, "others");
  },

  "api key options: the limit": async (t) => {
    const { key, id } = await owner(t, { name: "one" });
    for (const number of [1, 2, 3, 4]) await verify(t, key, { label: `request ${number}` });
    await change(t, id, { lastRequest: inSeconds(-61) });
    await verify(t, key, { label: "a minute later" });
  },

  "api key options: headers": async (t) => {
    const { key } = await owner(t, { name: "one" });
    const other = await create(t, { name: "two" });
    await t.signUp("bob", { jar: "bob" });
    const third = await create(t, { name: "three" }, { jar: "bob" });
    await sessionOf(t, key, "the first", { header: "x-key" });
    await sessionOf(t, key, "the second", { header: "x-other-key" });
    await sessionOf(t, other.key, "the usual", { header: "x-api-key" });
    const both = { headers: { "x-key": other.key, "x-other-key": third.key } };
    await t.get("/get-session", { jar: null, ...both, label: "both" });
    await t.get("/get-session", { jar: null, headers: { "x-key": "short", "x-other-key": third.key }, label: "a wrong first" });
    await t.get("/get-session", { jar: null, headers: { "x-key": "", "x-other-key": third.key }, label: "an empty first" });
  },

  "api key options: short keys": async (t) => {
    const { key } = await owner(t, { name: "one" });
    for (const [label, text] of [
      ["71 characters", key.slice(0, 71)],
      ["72 characters", key.slice(0, 72)],
      ["one less", key.slice(0, -1)],
    ])
      await sessionOf(t, text, label, { header: "x-key" });
    await t.get("/api-key/list", by(key, { header: "x-key", label: "right" }));
  },

  "api key options: a key from before the options changed": async (t) => {
    const { id, key } = await owner(t, { name: "one" });
    await change(t, id, { name: "n".repeat(40), prefix: null, permissions: null, expiresAt: null });
    await verify(t, key);
    await t.post("/api-key/update", { keyId: id, enabled: true });
  },
};
