// Enrolment with an authenticator app, and its end.
import { requestChecks, session } from "../support/guards.mjs";
import { NO_CODE, PASSWORD, answer, bearer, enable, enrol, enrolled, header } from "../support/two-factor.mjs";

export const profile = "two-factor";

const ENABLE = "/two-factor/enable";
const DISABLE = "/two-factor/disable";
const URI = "/two-factor/get-totp-uri";
const VERIFY = "/two-factor/verify-totp";
const GENERATE = "/two-factor/generate-backup-codes";
const OWN = { password: PASSWORD };
const WITH_PASSWORD = [ENABLE, DISABLE, URI, GENERATE];

export default {
  ...requestChecks(ENABLE, OWN),
  ...session("POST", ENABLE, OWN),
  ...session("POST", DISABLE, OWN),

  "two factor: an enrolment": async (t) => {
    await t.signUp("ada", { headers: { "user-agent": "agent/1" } });
    const { app, backupCodes } = await enable(t);
    await t.get("/get-session", { label: "not confirmed" });
    const old = header(t.jar());
    await answer(t, app, {}, { headers: { "user-agent": "agent/2" } });
    await t.get("/get-session");
    await t.get("/get-session", { jar: null, headers: { cookie: old }, label: "the old cookie" });
    await t.get("/list-sessions");
    await answer(t, app, {}, { label: "another code, with a session" });
    await t.post("/two-factor/verify-backup-code", { code: backupCodes[0] });
  },

  "two factor: an enrolment that trusts the device": async (t) => {
    await t.signUp();
    const { app } = await enable(t);
    await answer(t, app, { trustDevice: true });
    await t.signIn();
  },

  "two factor: an enrolment in a session that is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await enrol(t);
    await t.get("/get-session");
    await t.post(DISABLE, OWN);
    await t.get("/get-session", { label: "disabled" });
  },

  "two factor: an enrolment beside other sessions": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: "b" });
    await enrol(t);
    await t.get("/get-session", { jar: "b", label: "the other session" });
    await t.get("/list-sessions", { jar: "b" });
    await t.post(DISABLE, OWN, { jar: "b" });
    await t.get("/get-session", { label: "the first session" });
  },

  "two factor: an enrolment by a bearer token": async (t) => {
    const old = bearer(await t.signUp("ada", { jar: null }));
    const { app } = await enable(t, old);
    const current = bearer(await answer(t, app, {}, old));
    await t.get("/get-session", current);
    await t.get("/get-session", { ...old, label: "the old token" });
    await t.post(VERIFY, { code: "123456" }, { ...old, label: "the old token at the verification" });
    await t.post(URI, OWN, { ...old, label: "the old token at a route for sessions" });
    await t.post(DISABLE, OWN, current);
  },

  "two factor: issuers": async (t) => {
    await t.signUp("ada", { body: { email: "ada+l_o'v@example.com" } });
    const issuers = ["", "Acme", "Acme & Söhne", "a:b/c?d#e f", "a+b%20c", "(~*!')", "漢字🔑", "x".repeat(200)];
    for (const issuer of issuers) await enable(t, { body: { issuer }, label: `issuer ${issuer}` });
    await t.post(URI, OWN);
  },

  "two factor: an issuer with NUL": async (t) => {
    await t.signUp();
    await t.post(ENABLE, { ...OWN, issuer: "a\u0000" });
  },

  "two factor: a long issuer": async (t) => {
    await t.signUp();
    await t.post(ENABLE, { ...OWN, issuer: "x".repeat(5000) });
  },

  "two factor: passwords that are rejected": async (t) => {
    await enrolled(t, "ada", { jar: "default" });
    for (const route of WITH_PASSWORD)
      for (const [label, password] of Object.entries({ wrong: "wrong-password", short: "x", empty: "" }))
        await t.post(route, { password }, { label: `${route}: ${label}` });
    await t.get("/get-session");
  },

  "two factor: passwords that are too long": async (t) => {
    await enrolled(t, "ada", { jar: "default" });
    for (const route of WITH_PASSWORD) await t.post(route, { password: "x".repeat(129) });
  },

  "two factor: a password with NUL": async (t) => {
    await t.signUp();
    await t.post(ENABLE, { password: `${PASSWORD}\u0000` });
  },

  "two factor: no password to check": async (t) => {
    await enrolled(t, "ada", { jar: "default" });
    await t.sql("update account set password = null");
    for (const route of WITH_PASSWORD) await t.post(route, OWN, { label: `${route}: no password` });
    await t.sql("delete from account");
    for (const route of WITH_PASSWORD) await t.post(route, OWN, { label: `${route}: no account` });
  },

  "two factor: members of wrong types": async (t) => {
    await t.signUp();
    for (const [route, body] of [
      [ENABLE, {}],
      [ENABLE, { password: 1, issuer: 2 }],
      [ENABLE, { ...OWN, issuer: null }],
      [ENABLE, { password: null }],
      [DISABLE, {}],
      [DISABLE, { password: [] }],
      [URI, {}],
      [URI, { password: true }],
      [GENERATE, {}],
      [GENERATE, { password: {} }],
      [VERIFY, {}],
      [VERIFY, { code: 123456 }],
      [VERIFY, { code: "123456", trustDevice: "true" }],
      [VERIFY, { code: null, trustDevice: null }],
    ]) {
      await t.post(route, body, { label: `${route} ${JSON.stringify(body)}` });
      await t.post(route, body, { jar: null, label: `${route} ${JSON.stringify(body)}, no session` });
    }
  },

  "two factor: codes that are rejected": async (t) => {
    await t.signUp();
    const { app } = await enable(t);
    const code = app.at(0);
    for (const [label, wrong] of Object.entries({
      "the step before the last": app.at(-2),
      "five minutes ago": app.at(-10),
      "an hour ahead": app.at(120),
      empty: "",
      "a space before it": ` ${code}`,
      "a space within it": `${code.slice(0, 3)} ${code.slice(3)}`,
      "a digit less": code.slice(1),
      "a digit more": `0${code}`,
      "full-width digits": code.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
      letters: "abcdef",
      "a backup code": NO_CODE,
      long: "1".repeat(4000),
    }))
      await t.post(VERIFY, { code: wrong }, { label });
    await t.get("/get-session");
    await answer(t, app);
  },

  "two factor: a code with NUL": async (t) => {
    await t.signUp();
    const { app } = await enable(t);
    await t.post(VERIFY, { code: `${app.at(0)}\u0000` });
  },

  "two factor: a code of the next step": async (t) => {
    await t.signUp();
    const { app } = await enable(t);
    await t.post(VERIFY, { code: app.at(1) });
  },

  "two factor: a code that is used again": async (t) => {
    const { app } = await enrolled(t);
    const code = await app.next();
    for (const jar of ["a", "b"]) {
      await t.signIn("ada", { jar });
      await t.post(VERIFY, { code }, { jar, label: `the code, browser ${jar}` });
    }
  },

  "two factor: a code of an older step than the last one": async (t) => {
    const { app } = await enrolled(t);
    const [older, newer] = [await app.next(), await app.next()];
    for (const [jar, code] of Object.entries({ newer, older })) {
      await t.signIn("ada", { jar });
      await t.post(VERIFY, { code }, { jar, label: `the ${jar} code` });
    }
  },

  "two factor: an enrolment that is started twice": async (t) => {
    await t.signUp();
    const first = await enable(t);
    const second = await enable(t);
    await t.post(VERIFY, { code: first.app.at(0) }, { label: "a code of the first app" });
    await t.post("/two-factor/verify-backup-code", { code: first.backupCodes[0] }, { label: "a first backup code" });
    await answer(t, second.app);
  },

  "two factor: an enrolment that replaces another": async (t) => {
    const first = await enrolled(t);
    const second = await enable(t, { jar: "own" });
    await t.get("/get-session", { jar: "own" });
    await t.signIn();
    await t.post(VERIFY, { code: first.app.at(0) }, { label: "a code of the first app" });
    await t.post("/two-factor/verify-backup-code", { code: first.backupCodes[0] }, { label: "a first backup code" });
    await answer(t, second.app);
  },

  "two factor: an enrolment that is not confirmed": async (t) => {
    await t.signUp();
    const { backupCodes } = await enable(t);
    await t.signIn("ada", { jar: "b" });
    await t.post(URI, OWN);
    await t.post(GENERATE, OWN);
    await t.post("/two-factor/verify-backup-code", { code: backupCodes[0] });
    await t.post(DISABLE, OWN);
    await t.post(URI, OWN, { label: "the URI, disabled" });
  },

  "two factor: nothing to verify": async (t) => {
    await t.signUp();
    for (const route of [VERIFY, "/two-factor/verify-otp", "/two-factor/verify-backup-code"])
      await t.post(route, { code: "123456" });
    for (const route of [URI, GENERATE]) {
      await t.post(route, OWN);
      await t.post(route, { password: "wrong-password" }, { label: `${route}: wrong password` });
    }
  },

  "two factor: the URI": async (t) => {
    await t.signUp();
    const { app } = await enable(t, { body: { issuer: "Acme" } });
    await t.post(URI, OWN);
    await t.post(URI, { password: "wrong-password" });
    await answer(t, app);
    await t.post(URI, OWN, { label: "confirmed" });
    await t.post(URI, OWN, { jar: null, label: "without a session" });
  },

  "two factor: an end": async (t) => {
    await enrolled(t, "ada", { jar: "default" });
    const old = header(t.jar());
    await t.post(DISABLE, OWN, { headers: { "user-agent": "agent/2" } });
    await t.get("/get-session");
    await t.get("/get-session", { jar: null, headers: { cookie: old }, label: "the old cookie" });
    await t.signIn("ada", { jar: "b" });
    await t.post(DISABLE, OWN, { label: "twice" });
    await enrol(t);
    await t.signIn("ada", { jar: "c", label: "enrolled again" });
  },

  "two factor: an end of what never began": async (t) => {
    await t.signUp();
    await t.post(DISABLE, OWN);
    await t.get("/get-session");
  },

  "two factor: the flag is the server's": async (t) => {
    await t.signUp("ada", { body: { twoFactorEnabled: true } });
    for (const twoFactorEnabled of [true, false, null, "true"])
      await t.post("/update-user", { twoFactorEnabled }, { label: `update-user ${twoFactorEnabled}` });
    await t.signUp("bob", { jar: "bob", body: { twoFactorEnabled: "x" } });
    await t.get("/get-session");
  },

  "two factor: routes of the server's own": async (t) => {
    await t.signUp();
    for (const route of ["generate-totp", "view-backup-codes", "generate", "verify"])
      await t.post(`/two-factor/${route}`, { secret: "x".repeat(32), userId: "x" });
    await t.post("/totp/generate", { secret: "x".repeat(32) });
  },

  "two factor: a user from before the plugin": async (t) => {
    await t.signUp();
    await t.sql(`update "user" set "twoFactorEnabled" = null`);
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b" });
    await enrol(t, { jar: "b" });
  },
};
