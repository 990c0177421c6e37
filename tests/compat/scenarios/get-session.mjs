const ROUTE = "/get-session";

export default {
  "get session: good": async (t) => {
    await t.signUp("ada", { body: { image: "https://example.com/a.png" }, headers: { "user-agent": "agent/1" } });
    await t.get(ROUTE);
    for (const origin of ["https://evil.test", "http://localhost:5173", "null", null])
      await t.get(ROUTE, { headers: { origin }, label: `from ${origin}` });
    await t.get(ROUTE, { jar: null, label: "without a cookie" });
    await t.get(ROUTE, { raw: "{", headers: { "content-type": "application/json" }, label: "with a body" });
  },

  "get session: methods and paths": async (t) => {
    await t.signUp();
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]) await t.call(method, ROUTE);
    await t.get(`${ROUTE}/`);
    await t.get(ROUTE.toUpperCase());
  },

  "get session: variants of the cookie": async (t) => {
    await t.signUp();
    const [name, good] = [...t.jar()][0];
    const [token, signature] = good.split(".");
    for (const [label, cookie] of Object.entries({
      empty: `${name}=`,
      unsigned: `${name}=${token}`,
      "only the signature": `${name}=.${signature}`,
      "another token": `${name}=abc.${signature}`,
      "signature cut": `${name}=${good.slice(0, -4)}`,
      "broken percent": `${name}=%ZZ`,
      nul: `${name}=%00.x`,
      quoted: `${name}="${good}"`,
      decoded: `${name}=${decodeURIComponent(good)}`,
      "the good one first": `${name}=${good}; ${name}=bad`,
      "the bad one first": `${name}=bad; ${name}=${good}`,
      "no space": `a=b;${name}=${good}`,
      "spaces around": ` a=b ;  ${name} = ${good} `,
      "another prefix": `__Secure-${name}=${good}`,
      "other case": `${name.toUpperCase()}=${good}`,
      long: `${name}=${"x".repeat(7000)}`,
      others: `x=y; z; =q; ${name}x=${good}`,
      "unsigned dont_remember": `${name}=${good}; better-auth.dont_remember=true`,
    }))
      await t.get(ROUTE, { headers: { cookie }, label });
  },

  "get session: query parameters": async (t) => {
    await t.signUp();
    await t.age("2 days");
    for (const query of [
      "disableRefresh=true",
      "disableRefresh=false",
      "disableRefresh=0",
      "disableRefresh=a&disableRefresh=",
    ])
      await t.get(`${ROUTE}?${query}`);
    await t.get(`${ROUTE}?disableCookieCache=true&disableRefresh=1&other=x`);
    await t.get(`${ROUTE}?disableRefresh=`);
  },

  "get session: time passes": async (t) => {
    await t.signUp();
    await t.age("23 hours 58 minutes");
    await t.get(ROUTE, { label: "not due" });
    await t.age("4 minutes");
    await t.get(ROUTE, { label: "due" });
    await t.get(ROUTE, { label: "just renewed" });
    await t.age("6 days 23 hours 58 minutes");
    await t.get(ROUTE, { label: "in the last minutes" });
    await t.age("7 days 1 minute");
    await t.get(ROUTE, { label: "too late" });
    await t.get(ROUTE, { label: "and again" });
  },

  "get session: time passes, not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.age("23 hours 58 minutes");
    await t.get(ROUTE, { label: "never renewed" });
    await t.age("3 minutes");
    await t.get(ROUTE, { label: "over" });
  },

  "get session: the dont_remember cookie": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false }, jar: "b" });
    const mark = [...t.jar("b")].find(([name]) => name.includes("dont_remember")).join("=");
    await t.signUp("bob");
    await t.age("2 days");
    const cookie = [...t.jar()].map((pair) => pair.join("=")).join("; ");
    await t.get(ROUTE, { headers: { cookie: `${cookie}; ${mark}` }, label: "signed" });
    await t.get(ROUTE, { headers: { cookie: `${cookie}; ${mark}x` }, label: "badly signed" });
  },

  "get session: deleted rows": async (t) => {
    await t.signUp();
    await t.sql("delete from session");
    await t.get(ROUTE, { label: "no session" });
    await t.signUp("bob");
    await t.sql(`alter table session drop constraint "session_userId_fkey"`);
    await t.sql(`delete from "user" where email = 'bob@example.com'`);
    await t.get(ROUTE, { label: "no user" });
    await t.sql(`delete from session`);
    await t.sql(
      `alter table session add constraint "session_userId_fkey" foreign key ("userId") references "user" on delete cascade`,
    );
  },

  "get session: values set in the database": async (t) => {
    await t.signUp();
    await t.sql(`update session set "ipAddress" = null, "userAgent" = null`);
    await t.sql(`update "user" set image = '', "emailVerified" = true, name = E'a"\\\\\\u2028\\t'`);
    await t.get(ROUTE);
    await t.sql(
      `update "user" set "createdAt" = '2020-01-01T00:00:00.1239Z', "updatedAt" = '1969-12-31T23:59:59.9996Z'`,
    );
    await t.get(ROUTE, { label: "below milliseconds" });
  },

  "get session: a cookie of the cache": async (t) => {
    await t.signUp();
    const [name, good] = [...t.jar()][0];
    const data = name.replace("session_token", "session_data");
    for (const value of ["%", "e30", "bm8", "eyJzZXNzaW9uIjp7fX0"])
      await t.get(ROUTE, { headers: { cookie: `${name}=${good}; ${data}=${value}` }, label: `data ${value}` });
  },
};
