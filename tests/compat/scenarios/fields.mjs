// Fields that a deployment declares: what may be told of them, and what is stored and shown.
export const profile = "fields";

const BASE = { locale: "de" };
const ALL = {
  ...BASE,
  nickname: "Countess",
  age: 36,
  isMember: true,
  bornOn: "1815-12-10T00:00:00.000Z",
  tags: ["math", "ä", ""],
  scores: [1, 2.5, -3],
  plan: "paid",
  role: "author",
  theme: "light",
  level: 7,
  isTester: true,
  hidden: "nobody sees it",
  handle: "ada",
};
/** What is of each type and odd. */
const ODD = {
  nickname: ["", " ", "é\u2028\"\\", "2020-01-01T00:00:00Z", "x".repeat(4096), null],
  age: [0, -1, 2147483647, null],
  isMember: [false, null],
  bornOn: ["2020-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", null],
  tags: [[], ["a", "a"], ["2020-01-01T00:00:00.000Z"], null],
  scores: [[], [0, 1e21, 1e-7], null],
  plan: ["free", null],
};
const WRONG = {
  nickname: [1, true, [], {}],
  age: ["x", 1.5, 2147483648, true, []],
  isMember: ["x", 2, [], {}],
  bornOn: ["x", true, {}],
  tags: ["x", 1, [1], {}],
  scores: ["x", 1, ["x"], {}],
  plan: ["gold", 1, ["free"]],
  locale: [null, 1],
  role: [null],
};

const signUp = (t, body, options) => t.signUp("ada", { body: { ...BASE, ...body }, ...options });
const gone = (t) => t.sql(`delete from "user"`);

function each(values, play) {
  return async (t) => {
    await signUp(t);
    for (const [field, texts] of Object.entries(values))
      for (const value of texts) await play(t, field, value, `${field} ${JSON.stringify(value).slice(0, 40)}`);
  };
}

export default {
  "fields: everything told": async (t) => {
    await signUp(t, ALL);
    await t.get("/get-session");
    await t.get("/get-session?disableCookieCache=true");
    await t.get("/list-sessions");
    await t.signIn("ada", { jar: "b" });
    await t.post("/change-password", {
      currentPassword: "password1234",
      newPassword: "password5678",
      revokeOtherSessions: true,
    });
    await t.get("/get-session", { label: "the new session" });
  },

  "fields: nothing told but what must be": async (t) => {
    await signUp(t);
    await t.get("/get-session?disableCookieCache=true");
    await t.get("/list-sessions");
  },

  "fields: what must be told is not": async (t) => {
    await t.signUp();
    await t.signUp("ada", { body: { locale: null }, label: "null" });
    await t.signUp("ada", { body: { locale: "" }, label: "empty" });
  },

  "fields: by form": async (t) => {
    const form = { name: "ada", email: "ada@example.com", password: "password1234", ...BASE, nickname: "Countess" };
    await t.call("POST", "/sign-up/email", { form });
  },

  "fields: what clients may not set": async (t) => {
    for (const [field, value] of [
      ["internal", "x"],
      ["internal", ""],
      ["internal", null],
      ["internal", false],
      ["internal", 0],
      ["credit", 99],
      ["credit", null],
      ["device", "x"],
      ["unknown", "x"],
    ]) {
      await signUp(t, { [field]: value }, { jar: null, label: `${field} ${JSON.stringify(value)}` });
      await gone(t);
    }
  },

  "fields: only one may have it": async (t) => {
    await signUp(t, { handle: "ada" });
    await t.signUp("bob", { body: { ...BASE, handle: "bob" }, jar: "bob" });
    await t.post("/update-user", { handle: "bobby" }, { jar: "bob" });
    await t.post("/update-user", { handle: null }, { jar: "bob", label: "none" });
  },

  "fields: somebody has it already, at sign-up": async (t) => {
    await signUp(t, { handle: "ada" });
    await t.signUp("bob", { body: { ...BASE, handle: "ada" }, jar: "bob" });
  },

  "fields: somebody has it already, afterwards": async (t) => {
    await signUp(t, { handle: "ada" });
    await t.signUp("bob", { body: { ...BASE, handle: "bob" }, jar: "bob" });
    await t.post("/update-user", { handle: "ada" }, { jar: "bob" });
  },

  "fields: changed": async (t) => {
    await signUp(t);
    const { locale, ...rest } = ALL;
    await t.post("/update-user", { locale: "fr" });
    await t.post("/update-user", rest, { label: "all others" });
    await t.get("/get-session");
    await t.get("/get-session?disableCookieCache=true");
  },

  "fields: changed to what is odd": each(ODD, (t, field, value, label) =>
    t.post("/update-user", { [field]: value }, { label }),
  ),

  "fields: odd from the beginning": async (t) => {
    for (const [field, texts] of Object.entries(ODD))
      for (const value of texts) {
        await signUp(t, { [field]: value }, { jar: null, label: `${field} ${JSON.stringify(value).slice(0, 40)}` });
        await gone(t);
      }
  },

  "fields: changed to what is wrong": async (t) => {
    for (const [field, texts] of Object.entries(WRONG))
      for (const value of texts) {
        await signUp(t);
        await t.post("/update-user", { [field]: value }, { label: `${field} ${JSON.stringify(value)}` });
        await gone(t);
        t.jar().clear();
      }
  },

  "fields: wrong from the beginning": async (t) => {
    for (const [field, texts] of Object.entries(WRONG))
      for (const value of texts) {
        await signUp(t, { [field]: value }, { jar: null, label: `${field} ${JSON.stringify(value)}` });
        await gone(t);
      }
  },

  "fields: changed, though clients may not": async (t) => {
    await signUp(t);
    for (const [field, value] of [
      ["internal", "x"],
      ["internal", ""],
      ["credit", 99],
      ["credit", 0],
      ["device", "x"],
    ])
      await t.post("/update-user", { [field]: value }, { label: `${field} ${JSON.stringify(value)}` });
    await t.post("/update-user", { name: "Ada", credit: 0, internal: null }, { label: "with a name" });
    await t.get("/get-session?disableCookieCache=true");
  },

  "fields: what the rows may hold": async (t) => {
    await signUp(t, ALL);
    await t.sql(`update "user" set internal = 'note', credit = 3, age = null, tags = null, "bornOn" = '2020-01-01T00:00:00.1239Z'`);
    await t.sql(`update session set device = 'phone', seen = 5, "secretNote" = 'y', "startedFrom" = 'app'`);
    await t.get("/get-session?disableCookieCache=true");
    await t.get("/list-sessions");
    await t.age("2 days");
    await t.get("/get-session?disableCookieCache=true", { label: "renewed" });
  },
};
