import { requestChecks } from "../support/guards.mjs";

const ROUTE = "/sign-in/email";
const ADA = { email: "ada@example.com", password: "password1234" };

export default {
  ...requestChecks(ROUTE, ADA),

  "sign in: good": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.signIn();
    await t.signIn("ada", { label: "again" });
    await t.signIn("ada", { body: { email: "ADA@Example.COM" }, jar: "b", headers: { "user-agent": "agent/1" } });
    await t.get("/get-session");
  },

  "sign in: refused": async (t) => {
    await t.signUp();
    await t.signIn("ada", { body: { password: "wrong-password" }, jar: "b" });
    await t.signIn("ada", { body: { password: "short" }, jar: "b" });
    await t.signIn("ada", { body: { password: "" }, jar: "b" });
    await t.signIn("ada", { body: { password: "PASSWORD1234" }, jar: "b" });
    await t.signIn("ada", { body: { password: " password1234" }, jar: "b" });
    await t.signIn("unknown", { jar: "b" });
    await t.signIn("ada", { body: { email: "no-address" }, jar: "b" });
    await t.signIn("ada", { body: { email: "" }, jar: "b" });
    await t.signIn("ada", { body: { email: " ada@example.com" }, jar: "b" });
    await t.signIn("ada", { body: { password: "wrong-password" }, label: "while signed in" });
    await t.get("/get-session");
  },

  "sign in: a password that is too long": async (t) => {
    await t.signIn("ada", { body: { password: "x".repeat(129) }, jar: null });
  },

  "sign in: no password to check": async (t) => {
    await t.signUp();
    await t.sql("update account set password = null");
    await t.signIn("ada", { jar: "b", label: "no password" });
    await t.sql(`update account set "providerId" = 'github', password = 'x'`);
    await t.signIn("ada", { jar: "b", label: "another provider" });
    await t.sql("delete from account");
    await t.signIn("ada", { jar: "b", label: "no account" });
  },

  "sign in: a stored hash of no known form": async (t) => {
    await t.signUp();
    await t.sql("update account set password = 'plain'");
    await t.signIn("ada", { jar: "b" });
  },

  "sign in: fields of wrong types": async (t) => {
    for (const body of [
      {},
      { email: 1, password: 2 },
      { email: null, password: null, rememberMe: null },
      { ...ADA, rememberMe: "true" },
      { ...ADA, rememberMe: 1 },
      { email: [], password: {} },
      { email: "x" },
      { password: "x" },
    ])
      await t.post(ROUTE, body, { jar: null, label: JSON.stringify(body) });
  },

  "sign in: remembered or not": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.signIn("ada", { body: { rememberMe: false } });
    await t.get("/get-session");
    await t.signIn("ada", { label: "again, without rememberMe" });
    await t.signIn("ada", { body: { rememberMe: true } });
    await t.get("/get-session");
    await t.post("/sign-out");
  },

  "sign in: by form": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.call("POST", ROUTE, { form: ADA });
    await t.call("POST", ROUTE, { form: { ...ADA, rememberMe: "false" }, jar: "b" });
    await t.call("POST", ROUTE, { form: { ...ADA, callbackURL: "/home" }, jar: "c" });
  },

  "sign in: callback URLs": async (t) => {
    await t.signUp("ada", { jar: null });
    for (const callbackURL of [
      "/",
      "/a",
      "/a/b-c_d.e+f@g",
      "/a?b=c&d=%20",
      "http://localhost:3000",
      "http://localhost:3000/x#y",
      "HTTP://LOCALHOST:3000/x",
      "http://localhost:5173/x",
      "https://a.example.com/x?y=z",
      "https://a.b.example.com",
      "",
    ])
      await t.signIn("ada", { body: { callbackURL }, jar: null, label: `to ${callbackURL}` });
    for (const callbackURL of [
      "https://evil.test",
      "//evil.test",
      "/\\evil.test",
      "/%2f/evil.test",
      "/a b",
      "/a#b",
      "/a:b",
      "/ä",
      "a",
      "?a",
      "/a?x=http://e",
      "https:evil.test",
      "https://example.com",
      "http://a.example.com",
      "https://a.example.com:8443",
      "http://localhost:3000@evil.test",
      "http://localhost:30000",
      "javascript:alert(1)",
      "data:,x",
      " /a",
      "/\t/a",
    ])
      await t.signIn("ada", { body: { callbackURL }, jar: null, label: `not to ${JSON.stringify(callbackURL)}` });
  },

  "sign in: callback URLs in the query": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.post(`${ROUTE}?callbackURL=https%3A%2F%2Fevil.test`, ADA, { jar: null });
    await t.post(`${ROUTE}?callbackURL=%2Fa`, ADA, { jar: null });
  },

  "sign in: callback URLs in body and query": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.post(`${ROUTE}?callbackURL=https%3A%2F%2Fevil.test`, { ...ADA, callbackURL: "/a" }, { jar: null });
  },

  "sign in: redirectTo in the query": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.post(`${ROUTE}?redirectTo=https%3A%2F%2Fevil.test`, ADA, { jar: null });
  },

  "sign in: fetch metadata": async (t) => {
    await t.signUp("ada", { jar: null });
    for (const headers of [
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", origin: "null" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", origin: "https://evil.test" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", origin: "http://localhost:5173" },
      { "sec-fetch-dest": "document", origin: null, referer: "http://localhost:3000/x" },
    ])
      await t.signIn("ada", { headers, jar: null, label: `metadata ${JSON.stringify(headers)}` });
  },

  "sign in: from a foreign page without metadata": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.signIn("ada", { headers: { origin: "https://evil.test" }, jar: null, label: "foreign" });
  },

  "sign in: from a foreign page without metadata or origin": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.signIn("ada", {
      headers: { origin: null, referer: "https://evil.test/" },
      jar: null,
      label: "referer",
    });
  },

  "sign in: without an origin": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.signIn("ada", { headers: { origin: null }, jar: null, label: "no cookie" });
  },

  "sign in: an empty cookie without an origin": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.signIn("ada", { headers: { origin: null, cookie: "" }, jar: null });
  },

  "sign in: another's cookie without an origin": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.signIn("ada", { headers: { origin: null, cookie: "a=b" }, jar: null });
  },

  "sign in: metadata without a site and an origin": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.signIn("ada", { headers: { "sec-fetch-dest": "document", origin: null }, jar: null, label: "document" });
  },
};
