// API keys that are stored unhashed, without a limit. Users cannot choose when they expire.
import { by, change, inSeconds, owner, sessionOf, verify } from "../support/api-keys.mjs";

export const profile = "api-key-plain";

export default {
  "api key plain: a key": async (t) => {
    const { id, key } = await owner(t, { name: "one", prefix: "p_" });
    await verify(t, key);
    await sessionOf(t, key);
    await t.get(`/api-key/get?id=${id}`, { label: "get" });
    await t.get("/api-key/list", by(key));
  },

  "api key plain: lifetimes are not chosen": async (t) => {
    const { id: keyId } = await owner(t);
    for (const expiresIn of [86_400, 1, null]) {
      await t.post("/api-key/create", { expiresIn }, { label: `create ${expiresIn}` });
      await t.post("/api-key/update", { keyId, expiresIn }, { label: `update ${expiresIn}` });
    }
    await t.post("/api-key/create", { expiresIn: 1, prefix: "a".repeat(40) }, { label: "before the prefix" });
    await t.post("/api-key/update", { keyId, expiresIn: null, name: "" }, { label: "after the name" });
    await t.post("/api-key/update", { keyId, name: "two" }, { label: "a name" });
  },

  "api key plain: no limit": async (t) => {
    const { key, id } = await owner(t);
    for (let number = 1; number <= 12; number += 1) await verify(t, key, { label: `request ${number}` });
    await change(t, id, { rateLimitEnabled: true, rateLimitMax: 1, rateLimitTimeWindow: 600_000 });
    for (const number of [1, 2]) await verify(t, key, { label: `a limit of its own, ${number}` });
  },

  "api key plain: expired and used up": async (t) => {
    const { key, id } = await owner(t);
    await change(t, id, { remaining: 1 });
    for (const number of [1, 2, 3]) await verify(t, key, { label: `use ${number}` });
    const other = await owner(t, {}, { name: "bob", jar: "bob" });
    await change(t, other.id, { expiresAt: inSeconds(-1) });
    await sessionOf(t, other.key);
  },
};
