// Limits on sizes and characters.
const JSON_TYPE = { "content-type": "application/json" };
const PERSON = { name: "Eve", email: "eve@example.com", password: "password1234" };
const ROUTE = "/sign-up/email";

export default {
  "limits: long texts": async (t) => {
    await t.signUp("a", { body: { name: "x".repeat(257) }, jar: null, label: "name" });
    await t.signUp("b", { body: { image: `https://a.test/${"x".repeat(2034)}` }, jar: null, label: "image" });
    const email = `${"x".repeat(243)}@example.com`;
    await t.signUp("c", { body: { email }, jar: null, label: "address" });
    await t.signIn("c", { body: { email }, jar: null, label: "address at sign-in" });
  },

  "limits: a top-level domain in punycode": async (t) => {
    const email = "eve@xn--80ak6aa92e.xn--p1ai";
    await t.signUp("a", { body: { email }, jar: null, label: "sign-up" });
    await t.signIn("a", { body: { email }, jar: null, label: "sign-in" });
  },

  "limits: texts at the limit": async (t) => {
    await t.signUp("b", { body: { image: `https://a.test/${"x".repeat(2033)}` }, jar: null });
    await t.signUp("c", { body: { email: `${"x".repeat(242)}@example.com` }, jar: null });
  },

  "limits: nul in a text": async (t) => {
    await t.signUp("a", { body: { name: "a\0b" }, jar: null, label: "name" });
    await t.signUp("b", { body: { password: "password\x001234" }, jar: null, label: "password" });
  },

  "limits: pictures with a scheme of their own": async (t) => {
    await t.signUp();
    await t.post("/update-user", { image: "data:text/html,x" }, { label: "afterwards" });
    await t.signUp("b", { body: { image: "javascript:alert(1)" }, jar: null, label: "at sign-up" });
  },

  "limits: json that is not utf-8": async (t) => {
    const raw = Buffer.from(JSON.stringify(PERSON).replace("Eve", "\xe9"), "latin1");
    await t.call("POST", ROUTE, { raw, headers: JSON_TYPE, jar: null, label: "latin-1" });
  },

  "limits: half a surrogate pair": async (t) => {
    const raw = JSON.stringify(PERSON).replace("Eve", "\\ud800");
    await t.call("POST", ROUTE, { raw, headers: JSON_TYPE, jar: null });
  },

  "limits: a long body": async (t) => {
    await t.post(ROUTE, { ...PERSON, extra: "x".repeat(70_000) }, { jar: null });
  },

  "limits: a media type twice": async (t) => {
    const headers = { "content-type": ["application/json", "text/plain"] };
    await t.call("POST", ROUTE, { raw: JSON.stringify(PERSON), headers, jar: null });
  },

  "limits: a long head": async (t) => {
    await t.get("/ok", { headers: { cookie: "x".repeat(17_000) } });
  },

  "limits: a long user agent": async (t) => {
    await t.signUp("ada", { headers: { "user-agent": "x".repeat(600) } });
  },

  "limits: an address behind proxies": async (t) => {
    for (const address of ["1.2.3.4, 203.0.113.9", "unknown, 203.0.113.9", "203.0.113.9:4711", null]) {
      await t.signUp("ada", { headers: { "x-forwarded-for": address }, jar: null, label: `address ${address}` });
      await t.sql(`delete from "user"`);
    }
  },

  "limits: a preflight": async (t) => {
    for (const origin of ["http://localhost:5173", "https://evil.test"]) {
      const headers = {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      };
      await t.call("OPTIONS", "/sign-in/email", { headers, jar: null, label: `from ${origin}` });
    }
  },
};
