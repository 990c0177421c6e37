import { session } from "../support/guards.mjs";

const ROUTE = "/list-sessions";

export default {
  ...session("GET", ROUTE),

  "list sessions: good": async (t) => {
    await t.signUp("ada", { headers: { "user-agent": "agent/1" } });
    await t.get(ROUTE, { label: "one" });
    await t.signIn("ada", { jar: "b", body: { rememberMe: false } });
    await t.signUp("bob", { jar: "bob" });
    await t.get(ROUTE, { label: "two" });
    await t.get(ROUTE, { jar: "bob", label: "another's" });
    await t.get(`${ROUTE}?a=b&disableCookieCache=`, { label: "with a query" });
  },

  "list sessions: expired sessions are not listed": async (t) => {
    await t.signUp();
    await t.age("8 days");
    await t.signIn();
    await t.get(ROUTE);
    await t.sql(`update session set "expiresAt" = now() + interval '1 minute' where "expiresAt" < now()`);
    await t.get(ROUTE, { label: "in its last minute" });
  },

  "list sessions: origins, methods and paths": async (t) => {
    await t.signUp();
    for (const origin of ["https://evil.test", "http://localhost:5173", "null", null])
      await t.get(ROUTE, { headers: { origin }, label: `from ${origin}` });
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"]) await t.call(method, ROUTE);
    await t.get(`${ROUTE}/`);
    await t.get(ROUTE, { raw: "{", headers: { "content-type": "application/json" }, label: "with a body" });
  },
};
