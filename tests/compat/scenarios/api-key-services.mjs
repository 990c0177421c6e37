// API keys that services create and change for any user. Better Auth has functions for it, but no routes.
import { NO_ID, SERVER_ONLY, WRONG, create, manage, owner, verify } from "../support/api-keys.mjs";

export const profile = "api-key-session";

const DAY = 86_400;

/** Signs a user up, and returns its id. */
async function userId(t) {
  return (await t.signUp()).json().user.id;
}

export default {
  "api key service: create": async (t) => {
    const id = await userId(t);
    await manage(t, "create", { userId: id }, "only the user");
    await manage(t, "create", { userId: id, name: "one", prefix: "p_", expiresIn: 7 * DAY, metadata: { a: 1 } }, "as a user");
    await manage(t, "create", { userId: id, ...SERVER_ONLY }, "every other member");
    await t.get("/api-key/list");
  },

  "api key service: create with one member": async (t) => {
    const id = await userId(t);
    const pair = { refillAmount: 10, refillInterval: 60_000 };
    const bodies = {
      "no uses": { remaining: 0 },
      "some uses": { remaining: 100 },
      "unlimited uses": { remaining: null },
      "a refill": pair,
      "a refill and uses": { ...pair, remaining: 3 },
      "a refill and unlimited uses": { ...pair, remaining: null },
      "a limit that is off": { rateLimitEnabled: false },
      "a limit that is on": { rateLimitEnabled: true },
      "a maximum": { rateLimitMax: 5 },
      "a window": { rateLimitTimeWindow: 1000 },
      permissions: { permissions: { files: ["read", "write"], users: [] } },
      "no permissions": { permissions: {} },
    };
    for (const [label, body] of Object.entries(bodies)) await manage(t, "create", { userId: id, ...body }, label);
  },

  "api key service: create rejected": async (t) => {
    const id = await userId(t);
    const bodies = {
      "half a refill, an amount": { refillAmount: 5 },
      "half a refill, an interval": { refillInterval: 5 },
      "fewer uses than none": { remaining: -1 },
      "a refill of nothing": { refillAmount: 0, refillInterval: 5 },
      "a short lifetime": { expiresIn: 1 },
      "a long name": { name: "n".repeat(33) },
      "a long prefix": { prefix: "p".repeat(33) },
      "metadata that is a text": { metadata: "x" },
    };
    for (const [label, body] of Object.entries(bodies)) await manage(t, "create", { userId: id, ...body }, label);
    await manage(t, "create", {}, "no user");
    await manage(t, "create", { userId: "" }, "an empty user");
  },

  "api key service: create with members of wrong types": async (t) => {
    const id = await userId(t);
    for (const member of Object.keys(SERVER_ONLY))
      for (const [kind, value] of Object.entries(WRONG)) {
        if (kind === "number" || kind === "true") continue;
        if (member === "remaining" && kind === "null") continue;
        await manage(t, "create", { userId: id, [member]: value }, `${member}: ${kind}`);
      }
  },

  "api key service: update": async (t) => {
    const { id: keyId, userId: id } = await owner(t, { name: "one" });
    const changes = {
      "the name": { name: "two" },
      uses: { remaining: 5 },
      "a refill": { refillAmount: 10, refillInterval: 60_000 },
      "a refill of nothing": { refillAmount: 0, refillInterval: 0 },
      "the limit": { rateLimitEnabled: false, rateLimitMax: 7, rateLimitTimeWindow: 1000 },
      permissions: { permissions: { files: ["read"] } },
      "no permissions": { permissions: null },
      "empty permissions": { permissions: {} },
      "what users change": { enabled: false, metadata: { a: 1 }, expiresIn: 2 * DAY },
      all: { ...SERVER_ONLY, name: "three" },
    };
    for (const [label, body] of Object.entries(changes)) await manage(t, "update", { keyId, userId: id, ...body }, label);
    await t.get(`/api-key/get?id=${keyId}`, { label: "get" });
  },

  "api key service: update rejected": async (t) => {
    const { id: keyId, userId: id } = await owner(t, { name: "one" });
    const changes = {
      nothing: {},
      "half a refill, an amount": { refillAmount: 5 },
      "half a refill, an interval": { refillInterval: 5 },
      "no uses": { remaining: 0 },
      "a long name": { name: "n".repeat(33) },
      "a text of permissions": { permissions: "read" },
      "an unknown key": { keyId: NO_ID, name: "x" },
      "another user": { userId: NO_ID, name: "x" },
    };
    for (const [label, body] of Object.entries(changes)) await manage(t, "update", { keyId, userId: id, ...body }, label);
  },

  "api key service: a key's permissions": async (t) => {
    const id = await userId(t);
    const { key } = (await manage(t, "create", { userId: id, permissions: { files: ["read"] } })).json();
    await verify(t, key, { permissions: { files: ["read"] } });
    await verify(t, key, { permissions: { files: ["write"] }, label: "another action" });
  },

  "api key service: a key's uses and refill": async (t) => {
    const id = await userId(t);
    const body = { userId: id, remaining: 1, refillAmount: 2, refillInterval: 3_600_000, rateLimitMax: 100 };
    const { key } = (await manage(t, "create", body)).json();
    for (const number of [1, 2]) await verify(t, key, { label: `use ${number}` });
  },

  "api key service: a key of a user and of a service": async (t) => {
    const own = await owner(t, { name: "own" });
    await manage(t, "create", { userId: own.userId, name: "other", remaining: 5 });
    await create(t, { name: "third" });
    await t.get("/api-key/list");
  },
};
