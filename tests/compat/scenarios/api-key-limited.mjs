// API keys while the rate limits are on: a key has its own limit in addition.
import { by, change, create, owner } from "../support/api-keys.mjs";

export const profile = "api-key-limited";

export default {
  "api key limited: the limit of an address": async (t) => {
    await owner(t);
    for (let number = 1; number <= 20; number += 1) await create(t, {}, { label: `create ${number}` });
    await t.get("/api-key/list");
  },

  "api key limited: both limits": async (t) => {
    const { key, id } = await owner(t);
    await change(t, id, { rateLimitMax: 3, rateLimitTimeWindow: 600_000 });
    for (let number = 1; number <= 22; number += 1)
      await t.get("/api-key/list", by(key, { label: `request ${number}` }));
  },
};
