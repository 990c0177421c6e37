// Declared fields in the compact copy of a session, and in JWTs.
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
  hidden: "nobody sees it",
};

export default {
  "fields in a copy: everything told": async (t) => {
    await t.signUp("ada", { body: ALL });
    await t.get("/token");
    await t.get("/get-session", { label: "from the copy" });
    await t.post("/update-user", { age: 37, tags: [], scores: null });
    await t.get("/get-session", { label: "from another copy" });
    await t.get("/get-session?disableCookieCache=true");
  },

  "fields in a copy: nothing told but what must be": async (t) => {
    await t.signUp("ada", { body: { locale: "de" } });
    await t.get("/token");
    await t.get("/get-session", { label: "from the copy" });
    await t.get("/get-session?disableCookieCache=true");
  },

  "fields in a token: everything told": async (t) => {
    await t.signUp("ada", { body: ALL });
    await t.get("/token");
    await t.post("/update-user", { age: null, bornOn: null, tags: [], scores: [0, 1e21], plan: "free", isMember: false });
    await t.get("/token", { label: "a changed one" });
  },

  "fields in a token: nothing told but what must be": async (t) => {
    await t.signUp("ada", { body: { locale: "de" } });
    await t.get("/token");
  },
};
