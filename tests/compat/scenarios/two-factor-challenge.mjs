// Sign-in with a second factor.
import { requestChecks } from "../support/guards.mjs";
import {
  CHALLENGE,
  PASSWORD,
  TRUST,
  answer,
  bearer,
  content,
  enrolled,
  header,
  signed,
} from "../support/two-factor.mjs";

export const profile = "two-factor";

const VERIFY = "/two-factor/verify-totp";
const ADA = { email: "ada@example.com", password: PASSWORD };

export default {
  ...requestChecks(VERIFY, { code: "123456" }),

  "two factor: a sign-in by address": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn("ada", { headers: { "user-agent": "agent/1" } });
    await t.get("/get-session", { label: "not signed in yet" });
    await answer(t, app, {}, { headers: { "user-agent": "agent/2" } });
    await t.get("/get-session");
    await t.get("/list-sessions");
    await answer(t, app, { trustDevice: true }, { label: "another code, with the session" });
  },

  "two factor: a sign-in by name": async (t) => {
    const { app } = await enrolled(t, "ada", { body: { username: "Ada_L" } });
    await t.post("/sign-in/username", { username: "ada_l", password: "wrong-password" }, { label: "wrong password" });
    await t.post("/sign-in/username", { username: "ada_l", password: PASSWORD });
    await answer(t, app);
    await t.get("/get-session");
  },

  "two factor: a sign-in with a wrong password": async (t) => {
    await enrolled(t);
    await t.signIn("ada", { body: { password: "wrong-password" } });
    await t.post(VERIFY, { code: "123456" });
  },

  "two factor: a sign-in that is not remembered": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn("ada", { body: { rememberMe: false } });
    await answer(t, app);
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b", body: { rememberMe: false } });
    await t.signIn("ada", { jar: "b", body: { rememberMe: true }, label: "again, remembered" });
    await answer(t, app, {}, { jar: "b" });
  },

  "two factor: a sign-in by name that is not remembered": async (t) => {
    const { app } = await enrolled(t, "ada", { body: { username: "Ada_L" } });
    await t.post("/sign-in/username", { username: "ada_l", password: PASSWORD, rememberMe: false });
    await answer(t, app, { trustDevice: false });
  },

  "two factor: a sign-in with a callback": async (t) => {
    await enrolled(t, "ada", { body: { username: "Ada_L" } });
    await t.signIn("ada", { body: { callbackURL: "/home" } });
    await t.signIn("ada", { jar: "b", body: { callbackURL: "https://evil.test" } });
    const byName = { username: "ada_l", password: PASSWORD, callbackURL: "/home" };
    await t.post("/sign-in/username", byName, { jar: "c", label: "by name" });
  },

  "two factor: a sign-in by form": async (t) => {
    await enrolled(t);
    await t.call("POST", "/sign-in/email", { form: ADA });
    const form = { ...ADA, callbackURL: "/home" };
    await t.call("POST", "/sign-in/email", { form, jar: "b", label: "with a callback" });
  },

  "two factor: a sign-in while signed in": async (t) => {
    const { app } = await enrolled(t, "ada", { jar: "default" });
    const old = header(t.jar());
    await t.signIn();
    await t.get("/get-session");
    await t.get("/get-session", { jar: null, headers: { cookie: old }, label: "the first session" });
    await answer(t, app);
  },

  "two factor: a sign-in while signed in as another user": async (t) => {
    const { app } = await enrolled(t);
    await t.signUp("bob");
    await t.signIn();
    await t.get("/get-session");
    await answer(t, app);
    await t.get("/get-session", { label: "signed in" });
  },

  "two factor: several challenges at once": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn("ada", { jar: "b" });
    await t.signIn("ada", { jar: "c" });
    await answer(t, app, {}, { jar: "c" });
    await answer(t, app, {}, { jar: "b" });
    await t.get("/list-sessions", { jar: "own" });
  },

  "two factor: what a challenge does not open": async (t) => {
    await enrolled(t);
    await t.signIn();
    for (const route of ["/get-session", "/list-sessions", "/list-accounts", "/token"]) await t.get(route);
    for (const [route, body] of Object.entries({
      "/update-user": { name: "Eve" },
      "/change-password": { currentPassword: PASSWORD, newPassword: "password5678" },
      "/verify-password": { password: PASSWORD },
      "/two-factor/enable": { password: PASSWORD },
      "/two-factor/disable": { password: PASSWORD },
      "/two-factor/get-totp-uri": { password: PASSWORD },
      "/two-factor/generate-backup-codes": { password: PASSWORD },
      "/delete-user": { password: PASSWORD },
    }))
      await t.post(route, body);
    await t.get("/get-session", { jar: "own" });
  },

  "two factor: a sign-out while challenged": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.post("/sign-out");
    await answer(t, app);
  },

  "two factor: wrong codes for a challenge": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    for (const code of ["", "abcdef", app.at(-2), "1234567"]) await t.post(VERIFY, { code }, { label: "a wrong code" });
    await answer(t, app);
  },

  "two factor: many wrong codes for a challenge": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    for (let number = 1; number <= 12; number += 1)
      await t.post(VERIFY, { code: "abcdef" }, { label: `wrong ${number}` });
    await answer(t, app);
  },

  "two factor: a challenge that is used again": async (t) => {
    const { app, backupCodes } = await enrolled(t);
    await t.signIn();
    const cookie = header(t.jar());
    await answer(t, app);
    const again = { jar: null, headers: { cookie } };
    await answer(t, app, {}, { ...again, label: "a code" });
    await t.post("/two-factor/send-otp", {}, again);
    await t.post("/two-factor/verify-otp", { code: "123456" }, again);
    await t.post("/two-factor/verify-backup-code", { code: backupCodes[0] }, again);
    await t.silence();
  },

  "two factor: a challenge that has expired": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.lapse();
    await answer(t, app);
  },

  "two factor: a challenge that has expired, and a wrong code": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.lapse();
    await t.post(VERIFY, { code: "abcdef" }, { label: "a wrong code" });
    await answer(t, app, {}, { label: "a right code" });
  },

  "two factor: a challenge of a user who is deleted": async (t) => {
    const { app, backupCodes } = await enrolled(t);
    await t.signIn();
    await t.sql(`delete from "user"`);
    await answer(t, app);
    await t.post("/two-factor/send-otp");
    await t.post("/two-factor/verify-backup-code", { code: backupCodes[0] });
  },

  "two factor: a challenge beside another user's session": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.signUp("bob", { jar: "bob" });
    t.jar("bob").set(CHALLENGE, t.jar().get(CHALLENGE));
    await answer(t, app, {}, { jar: "bob" });
    await t.get("/get-session", { jar: "bob" });
    await answer(t, app, {}, { label: "without the session" });
  },

  "two factor: a challenge beside a session that has ended": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.signUp("bob", { jar: "bob" });
    t.jar("bob").set(CHALLENGE, t.jar().get(CHALLENGE));
    await t.sql(`delete from session`);
    await answer(t, app, {}, { jar: "bob" });
  },

  "two factor: cookies that are no challenge": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    const good = t.jar().get(CHALLENGE);
    const cookies = {
      none: "",
      empty: `${CHALLENGE}=`,
      unsigned: `${CHALLENGE}=${content(good)}`,
      "another signature": `${CHALLENGE}=x${good}`,
      "an unknown challenge": `${CHALLENGE}=${signed(t, "2fa-abcdefghijklmnopqrst")}`,
      "an empty challenge": `${CHALLENGE}=${signed(t, "")}`,
      "a session's token": `${CHALLENGE}=${t.jar("own").get("better-auth.session_token")}`,
      "the challenge as a session": `better-auth.session_token=${good}`,
      "the challenge as a trusted device": `${TRUST}=${good}`,
    };
    for (const [label, cookie] of Object.entries(cookies))
      for (const [route, code] of [[VERIFY, app.at(0)], ["/two-factor/verify-backup-code", "x"]])
        await t.post(route, { code }, { jar: null, headers: { cookie }, label: `${label}: ${route}` });
    await t.post("/two-factor/send-otp", {}, { jar: null, label: "a code by message" });
    await t.get("/get-session", { jar: null, headers: { cookie: cookies["the challenge as a session"] } });
    await t.silence();
  },

  "two factor: the row of the enrolment is gone": async (t) => {
    const { app, backupCodes } = await enrolled(t);
    await t.sql(`delete from "twoFactor"`);
    await t.signIn();
    await answer(t, app);
    await t.post("/two-factor/verify-backup-code", { code: backupCodes[0] });
    for (const route of ["/two-factor/get-totp-uri", "/two-factor/generate-backup-codes"])
      await t.post(route, { password: PASSWORD }, { jar: "own" });
  },

  "two factor: a challenge by a bearer client": async (t) => {
    const { app } = await enrolled(t);
    const { cookies } = await t.signIn("ada", { jar: null });
    const [cookie] = cookies.filter((line) => line.startsWith(CHALLENGE)).map((line) => line.split(";")[0]);
    await t.get("/get-session", bearer(await answer(t, app, {}, { jar: null, headers: { cookie } })));
  },

  "two factor: the answer from a foreign page": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.post(VERIFY, { code: app.at(0) }, { headers: { origin: "https://evil.test" } });
    await answer(t, app, {}, { headers: { origin: "https://a.example.com" }, label: "from a trusted page" });
  },
};
