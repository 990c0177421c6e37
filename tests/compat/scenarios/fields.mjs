// Declared fields: which values clients can set, and what is stored and returned.
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
  hidden: "never returned",
  handle: "ada",
};
/** Valid but unusual values. */
const ODD = {
  nickname: ["", " ", "é\u2028\"\\", "2020-01-01T00:00:00Z", "x".repeat(4096), null],
  age: [0, -1, 2147483647, null],
  isMember: [false, null],
  bornOn: ["2020-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", null],
  tags: [[], ["a", "a"], ["2020-01-01T00:00:00.000Z"], null],
  scores: [[], [0, 1e21, 1e-7], null],
  plan: ["free", null],
};
const JSON_VALUES = [
  {},
  { b: 1, a: [1, "x", null, { c: 1.5 }], ä: "é\u2028" },
  { long: 12345678901, text: "2020-01-01T00:00:00.000Z" },
  null,
  true,
  false,
  0,
  7,
  1.5,
  "null",
  '"x"',
  '{"a":1}',
  "[1]",
  "7",
];
const JSON_LISTS = [[], [1, 2], ["a"], [{ a: 1 }]];
const JSON_WRONG = ["x", "", "{"];
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
const deleteUsers = (t) => t.sql(`delete from "user"`);

function each(values, play) {
  return async (t) => {
    await signUp(t);
    for (const [field, list] of Object.entries(values))
      for (const value of list) await play(t, field, value, `${field} ${JSON.stringify(value).slice(0, 40)}`);
  };
}

function eachSettings(values) {
  return async (t) => {
    for (const value of values) {
      await signUp(t, { settings: value }, { jar: null, label: JSON.stringify(value) });
      await deleteUsers(t);
    }
  };
}

export default {
  "fields: all set": async (t) => {
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

  "fields: only required ones set": async (t) => {
    await signUp(t);
    await t.get("/get-session?disableCookieCache=true");
    await t.get("/list-sessions");
  },

  "fields: a required one is missing": async (t) => {
    await t.signUp();
    await t.signUp("ada", { body: { locale: null }, label: "null" });
    await t.signUp("ada", { body: { locale: "" }, label: "empty" });
  },

  "fields: json values": eachSettings(JSON_VALUES),

  "fields: lists as json values": eachSettings(JSON_LISTS),

  "fields: texts that are not json": eachSettings(JSON_WRONG),

  "fields: json values in an update": async (t) => {
    await signUp(t, { settings: { a: 1 } });
    for (const value of JSON_VALUES) {
      await t.post("/update-user", { settings: value }, { label: JSON.stringify(value) });
      await t.get("/get-session?disableCookieCache=true");
    }
    await t.post("/update-user", { layout: { columns: 1 } }, { label: "the one with a default" });
    await t.get("/get-session");
  },

  "fields: by form": async (t) => {
    const form = { name: "ada", email: "ada@example.com", password: "password1234", ...BASE, nickname: "Countess" };
    await t.call("POST", "/sign-up/email", { form });
  },

  "fields: those that clients cannot set": async (t) => {
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
      await deleteUsers(t);
    }
  },

  "fields: unique values": async (t) => {
    await signUp(t, { handle: "ada" });
    await t.signUp("bob", { body: { ...BASE, handle: "bob" }, jar: "bob" });
    await t.post("/update-user", { handle: "bobby" }, { jar: "bob" });
    await t.post("/update-user", { handle: null }, { jar: "bob", label: "none" });
  },

  "fields: a unique value that is taken, at sign-up": async (t) => {
    await signUp(t, { handle: "ada" });
    await t.signUp("bob", { body: { ...BASE, handle: "ada" }, jar: "bob" });
  },

  "fields: a unique value that is taken, in an update": async (t) => {
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

  "fields: changed to unusual values": each(ODD, (t, field, value, label) =>
    t.post("/update-user", { [field]: value }, { label }),
  ),

  "fields: unusual values at sign-up": async (t) => {
    for (const [field, list] of Object.entries(ODD))
      for (const value of list) {
        await signUp(t, { [field]: value }, { jar: null, label: `${field} ${JSON.stringify(value).slice(0, 40)}` });
        await deleteUsers(t);
      }
  },

  "fields: changed to invalid values": async (t) => {
    for (const [field, list] of Object.entries(WRONG))
      for (const value of list) {
        await signUp(t);
        await t.post("/update-user", { [field]: value }, { label: `${field} ${JSON.stringify(value)}` });
        await deleteUsers(t);
        t.jar().clear();
      }
  },

  "fields: invalid values at sign-up": async (t) => {
    for (const [field, list] of Object.entries(WRONG))
      for (const value of list) {
        await signUp(t, { [field]: value }, { jar: null, label: `${field} ${JSON.stringify(value)}` });
        await deleteUsers(t);
      }
  },

  "fields: changes of those that clients cannot set": async (t) => {
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

  "fields: values set in the database": async (t) => {
    await signUp(t, ALL);
    await t.sql(`update "user" set internal = 'note', credit = 3, age = null, tags = null, "bornOn" = '2020-01-01T00:00:00.1239Z'`);
    await t.sql(`update session set device = 'phone', seen = 5, "secretNote" = 'y', "startedFrom" = 'app'`);
    await t.get("/get-session?disableCookieCache=true");
    await t.get("/list-sessions");
    await t.age("2 days");
    await t.get("/get-session?disableCookieCache=true", { label: "renewed" });
  },
};
