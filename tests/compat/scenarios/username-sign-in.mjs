// Sign-in by user name.
import { requestChecks } from "../support/guards.mjs";
import { INVALID } from "../support/user-names.mjs";

export const profile = "username";

const ROUTE = "/sign-in/username";
const ADA = { username: "ada_l", password: "password1234" };

const signedUp = (t, options) => t.signUp("ada", { body: { username: "Ada_L" }, jar: null, ...options });

export default {
  ...requestChecks(ROUTE, ADA),

  "username: a sign-in": async (t) => {
    await signedUp(t);
    await t.post(ROUTE, ADA);
    await t.get("/get-session");
    const other = { jar: "b", headers: { "user-agent": "agent/1" } };
    await t.post(ROUTE, { ...ADA, username: "ADA_L" }, { ...other, label: "in capitals" });
    await t.post(ROUTE, ADA, { label: "again" });
    await t.signIn("ada", { jar: "c", label: "by address" });
    await t.get("/list-sessions");
  },

  "username: a sign-in that is rejected": async (t) => {
    await signedUp(t);
    for (const [label, body] of Object.entries({
      "wrong password": { password: "wrong-password" },
      "short password": { password: "x" },
      "empty password": { password: "" },
      "password in capitals": { password: "PASSWORD1234" },
      "unknown name": { username: "unknown" },
      "both empty": { username: "", password: "" },
      "invalid name, empty password": { username: "a", password: "" },
      "invalid name, wrong password": { username: "a b", password: "wrong-password" },
      "the address": { username: "ada@example.com" },
    }))
      await t.post(ROUTE, { ...ADA, ...body }, { jar: "b", label });
    const byAddress = { email: "ada_l", password: ADA.password };
    await t.post("/sign-in/email", byAddress, { jar: "b", label: "the name as address" });
  },

  "username: a sign-in with invalid names": async (t) => {
    for (const [label, username] of Object.entries(INVALID))
      await t.post(ROUTE, { ...ADA, username }, { jar: null, label });
  },

  "username: a sign-in with a long password": async (t) => {
    await signedUp(t);
    await t.post(ROUTE, { ...ADA, password: "x".repeat(128) }, { jar: null, label: "128 characters" });
    await t.post(ROUTE, { ...ADA, password: "x".repeat(129) }, { jar: null, label: "129 characters" });
    await t.post(ROUTE, { username: "unknown", password: "x".repeat(129) }, { jar: null, label: "129, unknown name" });
  },

  "username: a sign-in with NUL in the password": async (t) => {
    await signedUp(t);
    await t.post(ROUTE, { ...ADA, password: "password1234\u0000" }, { jar: null });
  },

  "username: a sign-in with members of wrong types": async (t) => {
    for (const body of [
      {},
      { username: 1, password: 2, rememberMe: "x" },
      { username: null, password: null, rememberMe: null },
      { username: [], password: {} },
      { ...ADA, rememberMe: "true" },
      { ...ADA, rememberMe: 1 },
      { ...ADA, callbackURL: null },
      { username: "ada_l" },
      { password: "x" },
    ])
      await t.post(ROUTE, body, { jar: null, label: JSON.stringify(body) });
  },

  "username: a sign-in of a user without a password": async (t) => {
    await signedUp(t);
    await t.sql("update account set password = null");
    await t.post(ROUTE, ADA, { jar: null, label: "no password" });
    await t.sql(`update account set "providerId" = 'github', password = 'x'`);
    await t.post(ROUTE, ADA, { jar: null, label: "another provider" });
    await t.sql("delete from account");
    await t.post(ROUTE, ADA, { jar: null, label: "no account" });
  },

  "username: a sign-in with a stored hash of no known form": async (t) => {
    await signedUp(t);
    await t.sql("update account set password = 'plain'");
    await t.post(ROUTE, ADA, { jar: null });
  },

  "username: a sign-in that is remembered or not": async (t) => {
    await signedUp(t);
    await t.post(ROUTE, { ...ADA, rememberMe: false }, { label: "not" });
    await t.get("/get-session");
    await t.post(ROUTE, ADA, { label: "again, without the member" });
    await t.post(ROUTE, { ...ADA, rememberMe: true }, { label: "remembered" });
    await t.post("/sign-out");
  },

  "username: a sign-in with a callback": async (t) => {
    await signedUp(t);
    for (const callbackURL of ["/home", "/a?b=c", "http://localhost:5173/x", "https://evil.test", "//evil.test", ""])
      await t.post(ROUTE, { ...ADA, callbackURL }, { jar: null, label: `to ${callbackURL}` });
  },

  "username: a sign-in from another page": async (t) => {
    await signedUp(t);
    for (const headers of [
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", origin: "https://evil.test" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", origin: "http://localhost:5173" },
      { origin: null },
    ])
      await t.post(ROUTE, ADA, { headers, jar: null, label: `metadata ${JSON.stringify(headers)}` });
  },

  "username: a sign-in from a foreign page without metadata": async (t) => {
    await signedUp(t);
    await t.post(ROUTE, ADA, { headers: { origin: "https://evil.test" }, jar: null });
  },

  "username: a sign-in of a user that has no name": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.post(ROUTE, { ...ADA, username: "null" }, { jar: null });
    await t.post(ROUTE, { ...ADA, username: "ada" }, { jar: null, label: "the user's own name" });
  },
};
