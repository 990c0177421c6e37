// Changes of API keys, with the default options.
import { NO_ID, SERVER_ONLY, WRONG, change, inSeconds, owner, verify } from "../support/api-keys.mjs";

export const profile = "api-key";

const DAY = 86_400;
const post = (t, body, label, options) => t.post("/api-key/update", body, { label, ...options });

export default {
  "api key update: every member that users may set": async (t) => {
    const { id: keyId, userId } = await owner(t, { name: "one" });
    await post(t, { keyId, name: "two" }, "name");
    await post(t, { keyId, enabled: false }, "disabled");
    await post(t, { keyId, enabled: true }, "enabled");
    await post(t, { keyId, expiresIn: 2 * DAY }, "a lifetime");
    await post(t, { keyId, expiresIn: null }, "no lifetime");
    await post(t, { keyId, name: "three", enabled: false, expiresIn: DAY, userId }, "all");
    await t.get(`/api-key/get?id=${keyId}`, { label: "get" });
  },

  "api key update: nothing": async (t) => {
    const { id: keyId } = await owner(t);
    await post(t, { keyId }, "only the id");
    await post(t, { keyId, unknown: 1, prefix: "x", key: "y" }, "others");
    await post(t, { keyId, metadata: { a: 1 } }, "metadata while it is disabled");
    await post(t, { keyId, metadata: "x" }, "metadata that is a text");
    await post(t, { keyId, name: "two", metadata: "x" }, "metadata beside a name");
    await post(t, { keyId, name: "two" }, "the same again");
    await post(t, { keyId, name: "two" }, "the same name");
  },

  "api key update: signed out": async (t) => {
    const { id: keyId, userId } = await owner(t);
    const out = { jar: null };
    await post(t, { keyId, name: "two" }, "a change", out);
    await post(t, { keyId, name: "two", userId }, "with the user", out);
    await post(t, { keyId }, "nothing", out);
    await post(t, {}, "no id", out);
    await post(t, { keyId, ...SERVER_ONLY }, "members of servers", out);
  },

  "api key update: a key of another user": async (t) => {
    const { id: keyId, userId } = await owner(t, {}, { name: "bob", jar: "bob" });
    const { user } = (await t.signUp()).json();
    await post(t, { keyId, name: "two" }, "of another user");
    await post(t, { keyId, name: "two", userId }, "as another user");
    await post(t, { keyId, name: "two", userId: user.id }, "as the caller");
    await post(t, { keyId }, "nothing");
    await post(t, { keyId, ...SERVER_ONLY }, "members of servers");
    await post(t, { keyId: NO_ID, name: "two" }, "an unknown key");
    await t.get(`/api-key/get?id=${keyId}`, { jar: "bob", label: "unchanged" });
  },

  "api key update: members that only servers set": async (t) => {
    const { id: keyId } = await owner(t);
    for (const [name, value] of Object.entries(SERVER_ONLY)) await post(t, { keyId, [name]: value }, name);
    await post(t, { keyId, permissions: null }, "permissions: null");
    await post(t, { keyId, name: "two", rateLimitEnabled: true }, "beside a name");
    await t.get(`/api-key/get?id=${keyId}`, { label: "unchanged" });
  },

  "api key update: members of wrong types": async (t) => {
    const { id: keyId } = await owner(t);
    for (const member of ["name", "enabled", "expiresIn", ...Object.keys(SERVER_ONLY)])
      for (const [kind, value] of Object.entries(WRONG)) {
        if ((member === "name" && kind === "text") || (member === "enabled" && kind === "true")) continue;
        await post(t, { keyId, [member]: value }, `${member}: ${kind}`);
      }
    for (const [kind, value] of Object.entries(WRONG)) await post(t, { keyId: value, name: "x" }, `keyId: ${kind}`);
    await post(t, { name: "x" }, "no keyId");
  },

  "api key update: bodies that are no objects": async (t) => {
    await t.signUp();
    for (const raw of ["[]", '"x"', "1", "null", "{", ""])
      await t.post("/api-key/update", undefined, {
        raw,
        headers: { "content-type": "application/json" },
        label: `body ${raw}`,
      });
    await t.post("/api-key/update", undefined, { raw: "{", jar: null, label: "signed out" });
  },

  "api key update: numbers out of bounds": async (t) => {
    const { id: keyId } = await owner(t);
    for (const expiresIn of [0, 0.5, -1, 1, DAY - 1, DAY, 365 * DAY, 365 * DAY + 1, 1e12])
      await post(t, { keyId, expiresIn }, `${expiresIn} seconds`);
    await post(t, { keyId, remaining: 0 }, "remaining: 0");
    await post(t, { keyId, refillAmount: 0, refillInterval: 0 }, "a pair of zeros");
  },

  "api key update: names": async (t) => {
    const { id: keyId } = await owner(t);
    for (const name of ["", " ", "a", "a".repeat(32), "a".repeat(33), "🔑".repeat(16), "🔑".repeat(17)])
      await post(t, { keyId, name }, `name ${JSON.stringify(name)}`);
  },

  "api key update: the order of the checks": async (t) => {
    const { id: keyId } = await owner(t);
    const wrong = { keyId, name: "a".repeat(40), expiresIn: 1, metadata: "x" };
    await post(t, { ...wrong, userId: "x", ...SERVER_ONLY }, "another user first");
    await post(t, { ...wrong, ...SERVER_ONLY }, "then members of servers");
    await post(t, { ...wrong, keyId: NO_ID }, "then the key");
    await post(t, wrong, "then the name");
    await post(t, { ...wrong, name: "two" }, "then the lifetime");
    await post(t, { keyId, name: "two", refillInterval: 1 }, "half a pair");
  },

  "api key update: an expired and a disabled key": async (t) => {
    const { id: keyId } = await owner(t);
    await change(t, keyId, { expiresAt: inSeconds(-60), enabled: false });
    await post(t, { keyId, name: "two" }, "a name");
    await post(t, { keyId, expiresIn: DAY, enabled: true }, "valid again");
  },

  "api key update: a key that was disabled and enabled": async (t) => {
    const { id: keyId, key } = await owner(t);
    await post(t, { keyId, enabled: false }, "disabled");
    await verify(t, key);
    await post(t, { keyId, enabled: true }, "enabled");
    await verify(t, key);
  },

  "api key delete: a key": async (t) => {
    const { id: keyId, key } = await owner(t);
    await t.post("/api-key/delete", { keyId }, { jar: null, label: "signed out" });
    await t.post("/api-key/delete", { keyId, userId: "x" }, { label: "own" });
    await t.post("/api-key/delete", { keyId }, { label: "again" });
    await t.get("/api-key/list");
    await verify(t, key);
  },

  "api key delete: a key of another user": async (t) => {
    const { id: keyId, userId } = await owner(t, {}, { name: "bob", jar: "bob" });
    await t.signUp();
    await t.post("/api-key/delete", { keyId });
    await t.post("/api-key/delete", { keyId, userId });
    await t.post("/api-key/delete", { keyId: NO_ID }, { label: "an unknown key" });
    await t.get("/api-key/list", { jar: "bob" });
  },

  "api key delete: members of wrong types": async (t) => {
    const { key } = await owner(t);
    for (const [kind, keyId] of Object.entries(WRONG)) await t.post("/api-key/delete", { keyId }, { label: `keyId: ${kind}` });
    await t.post("/api-key/delete", {}, { label: "no id" });
    await t.post("/api-key/delete", {}, { jar: null, label: "no id, signed out" });
    await t.post("/api-key/delete", { id: "x" }, { label: "another name" });
    await t.post("/api-key/delete", { keyId: key }, { label: "the key instead of its id" });
    await t.post("/api-key/delete", { keyId: "" }, { label: "an empty id" });
  },
};
