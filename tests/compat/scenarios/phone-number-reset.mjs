// Password resets by a code that is sent to a phone number.
import { requestChecks } from "../support/guards.mjs";
import { NUMBER, OTHER, WRONG, askReset, owner, sent, signIn, verify } from "../support/phones.mjs";

const ASK = "/phone-number/request-password-reset";
const RESET = "/phone-number/reset-password";
const NEW = "password5678";

export const profile = "phone-number";

const reset = (t, otp, { number = NUMBER, newPassword = NEW, ...options } = {}) =>
  t.post(RESET, { phoneNumber: number, otp, newPassword }, { jar: null, label: "reset", ...options });

async function signIns(t) {
  await signIn(t, { jar: "new", password: NEW, label: "the new password" });
  await signIn(t, { jar: "old", label: "the old password" });
}

export default {
  ...requestChecks(ASK, { phoneNumber: NUMBER }),
  ...requestChecks(RESET, { phoneNumber: NUMBER, otp: "123456", newPassword: NEW }),

  "reset by phone: good": async (t) => {
    await owner(t);
    await reset(t, await askReset(t));
    await signIns(t);
    await t.get("/get-session", { jar: "own", label: "the session from before" });
    await t.get("/list-accounts", { jar: "own" });
  },

  "reset by phone: in the user's browser": async (t) => {
    await owner(t, { jar: "default" });
    await reset(t, await askReset(t, { jar: "default" }), { jar: "default" });
    await t.get("/get-session");
  },

  "reset by phone: a number that was not proven": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await t.post(ASK, { phoneNumber: NUMBER }, { jar: null });
    await t.silence();
  },

  "reset by phone: requests of no user": async (t) => {
    await t.post(ASK, { phoneNumber: NUMBER }, { label: "unknown" });
    await t.post(ASK, { phoneNumber: "" }, { label: "empty" });
    await t.post(ASK, { phoneNumber: "ada@example.com" }, { label: "an address" });
    await t.silence();
  },

  "reset by phone: bodies of requests": async (t) => {
    for (const body of [{}, { phoneNumber: null }, { phoneNumber: 1 }, { phoneNumber: "+49\0" }])
      await t.post(ASK, body, { label: JSON.stringify(body) });
  },

  "reset by phone: bodies": async (t) => {
    for (const body of [
      {},
      { phoneNumber: NUMBER, otp: "1" },
      { phoneNumber: NUMBER, newPassword: NEW },
      { otp: "1", newPassword: NEW },
      { phoneNumber: 1, otp: 2, newPassword: 3 },
      { phoneNumber: null, otp: null, newPassword: null },
      { phoneNumber: "+49\0", otp: "1", newPassword: NEW },
      { phoneNumber: NUMBER, otp: "1", password: NEW },
    ])
      await t.post(RESET, body, { label: JSON.stringify(body) });
  },

  "reset by phone: none was requested": async (t) => {
    await owner(t);
    await reset(t, "123456", { label: "a user" });
    await reset(t, "123456", { number: OTHER, label: "no user" });
    await reset(t, "123456", { newPassword: "x", label: "a short password" });
  },

  "reset by phone: wrong codes": async (t) => {
    await owner(t);
    const code = await askReset(t);
    await reset(t, WRONG, { label: "wrong" });
    await reset(t, WRONG, { newPassword: "x", label: "wrong, with a short password" });
    await reset(t, code, { label: "right" });
    await reset(t, code, { label: "again" });
    await signIns(t);
  },

  "reset by phone: too many wrong codes": async (t) => {
    await owner(t);
    const code = await askReset(t);
    for (const number of [1, 2, 3]) await reset(t, WRONG, { label: `wrong ${number}` });
    await reset(t, code, { label: "right, too late" });
    await reset(t, code, { label: "right, again" });
    await signIns(t);
  },

  "reset by phone: wrong codes of no user": async (t) => {
    await t.post(ASK, { phoneNumber: NUMBER });
    for (const number of [1, 2, 3, 4, 5]) await reset(t, WRONG, { label: `wrong ${number}` });
  },

  "reset by phone: an expired code": async (t) => {
    await owner(t);
    const code = await askReset(t);
    await t.lapse();
    await reset(t, code);
    await reset(t, code, { label: "again" });
  },

  "reset by phone: an older code": async (t) => {
    await owner(t);
    const older = await askReset(t);
    const newer = await askReset(t);
    await reset(t, older, { label: "the older" });
    await reset(t, newer, { label: "the newer" });
    await reset(t, older, { label: "the older after the newer" });
  },

  "reset by phone: passwords of wrong lengths": async (t) => {
    await owner(t);
    const code = await askReset(t);
    await reset(t, code, { newPassword: "1234567", label: "too short" });
    await reset(t, code, { newPassword: "x".repeat(129), label: "too long" });
    await reset(t, code, { newPassword: "", label: "empty" });
    await reset(t, code, { label: "right" });
    await signIns(t);
  },

  "reset by phone: a user without a password": async (t) => {
    await owner(t);
    await t.sql("update account set password = null");
    await reset(t, await askReset(t), { label: "an account without a password" });
    await signIns(t);
    await t.sql("delete from account");
    await reset(t, await askReset(t), { label: "no account" });
    await t.get("/list-accounts", { jar: "own" });
  },

  "reset by phone: the user was deleted": async (t) => {
    await owner(t);
    const code = await askReset(t);
    await t.sql(`delete from "user"`);
    await reset(t, code);
    await reset(t, code, { label: "again" });
  },

  "reset by phone: of another user": async (t) => {
    await owner(t);
    await owner(t, { name: "bob", number: OTHER, jar: "bob" });
    const code = await askReset(t);
    await askReset(t, { to: OTHER });
    await reset(t, code, { number: OTHER, label: "at the other" });
    await reset(t, code, { label: "at its own" });
  },

  "reset by phone: of another purpose": async (t) => {
    await owner(t);
    await reset(t, await sent(t), { label: "a code of a proof" });
    await verify(t, await askReset(t), { jar: "b", label: "a code of a reset" });
  },

  "reset by phone: a purpose in the number": async (t) => {
    await owner(t);
    const code = await askReset(t);
    await verify(t, code, { number: `${NUMBER}-request-password-reset`, jar: "b" });
    await t.post("/phone-number/send-otp", { phoneNumber: `${NUMBER}-request-password-reset` }, { label: "send" });
  },
};
