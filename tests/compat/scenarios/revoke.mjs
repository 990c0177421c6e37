import { requestChecks, session } from "../support/guards.mjs";

const THESE = "/revoke-sessions";
const OTHERS = "/revoke-other-sessions";
const ONE = "/revoke-session";

export default {
  ...requestChecks(ONE, { token: "x" }),
  ...session("POST", ONE, { token: "x" }),
  ...requestChecks(THESE, {}),
  ...session("POST", THESE, {}),
  ...requestChecks(OTHERS, {}),
  ...session("POST", OTHERS, {}),

  "revoke: another session of the caller": async (t) => {
    await t.signUp();
    const other = await t.signIn("ada", { jar: "b" });
    await t.post(ONE, { token: other.json().token });
    await t.get("/get-session", { jar: "b", label: "the other" });
    await t.post(ONE, { token: other.json().token }, { label: "again" });
    await t.get("/get-session");
  },

  "revoke: the current session": async (t) => {
    const { token } = (await t.signUp()).json();
    await t.post(ONE, { token });
    await t.get("/get-session");
    await t.post(ONE, { token }, { label: "without a session" });
  },

  "revoke: another's, unknown, odd": async (t) => {
    const { token } = (await t.signUp("bob", { jar: "bob" })).json();
    await t.signUp();
    await t.post(ONE, { token }, { label: "another's" });
    for (const odd of ["", "unknown", `${token}.x`, "x".repeat(4000), "é"])
      await t.post(ONE, { token: odd }, { label: odd.slice(0, 9).replace(token.slice(0, 9), "with a tail") });
    await t.get("/get-session", { jar: "bob" });
  },

  "revoke: fields of wrong types": async (t) => {
    await t.signUp();
    for (const body of [{}, { token: null }, { token: 1 }, { token: ["a"] }, { id: "x" }])
      await t.post(ONE, body, { label: JSON.stringify(body) });
    await t.post(ONE, {}, { jar: null, label: "without a session" });
  },

  "revoke: an expired session": async (t) => {
    const { token } = (await t.signUp()).json();
    await t.age("8 days");
    await t.signIn("ada", { jar: "b" });
    await t.post(ONE, { token }, { jar: "b" });
  },

  "revoke: all": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: "b" });
    await t.signUp("bob", { jar: "bob" });
    await t.post(THESE);
    await t.get("/get-session");
    await t.get("/get-session", { jar: "b", label: "the other" });
    await t.get("/get-session", { jar: "bob", label: "another's" });
    await t.post(THESE, {}, { label: "again" });
  },

  "revoke: all the others": async (t) => {
    await t.signUp();
    await t.post(OTHERS, {}, { label: "there are none" });
    await t.signIn("ada", { jar: "b" });
    await t.signIn("ada", { jar: "c", body: { rememberMe: false } });
    await t.signUp("bob", { jar: "bob" });
    await t.post(OTHERS);
    await t.get("/get-session");
    await t.get("/get-session", { jar: "b", label: "the other" });
    await t.get("/get-session", { jar: "bob", label: "another's" });
  },

  "revoke: all the others, those that are over too": async (t) => {
    await t.signUp();
    await t.age("8 days");
    await t.signIn("ada", { jar: "b" });
    await t.post(OTHERS, {}, { jar: "b" });
  },

  "revoke: with a query": async (t) => {
    await t.signUp();
    for (const query of ["disableCookieCache=", "disableCookieCache=false", "disableRefresh=true"])
      await t.post(`${OTHERS}?${query}`);
  },
};
