import { requestChecks, session } from "../support/guards.mjs";

const ROUTE = "/delete-user";
const GOOD = { password: "password1234" };

export const profile = "core";

export default {
  ...requestChecks(ROUTE, {}),
  ...session("POST", ROUTE, GOOD),
  ...session("GET", "/delete-user/callback?token=x"),

  "delete user: good": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: "b" });
    await t.signUp("bob", { jar: "bob" });
    await t.post(ROUTE);
    await t.get("/get-session");
    await t.get("/get-session", { jar: "b", label: "the other" });
    await t.get("/get-session", { jar: "bob", label: "another's" });
    await t.signUp("ada", { label: "again" });
  },

  "delete user: by the password": async (t) => {
    await t.signUp();
    await t.age("2 days");
    for (const password of ["wrong-password", "PASSWORD1234", "x"]) await t.post(ROUTE, { password }, { label: password });
    await t.post(ROUTE, GOOD);
    await t.get("/get-session");
  },

  "delete user: a password that is too long": async (t) => {
    await t.signUp();
    await t.post(ROUTE, { password: "x".repeat(129) });
  },

  "delete user: an empty password": async (t) => {
    await t.signUp();
    await t.post(ROUTE, { password: "" });
  },

  "delete user: in an old session": async (t) => {
    await t.signUp();
    await t.age("23 hours 58 minutes");
    await t.signUp("bob", { jar: "bob" });
    await t.post(ROUTE, {}, { label: "not old yet" });
    await t.age("2 days");
    await t.post(ROUTE, {}, { jar: "bob", label: "old" });
  },

  "delete user: no stored password": async (t) => {
    await t.signUp();
    await t.sql("update account set password = null");
    await t.post(ROUTE, GOOD, { label: "no password" });
    await t.sql(`update account set "providerId" = 'github'`);
    await t.post(ROUTE, GOOD, { label: "another provider" });
    await t.sql("delete from account");
    await t.post(ROUTE, GOOD, { label: "no account" });
    await t.post(ROUTE, {}, { label: "without" });
  },

  "delete user: by a token": async (t) => {
    await t.signUp();
    for (const token of ["x", "a\0"]) await t.post(ROUTE, { token }, { label: JSON.stringify(token) });
    await t.get("/delete-user/callback?token=x");
    await t.post(ROUTE, { token: "" }, { label: "an empty one" });
  },

  "delete user: not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.post(ROUTE, GOOD);
  },

  "delete user: fields of wrong types": async (t) => {
    await t.signUp();
    for (const body of [{ password: 1 }, { token: null }, { password: null, token: 1 }, { token: [] }])
      await t.post(ROUTE, body, { label: JSON.stringify(body) });
    await t.post(ROUTE, { password: 1 }, { jar: null, label: "without a session" });
    await t.post(ROUTE, { callbackURL: null }, { label: "callbackURL null" });
  },
};
