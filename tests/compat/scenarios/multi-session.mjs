// Several sessions on one device.
import { requestChecks, session } from "../support/guards.mjs";
import { ACTIVATE, LIST, REVOKE, SESSION, activate, cookieOf, current, device, list, revoke } from "../support/multi-sessions.mjs";
import { header, signed } from "../support/two-factor.mjs";

export const profile = "multi-session";

/** Bodies in which the token has a wrong type. */
const WRONG = [{}, { sessionToken: null }, { sessionToken: 1 }, { sessionToken: ["a"] }, { token: "x" }];

export default {
  ...requestChecks(ACTIVATE, { sessionToken: "x" }),
  ...session("POST", ACTIVATE, { sessionToken: "x" }),
  ...requestChecks(REVOKE, { sessionToken: "x" }),
  ...session("POST", REVOKE, { sessionToken: "x" }),

  "multi session: two users on one device": async (t) => {
    await list(t, "nothing", { jar: null });
    const [ada, bob] = await device(t);
    await list(t);
    await current(t);
    await activate(t, ada, "ada");
    await current(t);
    await activate(t, bob, "bob");
    await activate(t, bob, "bob again");
    await list(t, "in the end");
  },

  "multi session: lists of incomplete cookies": async (t) => {
    const [ada, bob] = await device(t);
    const jar = t.jar();
    const only = (names) => ({ jar: null, headers: { cookie: header(names.map((name) => [name, jar.get(name)])) } });
    await list(t, "the active cookie", only([SESSION]));
    await list(t, "one device cookie", only([cookieOf(ada)]));
    await list(t, "both device cookies", only([cookieOf(ada), cookieOf(bob)]));
    await list(t, "the other order", only([cookieOf(bob), cookieOf(ada)]));
    await list(t, "other software's", { jar: null, headers: { cookie: "a=b; c_multi-x=y" } });
    await list(t, "empty", { jar: null, headers: { cookie: "" } });
    await list(t, "from a foreign page", { headers: { origin: "https://evil.test" } });
  },

  "multi session: sessions that have ended": async (t) => {
    const [ada, bob] = await device(t, ["ada", "bob", "eve"]);
    await t.sql(`delete from session where token = $1`, [ada]);
    await list(t, "one is gone");
    await activate(t, ada, "gone");
    await revoke(t, ada, "gone, revoke");
    await t.sql(`update session set "expiresAt" = now() - interval '1 minute' where token = $1`, [bob]);
    await list(t, "one has expired");
    await activate(t, bob, "expired");
    await revoke(t, bob, "expired, revoke");
    await list(t, "in the end");
  },

  "multi session: forged cookies": async (t) => {
    const [victim] = await device(t, ["victim"], { jar: "other" });
    const [ada] = await device(t, ["ada"]);
    for (const [label, value] of Object.entries({
      unsigned: victim,
      "a bad signature": `${victim}.bad`,
      "the signature of another token": encodeURIComponent(`${victim}.${decodeURIComponent(t.jar().get(SESSION)).split(".")[1]}`),
      empty: "",
    })) {
      const headers = { cookie: header([...t.jar(), [cookieOf(victim), value]]) };
      await list(t, `${label}: list`, { headers });
      await activate(t, victim, `${label}: activate`, { headers });
      await revoke(t, victim, `${label}: revoke`, { headers });
    }
    await current(t, "the other device", { jar: "other" });
    await list(t, "a mark that is no token", {
      headers: { cookie: header([...t.jar(), [cookieOf("x".repeat(32)), signed(t, "true")]]) },
    });
    await activate(t, ada);
  },

  "multi session: a device cookie under another session's name": async (t) => {
    const [victim] = await device(t, ["victim"], { jar: "other" });
    const [ada] = await device(t, ["ada"]);
    const headers = { cookie: header([[SESSION, t.jar().get(SESSION)], [cookieOf(victim), t.jar().get(cookieOf(ada))]]) };
    await list(t, "list", { headers });
    await activate(t, victim, "activate", { headers, jar: null });
    await revoke(t, victim, "revoke", { headers, jar: null });
    await current(t, "the other device", { jar: "other" });
  },

  "multi session: refused tokens": async (t) => {
    const [ada] = await device(t, ["ada"]);
    const [other] = await device(t, ["eve"], { jar: "other" });
    for (const [label, token] of Object.entries({
      unknown: "x".repeat(32),
      "another device": other,
      capitals: ada.toUpperCase(),
      "lower case": ada.toLowerCase(),
      empty: "",
      long: "x".repeat(3000),
      "a semicolon": "a;b",
      "a space": "a b",
      "no ASCII": "é",
    })) {
      await activate(t, token, `activate ${label}`);
      await revoke(t, token, `revoke ${label}`);
    }
    for (const body of WRONG) {
      await t.post(ACTIVATE, body, { label: `activate ${JSON.stringify(body)}` });
      await t.post(REVOKE, body, { label: `revoke ${JSON.stringify(body)}` });
    }
    await t.post(ACTIVATE, {}, { jar: null, label: "no body and no session" });
    await current(t);
  },

  "multi session: the same user again": async (t) => {
    const [first] = await device(t, ["ada"]);
    const { token } = (await t.signIn("ada", { label: "ada signs in again" })).json();
    await list(t);
    await activate(t, first, "the older session");
    await activate(t, token, "the newer session");
    await t.signIn("ada", { jar: "other", label: "on another device" });
    await list(t, "the first device");
    await list(t, "the other device", { jar: "other" });
  },

  "multi session: the same user again, after another": async (t) => {
    await device(t);
    await t.signIn("ada", { label: "ada signs in again" });
    await list(t);
  },

  "multi session: revocation": async (t) => {
    const [ada, bob, eve] = await device(t, ["ada", "bob", "eve"]);
    await revoke(t, ada, "one that is not active");
    await list(t, "two are left");
    await revoke(t, eve, "the active one");
    await current(t, "the next one is active");
    await list(t, "one is left");
    await revoke(t, bob, "the last one");
    await current(t, "no session is left");
    await list(t, "nothing is left");
  },

  "multi session: revocation, twice": async (t) => {
    const [ada] = await device(t);
    const headers = { cookie: header(t.jar()) };
    await revoke(t, ada, "once", { headers });
    await revoke(t, ada, "twice, with the old cookies", { headers });
    await list(t);
  },

  "multi session: sign-out": async (t) => {
    await device(t);
    await t.signIn("ada", { jar: "other", label: "on another device" });
    await t.post("/sign-out");
    await list(t, "nothing is left");
    await current(t, "the other device", { jar: "other" });
    await t.post("/sign-out", {}, { label: "again" });
  },

  "multi session: sign-out with a forged cookie": async (t) => {
    const [victim] = await device(t, ["victim"], { jar: "other" });
    await device(t, ["ada"]);
    for (const value of [victim, `${victim}.bad`, ""]) {
      const headers = { cookie: header([[cookieOf(victim), value]]) };
      await t.post("/sign-out", {}, { jar: null, headers, label: `the value ends in ${value.slice(-4).replace(victim.slice(-4), "nothing")}` });
    }
    await current(t, "the other device", { jar: "other" });
  },

  "multi session: sign-out with only device cookies": async (t) => {
    const [ada] = await device(t);
    const headers = { cookie: header([[cookieOf(ada), t.jar().get(cookieOf(ada))]]) };
    await t.post("/sign-out", {}, { jar: null, headers });
    await list(t);
  },

  "multi session: at most five": async (t) => {
    const tokens = await device(t, ["a1", "a2", "a3", "a4", "a5", "a6", "a7"]);
    await list(t);
    await activate(t, tokens[0], "the first");
    await activate(t, tokens[6], "one that is not kept");
    await t.signIn("a2", { label: "one of the five again" });
    await list(t, "in the end");
  },

  "multi session: not remembered": async (t) => {
    const [ada] = await device(t, ["ada"], { body: { rememberMe: false } });
    await current(t);
    const [bob] = await device(t, ["bob"]);
    await list(t);
    await activate(t, ada, "back to the session that is not remembered");
    await current(t);
    await activate(t, bob, "back to the remembered session");
  },

  "multi session: responses that set the session cookie": async (t) => {
    await device(t, ["ada"]);
    await t.post("/update-user", { name: "Ada" });
    await t.age("2 days");
    await current(t, "renewed");
    const change = { currentPassword: "password1234", newPassword: "password5678", revokeOtherSessions: true };
    await t.post("/change-password", change);
    await list(t);
  },

  "multi session: a session that began without a device cookie": async (t) => {
    await device(t, ["ada"]);
    const headers = { cookie: header([[SESSION, t.jar().get(SESSION)]]) };
    await t.post("/update-user", { name: "Ada" }, { headers, jar: null });
    await t.age("2 days");
    await current(t, "renewed", { headers, jar: null });
  },

  "multi session: bearer tokens": async (t) => {
    const { headers } = await t.signUp("ada", { jar: null });
    const authorization = `Bearer ${headers["set-auth-token"]}`;
    const { token } = (await t.signIn("ada", { jar: null, headers: { authorization } })).json();
    await list(t, "list", { jar: null, headers: { authorization } });
    await activate(t, token, "activate", { jar: null, headers: { authorization } });
    await revoke(t, token, "revoke", { jar: null, headers: { authorization } });
    const [bob] = await device(t, ["bob"], { jar: "bob" });
    await activate(t, bob, "a device cookie, with a bearer token", {
      jar: null,
      headers: { authorization, cookie: header([[cookieOf(bob), t.jar("bob").get(cookieOf(bob))]]) },
    });
  },

  "multi session: methods": async (t) => {
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"]) await t.call(method, LIST);
    await t.get(`${LIST}/`, { label: "a slash at the end" });
  },
};
