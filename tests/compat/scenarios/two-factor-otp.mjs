// Codes by message as the second factor.
import { CHALLENGE, PASSWORD, answer, bearer, enable, enrolled, header } from "../support/two-factor.mjs";

export const profile = "two-factor";

const SEND = "/two-factor/send-otp";
const VERIFY = "/two-factor/verify-otp";
const TO = "ada@example.com";

/** Requests a code, and returns it. */
async function sent(t, options) {
  await t.post(SEND, {}, options);
  return (await t.message(TO)).code;
}

const verify = (t, code, options) => t.post(VERIFY, { code }, options);

/** Makes the newest code of all expire. */
function lapseNewest(t) {
  const newest = `select id from verification order by "createdAt" desc limit 1`;
  return t.sql(`update verification set "expiresAt" = now() - interval '1 minute' where id in (${newest})`);
}

export default {
  "otp: a sign-in": async (t) => {
    await enrolled(t);
    await t.signIn();
    await verify(t, await sent(t));
    await t.get("/get-session");
  },

  "otp: a sign-in that is not remembered": async (t) => {
    await enrolled(t);
    await t.signIn("ada", { body: { rememberMe: false } });
    await t.post(VERIFY, { code: await sent(t), trustDevice: true });
    await t.get("/get-session");
  },

  "otp: bodies of a request for a code": async (t) => {
    await enrolled(t);
    await t.signIn();
    const type = { "content-type": "application/json" };
    for (const [label, options] of Object.entries({
      none: {},
      empty: { raw: "", headers: type },
      "with trustDevice": { raw: '{"trustDevice":true}', headers: type },
      "trustDevice of a wrong type": { raw: '{"trustDevice":"x"}', headers: type },
      "trustDevice null": { raw: '{"trustDevice":null}', headers: type },
      "other members": { raw: '{"code":1}', headers: type },
      null: { raw: "null", headers: type },
      array: { raw: "[]", headers: type },
      form: { form: { trustDevice: "true" } },
    }))
      await t.call("POST", SEND, { label, ...options });
    await t.call("POST", SEND, { jar: null, label: "none, without a challenge" });
    for (let number = 1; number <= 4; number += 1) await t.message(TO);
  },

  "otp: members of wrong types": async (t) => {
    await enrolled(t);
    await t.signIn();
    for (const body of [{}, { code: 1 }, { code: null, trustDevice: null }, { code: "123456", trustDevice: 1 }]) {
      await t.post(VERIFY, body, { label: JSON.stringify(body) });
      await t.post(VERIFY, body, { jar: null, label: `${JSON.stringify(body)}, without a challenge` });
    }
  },

  "otp: wrong codes": async (t) => {
    await enrolled(t);
    await t.signIn();
    const code = await sent(t);
    for (const wrong of ["", "abcdef", ` ${code}`]) await verify(t, wrong, { label: "wrong" });
    await verify(t, code, { label: "right" });
  },

  "otp: five wrong codes": async (t) => {
    await enrolled(t);
    await t.signIn();
    const code = await sent(t);
    for (let number = 1; number <= 5; number += 1) await verify(t, "abcdef", { label: `wrong ${number}` });
    await verify(t, code, { label: "right, too late" });
    await verify(t, code, { label: "right, again" });
    await verify(t, await sent(t), { label: "the next code" });
  },

  "otp: six wrong codes": async (t) => {
    await enrolled(t);
    await t.signIn();
    await sent(t);
    for (let number = 1; number <= 7; number += 1) await verify(t, "abcdef", { label: `wrong ${number}` });
  },

  "otp: a wrong code with NUL or a separator": async (t) => {
    await enrolled(t);
    await t.signIn();
    const code = await sent(t);
    await verify(t, `${code}:0`, { label: "a separator" });
    await verify(t, `${code}\u0000`, { label: "NUL" });
    await verify(t, code, { label: "right" });
  },

  "otp: a long wrong code": async (t) => {
    await enrolled(t);
    await t.signIn();
    await sent(t);
    await verify(t, "1".repeat(4000), { label: "4000 digits" });
    await verify(t, "1".repeat(5000), { label: "5000 digits" });
  },

  "otp: an older code": async (t) => {
    await enrolled(t);
    await t.signIn();
    const older = await sent(t);
    const newer = await sent(t);
    await verify(t, older, { label: "the older" });
    await verify(t, newer, { label: "the newer" });
  },

  "otp: an older code after too many wrong ones": async (t) => {
    await enrolled(t);
    await t.signIn();
    const older = await sent(t);
    await sent(t);
    for (let number = 1; number <= 6; number += 1) await verify(t, "abcdef", { label: `wrong ${number}` });
    await verify(t, older, { label: "the older" });
  },

  "otp: an older code after the newer has expired": async (t) => {
    await enrolled(t);
    await t.signIn();
    const older = await sent(t);
    const newer = await sent(t);
    await lapseNewest(t);
    await verify(t, newer, { label: "the newer" });
    await verify(t, older, { label: "the older" });
  },

  "otp: an expired code": async (t) => {
    await enrolled(t);
    await t.signIn();
    const code = await sent(t);
    await lapseNewest(t);
    await verify(t, code);
    await verify(t, code, { label: "again" });
    await verify(t, await sent(t), { label: "the next code" });
  },

  "otp: no code was requested": async (t) => {
    await enrolled(t);
    await t.signIn();
    await verify(t, "123456");
  },

  "otp: a code of another challenge": async (t) => {
    await enrolled(t);
    await t.signIn();
    const code = await sent(t);
    await t.signIn("ada", { jar: "b" });
    await verify(t, code, { jar: "b", label: "another browser" });
    await verify(t, code, { jar: "own", label: "a session" });
    await verify(t, code);
  },

  "otp: a code of another user": async (t) => {
    await enrolled(t);
    await enrolled(t, "bob", { jar: "bob" });
    await t.signIn();
    await t.signIn("bob", { jar: "b" });
    await t.post(SEND, {}, { jar: "b" });
    await t.message("bob@example.com");
    await verify(t, await sent(t), { jar: "b", label: "the code of the other" });
  },

  "otp: a code that is used again": async (t) => {
    await enrolled(t);
    await t.signIn();
    const cookie = header(t.jar());
    const code = await sent(t);
    await verify(t, code);
    await verify(t, code, { label: "with the session" });
    await verify(t, code, { jar: null, headers: { cookie }, label: "with the used challenge" });
  },

  "otp: a code with a session": async (t) => {
    await enrolled(t, "ada", { jar: "default" });
    await t.post(VERIFY, { code: await sent(t), trustDevice: true });
    await t.get("/get-session");
  },

  "otp: a code with a session, used again": async (t) => {
    await enrolled(t, "ada", { jar: "default" });
    const code = await sent(t);
    await verify(t, code);
    await verify(t, code, { label: "again" });
  },

  "otp: a code confirms an enrolment": async (t) => {
    await t.signUp();
    const { app } = await enable(t);
    await t.post(VERIFY, { code: await sent(t), trustDevice: true });
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b" });
    await answer(t, app, {}, { jar: "b" });
  },

  "otp: a code without an enrolment": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await verify(t, await sent(t));
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b" });
    await verify(t, await sent(t, { jar: "b" }), { jar: "b" });
    await t.post("/two-factor/disable", { password: PASSWORD });
  },

  "otp: a code for whom no challenge was made": async (t) => {
    await t.post(SEND, {}, { jar: null });
    const headers = { cookie: `${CHALLENGE}=x.y` };
    await t.post(SEND, {}, { jar: null, headers, label: "a cookie that is no challenge" });
    await verify(t, "123456", { jar: null });
  },

  "otp: a code by a bearer token": async (t) => {
    const caller = bearer(await t.signUp("ada", { jar: null }));
    await verify(t, await sent(t, caller), caller);
  },

  "otp: the row of the enrolment is gone": async (t) => {
    await enrolled(t);
    await t.sql(`delete from "twoFactor"`);
    await t.signIn();
    await verify(t, await sent(t));
  },
};
