// Bearer tokens instead of session cookies.
export const profile = "core";

const ROUTE = "/get-session";
const as = (authorization, options) => ({ jar: null, headers: { authorization }, ...options });

/** Signs up, and returns the token of the response: as sent, decoded, and without signature. */
async function signedUp(t, name) {
  const { headers } = await t.signUp(name);
  const signed = headers["set-auth-token"];
  return { signed, decoded: decodeURIComponent(signed), token: decodeURIComponent(signed).split(".")[0] };
}

export default {
  "bearer: good": async (t) => {
    const { signed, token } = await signedUp(t);
    await t.get(ROUTE, as(`Bearer ${signed}`, { label: "signed" }));
    await t.get(ROUTE, as(`Bearer ${token}`, { label: "unsigned" }));
    await t.get("/list-sessions", as(`Bearer ${signed}`, { label: "a list" }));
    await t.get("/token", as(`Bearer ${signed}`, { label: "a token" }));
    await t.post("/update-user", { name: "Ada" }, as(`Bearer ${signed}`, { label: "a change" }));
    await t.post("/change-password", { currentPassword: "password1234", newPassword: "password5678", revokeOtherSessions: true }, as(`Bearer ${token}`, { label: "a new session" }));
  },

  "bearer: from foreign pages": async (t) => {
    const { signed } = await signedUp(t);
    for (const origin of ["https://evil.test", "null", null]) {
      const options = { jar: null, headers: { authorization: `Bearer ${signed}`, origin } };
      await t.get(ROUTE, { ...options, label: `read from ${origin}` });
      await t.post("/update-user", { name: "Ada" }, { ...options, label: `change from ${origin}` });
    }
  },

  "bearer: signing out": async (t) => {
    const { signed } = await signedUp(t);
    await t.post("/sign-out", {}, as(`Bearer ${signed}`));
    await t.get(ROUTE, as(`Bearer ${signed}`, { label: "afterwards" }));
    await t.post("/sign-out", {}, as(`Bearer ${signed}`, { label: "again" }));
  },

  "bearer: spellings": async (t) => {
    const { signed, token } = await signedUp(t);
    for (const [label, authorization] of Object.entries({
      "no scheme": signed,
      "no scheme, unsigned": token,
      "two spaces": `Bearer  ${signed}`,
      "a space behind": `Bearer ${signed} `,
      Basic: `Basic ${signed}`,
      empty: "Bearer ",
      "only the scheme": "Bearer",
      nothing: "",
    }))
      await t.get(ROUTE, as(authorization, { label }));
  },

  "bearer: a scheme in small letters": async (t) => {
    const { signed, token } = await signedUp(t);
    await t.get(ROUTE, as(`bearer ${signed}`, { label: "signed" }));
    await t.get(ROUTE, as(`BEARER ${token}`, { label: "unsigned, in capitals" }));
  },

  "bearer: decoded": async (t) => {
    const { decoded } = await signedUp(t);
    await t.get(ROUTE, as(`Bearer ${decoded}`));
  },

  "bearer: invalid tokens": async (t) => {
    const { signed, token } = await signedUp(t);
    for (const [label, invalid] of Object.entries({
      "another token": `x${signed}`,
      "signature cut": signed.slice(0, -6),
      "signature empty": `${token}.`,
      "another signature": `${token}.${"A".repeat(43)}%3D`,
      "broken percent": `${token}.%ZZ`,
      unknown: "x".repeat(32),
      "three parts": `${signed}.x`,
    }))
      await t.get(ROUTE, as(`Bearer ${invalid}`, { label }));
    await t.get("/list-sessions", as("Bearer x.y", { label: "a list" }));
  },

  "bearer: beside a cookie": async (t) => {
    const { signed } = await signedUp(t);
    await t.signUp("bob", { jar: "bob" });
    const headers = { authorization: `Bearer ${signed}` };
    await t.get(ROUTE, { jar: "bob", headers, label: "of another user" });
    await t.get(ROUTE, { jar: null, headers: { ...headers, cookie: "a=b" }, label: "that is no session cookie" });
    await t.get(ROUTE, { jar: null, headers: { ...headers, cookie: "better-auth.session_token=x" }, label: "that is invalid" });
    await t.post("/sign-out", {}, { jar: "bob", headers });
    await t.get(ROUTE, { jar: null, headers, label: "the session of the bearer token" });
  },

  "bearer: a session that is due": async (t) => {
    const { signed } = await signedUp(t);
    await t.age("2 days");
    await t.get(ROUTE, as(`Bearer ${signed}`));
    await t.age("8 days");
    await t.get(ROUTE, as(`Bearer ${signed}`, { label: "over" }));
  },

  "bearer: not remembered": async (t) => {
    const { headers } = await t.signUp("ada", { body: { rememberMe: false } });
    await t.age("23 hours");
    await t.get(ROUTE, as(`Bearer ${headers["set-auth-token"]}`));
  },

  "bearer: responses with a token": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: null });
    await t.signIn("ada", { jar: null, headers: { origin: "http://localhost:5173" }, label: "from a trusted page" });
    await t.get(ROUTE, { headers: { origin: "http://localhost:5173" }, label: "read from a trusted page" });
    await t.post("/update-user", { name: "Ada" });
    await t.post("/sign-out");
  },
};
