import { session } from "../support/guards.mjs";
import { jwts } from "../support/jwts.mjs";

export const profile = "core";

export default {
  ...jwts("jwt EdDSA"),
  ...session("GET", "/token"),

  "jwt: claims": async (t) => {
    await t.signUp("ada", { body: { name: 'a"\\\u2028ä', image: "https://example.com/a.png" } });
    await t.get("/token");
    await t.sql(`update "user" set "emailVerified" = true, "createdAt" = '2020-01-01T00:00:00.1239Z'`);
    await t.get("/token", { label: "verified" });
    await t.signUp("bob", { jar: "bob" });
    await t.get("/token", { jar: "bob" });
  },

  "jwt: in a header": async (t) => {
    await t.signUp();
    await t.get("/get-session", { headers: { origin: "http://localhost:5173" }, label: "from a trusted page" });
    await t.get("/get-session", { jar: null, label: "without a session" });
    await t.get("/list-sessions", { label: "another route" });
    await t.get("/get-session?disableCookieCache=true&disableRefresh=true");
    await t.age("2 days");
    await t.get("/get-session", { label: "renewed" });
    await t.age("8 days");
    await t.get("/get-session", { label: "over" });
  },

  "jwt: origins, methods and paths": async (t) => {
    await t.signUp();
    for (const path of ["/token", "/jwks"]) {
      for (const origin of ["https://evil.test", "http://localhost:5173", null])
        await t.get(path, { headers: { origin }, label: `${path} from ${origin}` });
      for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"]) await t.call(method, path);
      await t.get(`${path}/`);
      await t.get(`${path}?a=b`);
    }
    await t.post("/sign-jwt", { payload: {} });
    await t.post("/verify-jwt", { token: "x" });
  },
};
