// Scenarios for the session cookie cache, for each encoding.
import { cookieCacheOf } from "./tokens.mjs";

const ROUTE = "/get-session";
const DATA = "better-auth.session_data";
const TOKEN = "better-auth.session_token";

const header = (jar) => [...jar].map((pair) => pair.join("=")).join("; ");

/** Sends a request with this session cookie cache instead of the client's own. */
function shown(t, cookieCache, options = {}) {
  const jar = new Map(t.jar());
  for (const name of [...jar.keys()].filter((name) => name.startsWith(DATA))) jar.delete(name);
  return t.get(ROUTE, { headers: { cookie: header([...jar, [DATA, cookieCache]]) }, ...options });
}

/** The session, read from the database. */
async function session(t) {
  return (await t.get(`${ROUTE}?disableCookieCache=true`, { label: "from the database" })).json();
}

/** User data that does not fit into one cookie. */
const LONG = { image: `https://example.com/${"x".repeat(2000)}`, name: "ä\"".repeat(120) };

export function cookieCaches(name, strategy) {
  const other = strategy === "jwt" ? "jwe" : "jwt";
  const scenarios = {
    good: async (t) => {
      await t.signUp("ada", { headers: { "user-agent": "agent/1" } });
      await t.get(ROUTE);
      await t.sql(`update "user" set name = 'Eve'`);
      await t.get(ROUTE, { label: "from the cache" });
      await t.get(ROUTE, { jar: null, headers: { cookie: `${DATA}=${t.jar().get(DATA)}` }, label: "only the cache" });
      await t.get(ROUTE, { jar: null, headers: { cookie: `${TOKEN}=${t.jar().get(TOKEN)}` }, label: "only the token" });
      await t.signIn("ada", { jar: "b" });
    },

    "query parameters": async (t) => {
      await t.signUp();
      for (const query of ["true", "1", "false", "0", "", "a&disableCookieCache="]) {
        await t.sql(`update "user" set name = $1`, [`after ${query}`]);
        await t.get(`${ROUTE}?disableCookieCache=${query}`);
      }
      await t.get(`${ROUTE}?disableRefresh=true`);
      await t.get(`${ROUTE}?disableCookieCache=1&disableRefresh=1`);
    },

    "changes of the user": async (t) => {
      await t.signUp();
      await t.post("/update-user", { name: "Ada Lovelace" });
      await t.get(ROUTE);
      await t.post("/change-password", {
        currentPassword: "password1234",
        newPassword: "password5678",
        revokeOtherSessions: true,
      });
      await t.get(ROUTE, { label: "a new session" });
      await t.post("/sign-out");
      await t.get(ROUTE, { label: "afterwards" });
    },

    "not remembered": async (t) => {
      await t.signUp("ada", { body: { rememberMe: false } });
      await t.get(ROUTE);
      await t.get(`${ROUTE}?disableCookieCache=true`);
      await t.post("/update-user", { name: "Ada" });
      await t.post("/sign-out");
    },

    "a session that is due": async (t) => {
      await t.signUp();
      await t.age("2 days");
      await t.get(ROUTE, { label: "from the cache" });
      await t.get("/list-sessions", { label: "another route" });
      await t.get(`${ROUTE}?disableCookieCache=true`);
    },

    "in pieces": async (t) => {
      await t.signUp("ada", { body: LONG, headers: { "user-agent": "x".repeat(500) } });
      await t.get(ROUTE);
      await t.post("/update-user", { name: "still long" });
      await t.get(`${ROUTE}?disableCookieCache=true`);
      await t.post("/sign-out");
    },

    "in pieces, then whole, then in pieces": async (t) => {
      await t.signUp("ada", { body: LONG, headers: { "user-agent": "x".repeat(500) } });
      await t.post("/update-user", { name: "short", image: null });
      await t.get(ROUTE);
      await t.post("/update-user", LONG);
      await t.get(ROUTE, { label: "again" });
    },

    "a piece is missing": async (t) => {
      await t.signUp("ada", { body: LONG, headers: { "user-agent": "x".repeat(500) } });
      t.jar().delete(`${DATA}.0`);
      await t.get(ROUTE);
    },

    "in pieces, in either order": async (t) => {
      await t.signUp("ada", { body: LONG, headers: { "user-agent": "x".repeat(500) } });
      await session(t);
      for (const [label, version] of Object.entries({ "out of order": [1, 0], "in order": [0, 1] })) {
        const pieces = version.map((at) => [`${DATA}.${at}`, t.jar().get(`${DATA}.${at}`)]);
        const cookie = header([[TOKEN, t.jar().get(TOKEN)], ...pieces]);
        await t.get(ROUTE, { jar: null, headers: { cookie }, label });
      }
    },

    "made by the test": async (t) => {
      await t.signUp();
      const of = await session(t);
      const changed = { ...of, user: { ...of.user, name: "By Hand" } };
      await shown(t, await cookieCacheOf(strategy, t.secret, changed), { label: "good" });
    },

    "with an expired session": async (t) => {
      await t.signUp();
      const of = await session(t);
      const ended = { ...of, session: { ...of.session, expiresAt: new Date(Date.now() - 1000) } };
      await shown(t, await cookieCacheOf(strategy, t.secret, ended));
    },

    "of another version": async (t) => {
      await t.signUp();
      const of = await session(t);
      await shown(t, await cookieCacheOf(strategy, t.secret, of, { version: "9" }));
    },

    "that has expired": async (t) => {
      await t.signUp();
      const of = await session(t);
      await shown(t, await cookieCacheOf(strategy, t.secret, of, { expiresIn: -60 }));
    },

    "of another secret": async (t) => {
      await t.signUp();
      const of = await session(t);
      await shown(t, await cookieCacheOf(strategy, "another-secret", of));
    },

    "of another encoding": async (t) => {
      await t.signUp();
      const of = await session(t);
      await shown(t, await cookieCacheOf(other, t.secret, of));
    },

    "an invalid value": async (t) => {
      await t.signUp();
      for (const [label, invalid] of Object.entries({ word: "x", percent: "%", dots: "a.b.c", empty: "", json: "e30" }))
        await shown(t, invalid, { label });
    },

    "an invalid value, on other routes": async (t) => {
      await t.signUp();
      const cookie = header([[TOKEN, t.jar().get(TOKEN)], [DATA, "a.b.c"]]);
      await t.get("/list-sessions", { headers: { cookie } });
      await t.post("/update-user", { name: "Ada" }, { headers: { cookie } });
    },

    "of another user": async (t) => {
      await t.signUp();
      await t.signUp("bob", { jar: "bob" });
      await shown(t, t.jar("bob").get(DATA), { label: "with the caller's own token" });
    },

    "of a session that was revoked": async (t) => {
      await t.signUp();
      await t.signIn("ada", { jar: "b" });
      await t.post("/revoke-other-sessions", {}, { jar: "b" });
      await t.get(ROUTE, { label: "until the cache expires" });
      await t.get(`${ROUTE}?disableCookieCache=true`);
    },

    "of a session that was revoked, on other routes": async (t) => {
      await t.signUp();
      await t.sql("delete from session");
      await t.get("/list-sessions");
      await t.post("/update-user", { name: "Ada" }, { label: "a change" });
      await t.post("/revoke-sessions?disableCookieCache=", {}, { label: "with a query" });
    },

    "with an invalid token": async (t) => {
      await t.signUp();
      await t.get(ROUTE, { headers: { cookie: header([[TOKEN, "x.y"], [DATA, t.jar().get(DATA)]]) } });
    },

    "cookies of like names": async (t) => {
      await t.signUp();
      const cookie = header([...t.jar(), [`${DATA}.x`, "1"], [`${DATA}.7`, "2"]]);
      await t.post("/update-user", { name: "Ada" }, { headers: { cookie } });
    },

    "names that look like times": async (t) => {
      await t.signUp("ada", { body: { name: "2020-01-01" } });
      await t.get(ROUTE);
    },

    "names that are times": async (t) => {
      await t.signUp("ada", { body: { name: "2020-01-01T00:00:00Z" } });
      await t.get(ROUTE);
    },

    "account deletion": async (t) => {
      await t.signUp();
      await t.post("/delete-user");
      await t.get(ROUTE);
    },

    "a new address": async (t) => {
      await t.signUp();
      await t.post("/change-email", { newEmail: "new@example.com" });
      const { url } = await t.message("new@example.com");
      await t.follow(url);
      await t.get(ROUTE);
    },
  };
  return Object.fromEntries(Object.entries(scenarios).map(([what, play]) => [`${name}: ${what}`, play]));
}
