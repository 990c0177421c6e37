import { requestChecks } from "../support/guards.mjs";

const ROUTE = "/sign-up/email";
const PERSON = { name: "Eve", email: "eve@example.com", password: "password1234" };

export default {
  ...requestChecks(ROUTE, PERSON),

  "sign up: good": async (t) => {
    await t.signUp("ada", { headers: { "user-agent": "agent/1" } });
    await t.signUp("bob", { body: { rememberMe: false }, jar: "bob" });
    await t.signUp("eve", { body: { rememberMe: true, callbackURL: "/welcome" }, jar: "eve" });
    await t.signUp("dan", { body: { image: "https://example.com/a.png" }, jar: "dan" });
  },

  "sign up: by form": async (t) => {
    await t.call("POST", ROUTE, { form: PERSON });
    await t.get("/get-session");
    await t.call("POST", ROUTE, { form: { ...PERSON, email: "f@example.com", rememberMe: "false" }, jar: "f" });
    const twice = "name=a&name=b&email=g%40example.com&password=password1234";
    const headers = { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" };
    await t.call("POST", ROUTE, { raw: twice, headers, jar: null, label: "the last of two" });
    await t.call("POST", ROUTE, { raw: "", headers, jar: null, label: "empty form" });
    await t.call("POST", ROUTE, { raw: "name=%ZZ&email=%C3%28", headers, jar: null, label: "broken percent" });
  },

  "sign up: fields of wrong types": async (t) => {
    const all = (value) => Object.fromEntries(FIELDS.map((field) => [field, value]));
    for (const body of [{}, all(null), all(1), all(true), all([]), all({}), { ...all(""), rememberMe: "true" }])
      await t.post(ROUTE, { ...body, callbackURL: undefined }, { jar: null, label: JSON.stringify(body) });
    for (const field of FIELDS)
      await t.post(ROUTE, { ...PERSON, [field]: null }, { jar: null, label: `${field} null` });
    for (const field of ["name", "email", "password"])
      await t.post(ROUTE, { ...PERSON, [field]: undefined }, { jar: null, label: `no ${field}` });
  },

  "sign up: a key twice, a byte order mark": async (t) => {
    const headers = { "content-type": "application/json" };
    const text = JSON.stringify(PERSON);
    await t.call("POST", ROUTE, {
      raw: text.replace("{", '{"name":"x",'),
      headers,
      jar: null,
      label: "name twice",
    });
    await t.call("POST", ROUTE, { raw: `\ufeff${text}`, headers, jar: null, label: "byte order mark" });
  },

  "sign up: addresses": async (t) => {
    for (const email of [
      "no-address",
      "a@b",
      " a@b.co",
      "a@b.co ",
      "a..b@c.de",
      ".a@b.co",
      "a.@b.co",
      "a@-b.co",
      "a@b.c",
      "a@b_c.de",
      "a@bücher.de",
      "ä@b.co",
      "a＠b.co",
      "a@b.co,c@d.ef",
      '"q"@b.co',
      "a@[127.0.0.1]",
      "<a@b.co>",
      "a@b.co\n",
      "",
      "a/b@c.de",
      "a=b@c.de",
      "a!b@c.de",
      "a@b.1a",
      "a@b.co.",
    ])
      await t.post(ROUTE, { ...PERSON, email }, { jar: null, label: `no ${JSON.stringify(email)}` });
    for (const email of [
      "A.B+c_d-e'f@Sub.Example.CO",
      "a@1.co",
      "a@b--c.de",
      "a@b-.co",
      "_@b.co",
      "-@b.co",
      "1@2.museum",
    ])
      await t.post(ROUTE, { ...PERSON, email }, { jar: null, label: `yes ${email}` });
  },

  "sign up: passwords": async (t) => {
    const passwords = [
      "",
      "1234567",
      "12345678",
      "x".repeat(128),
      "x".repeat(129),
      "🔑🔑🔑",
      "🔑🔑🔑🔑",
      " ".repeat(8),
    ];
    for (const [at, password] of [...passwords, "🔑".repeat(64), "🔑".repeat(65), "pässwörd①"].entries())
      await t.signUp(`p${at}`, { body: { password }, jar: null });
    await t.signIn("p10", { body: { password: "pässwörd1" }, jar: "nfkc" });
    await t.signIn("p10", { body: { password: "pa\u0308sswo\u0308rd1" }, jar: "decomposed" });
  },

  "sign up: names and pictures": async (t) => {
    const names = [
      "",
      " ",
      "<b>&amp;\"'</b>",
      "日本",
      "👩‍👩‍👧",
      "2020-01-01T00:00:00Z",
      "x".repeat(256),
      "\u2028\u007f",
    ];
    for (const [at, name] of names.entries()) await t.signUp(`n${at}`, { body: { name }, jar: null });
    for (const [at, image] of ["", "/a.png", "a.png", "http://example.com/ä b.png", "//cdn.test/x"].entries())
      await t.signUp(`i${at}`, { body: { image }, jar: null });
  },

  "sign up: unknown keys": async (t) => {
    const body = { id: "mine", emailVerified: true, createdAt: "2020-01-01", role: "admin", extra: { a: [1] } };
    await t.signUp("ada", { body });
    await t.get("/get-session");
    await t.signUp("bob", { body: { __proto__: { a: 1 }, constructor: 1, toString: 2, "": 3 }, jar: null });
  },

  "sign up: an address that is taken": async (t) => {
    await t.signUp();
    await t.signUp("ada", { jar: "b" });
    await t.signUp("ADA", { jar: "b", body: { email: "ADA@EXAMPLE.COM" } });
    await t.signUp("ada", { jar: "b", body: { password: "short" } });
    await t.signUp("ada", { label: "while signed in" });
    await t.signUp("bob", { label: "another, while signed in" });
    await t.get("/get-session");
  },

  "sign up: fetch metadata": async (t) => {
    for (const [at, headers] of [
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", origin: "https://evil.test" },
      { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" },
      { "sec-fetch-site": " ", origin: null },
    ].entries())
      await t.signUp(`m${at}`, { headers, jar: null, label: `metadata ${JSON.stringify(headers)}` });
  },

  "sign up: from no page": async (t) => {
    await t.signUp("eve", { headers: { "sec-fetch-site": "none", origin: null }, jar: null });
  },

  "sign up: metadata without a site and an origin": async (t) => {
    await t.signUp("eve", { headers: { "sec-fetch-mode": "cors", origin: null }, jar: null });
  },

  "sign up: from a foreign page without metadata": async (t) => {
    await t.signUp("eve", { headers: { origin: "https://evil.test" }, jar: null });
  },

  "sign up: without an origin": async (t) => {
    await t.signUp("eve", { headers: { origin: null }, jar: null });
  },

  "sign up: client addresses and user agents": async (t) => {
    for (const [at, address] of [
      "203.0.113.9",
      "2001:DB8:1:2:3:4:5:6",
      "::1",
      "::ffff:203.0.113.9",
      "::ffff:cb00:7109",
      "fe80::1",
    ].entries())
      await t.signUp(`a${at}`, { headers: { "x-forwarded-for": address }, jar: null, label: address });
    for (const [at, agent] of ["", "agent/1", "a".repeat(512), "\u00e9"].entries())
      await t.signUp(`b${at}`, {
        headers: { "user-agent": agent },
        jar: null,
        label: `agent ${at < 3 ? at : "beyond ascii"}`,
      });
  },
};

const FIELDS = ["name", "email", "password", "image", "rememberMe"];
