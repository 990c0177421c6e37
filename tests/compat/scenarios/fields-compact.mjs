// Declared fields in the compact session cookie cache, and in JWTs.
export const profile = "fields-compact";

const ALL = {
  locale: "de",
  nickname: "Countess",
  age: 36,
  isMember: true,
  bornOn: "1815-12-10T00:00:00.000Z",
  tags: ["math", "ä", ""],
  scores: [1, 2.5, 1e21, 1e-7, -0.5],
  plan: "paid",
  hidden: "never returned",
};

export default {
  "fields in a cookie cache: all set": async (t) => {
    await t.signUp("ada", { body: ALL });
    await t.get("/token");
    await t.get("/get-session", { label: "from the cache" });
    await t.post("/update-user", { age: 37, tags: [], scores: null });
    await t.get("/get-session", { label: "from another cache" });
    await t.get("/get-session?disableCookieCache=true");
  },

  "fields in a cookie cache: only required ones set": async (t) => {
    await t.signUp("ada", { body: { locale: "de" } });
    await t.get("/token");
    await t.get("/get-session", { label: "from the cache" });
    await t.get("/get-session?disableCookieCache=true");
  },

  "fields in a token: all set": async (t) => {
    await t.signUp("ada", { body: ALL });
    await t.get("/token");
    await t.post("/update-user", { age: null, bornOn: null, tags: [], scores: [0, 1e21], plan: "free", isMember: false });
    await t.get("/token", { label: "a changed one" });
  },

  "fields in a token: only required ones set": async (t) => {
    await t.signUp("ada", { body: { locale: "de" } });
    await t.get("/token");
  },
};
