// Codes that are checked, and codes that verify an address.
import { requestChecks } from "../support/guards.mjs";
import { ADA, WRONG, askCode, lapseNewest, provenUser } from "../support/proven-addresses.mjs";

const CHECK = "/email-otp/check-verification-otp";
const VERIFY = "/email-otp/verify-email";
const TYPES = ["email-verification", "sign-in", "forget-password"];
const EVE = "eve@example.com";

export const profile = "email-otp";

const ask = (t, options) => askCode(t, "email-verification", options);
const check = (t, otp, { email = ADA, type = "email-verification", ...options } = {}) =>
  t.post(CHECK, { email, type, otp }, options);
const verify = (t, otp, { email = ADA, ...options } = {}) => t.post(VERIFY, { email, otp }, options);

export default {
  ...requestChecks(CHECK, { email: ADA, type: "sign-in", otp: "123456" }),
  ...requestChecks(VERIFY, { email: ADA, otp: "123456" }),

  "check a code: of every type": async (t) => {
    await t.signUp("ada", { jar: "own" });
    for (const type of TYPES) {
      const code = await askCode(t, type);
      await check(t, WRONG, { type, label: `${type}, wrong` });
      await check(t, code, { type, label: type });
      await check(t, code, { type, label: `${type} again` });
    }
  },

  "check a code: then use it": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const code = await ask(t);
    await check(t, code);
    await verify(t, code);
    await check(t, code, { label: "after it was used" });
  },

  "check a code: of no user": async (t) => {
    const code = await askCode(t, "sign-in");
    await check(t, code, { type: "sign-in", label: "right" });
    await check(t, WRONG, { type: "sign-in", label: "wrong" });
    await check(t, WRONG, { email: EVE, label: "not requested" });
  },

  "check a code: none was requested": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await check(t, "123456");
  },

  "check a code: of another type": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const code = await askCode(t, "sign-in");
    await check(t, code, { type: "email-verification", label: "of none" });
    await ask(t);
    await check(t, code, { type: "email-verification", label: "of another" });
  },

  "check a code: too many wrong ones": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const code = await ask(t);
    for (const number of [1, 2, 3]) await check(t, WRONG, { label: `wrong ${number}` });
    await check(t, code, { label: "right, too late" });
    await check(t, code, { label: "right, again" });
  },

  "check a code: wrong ones here and at its use": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const code = await ask(t);
    await check(t, WRONG, { label: "wrong, checked" });
    await verify(t, WRONG, { label: "wrong, used" });
    await check(t, WRONG, { label: "wrong, checked again" });
    await verify(t, code, { label: "right, too late" });
  },

  "check a code: an expired one": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const code = await ask(t);
    await t.lapse();
    await check(t, code);
    await check(t, code, { label: "again" });
  },

  "check a code: an address in capitals": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await check(t, await ask(t), { email: "ADA@Example.COM" });
  },

  "check a code: members of wrong types": async (t) => {
    for (const body of [
      {},
      { email: ADA, otp: "1" },
      { email: ADA, type: "sign-in" },
      { type: "sign-in", otp: "1" },
      { email: 1, type: 2, otp: 3 },
      { email: null, type: null, otp: null },
      { email: ADA, type: "x", otp: "1" },
      { email: "x", type: "sign-in", otp: "1" },
      { email: "x", type: "x", otp: 1 },
      { email: "ada\0@example.com", type: "sign-in", otp: "1" },
    ])
      await t.post(CHECK, body, { jar: null, label: JSON.stringify(body) });
  },

  "verify by a code: in the user's browser": async (t) => {
    await t.signUp();
    await verify(t, await ask(t));
    await t.get("/get-session");
    await t.get("/list-accounts");
    await t.signIn("ada", { jar: "b", label: "the password" });
  },

  "verify by a code: in another browser": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await verify(t, await ask(t));
    await t.get("/get-session", { jar: "own", label: "the session from before" });
    await t.signIn("ada", { jar: "b", label: "the password from before" });
  },

  "verify by a code: in the browser of another user": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await t.signUp("bob");
    await verify(t, await ask(t));
    await t.get("/get-session");
  },

  "verify by a code: an address that is verified": async (t) => {
    await provenUser(t);
    await verify(t, await ask(t), { jar: "own" });
    await t.get("/get-session", { jar: "own" });
  },

  "verify by a code: an address in capitals": async (t) => {
    await t.signUp();
    await verify(t, await ask(t), { email: "ADA@Example.COM" });
  },

  "verify by a code: wrong and used ones": async (t) => {
    await t.signUp();
    const code = await ask(t);
    await verify(t, WRONG, { label: "wrong" });
    await verify(t, code, { label: "right" });
    await verify(t, code, { label: "again" });
  },

  "verify by a code: too many wrong ones": async (t) => {
    await t.signUp();
    const code = await ask(t);
    for (const number of [1, 2, 3]) await verify(t, WRONG, { label: `wrong ${number}` });
    await verify(t, code, { label: "right, too late" });
    await verify(t, code, { label: "right, again" });
  },

  "verify by a code: an expired one": async (t) => {
    await t.signUp();
    const code = await ask(t);
    await t.lapse();
    await verify(t, code);
    await verify(t, code, { label: "again" });
  },

  "verify by a code: an older one": async (t) => {
    await t.signUp();
    const older = await ask(t);
    const newer = await ask(t);
    await verify(t, older, { label: "the older" });
    await verify(t, newer, { label: "the newer" });
    await verify(t, older, { label: "the older after the newer" });
  },

  "verify by a code: an older one after the newer expired": async (t) => {
    await t.signUp();
    const older = await ask(t);
    await ask(t);
    await lapseNewest(t);
    await verify(t, older);
  },

  "verify by a code: of no user": async (t) => {
    await verify(t, "123456", { label: "not requested" });
    await t.post("/email-otp/send-verification-otp", { email: ADA, type: "email-verification" });
    await verify(t, "123456", { label: "requested" });
  },

  "verify by a code: the user was deleted": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const code = await ask(t);
    await t.sql(`delete from "user"`);
    await verify(t, code);
    await verify(t, code, { label: "again" });
  },

  "verify by a code: the user has another address": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const code = await ask(t);
    await t.sql(`update "user" set email = 'other@example.com'`);
    await verify(t, code);
  },

  "verify by a code: of another address": async (t) => {
    await t.signUp();
    await t.signUp("eve", { jar: "eve" });
    const code = await ask(t);
    await ask(t, { to: EVE });
    await verify(t, code, { email: EVE });
  },

  "verify by a code: members of wrong types": async (t) => {
    for (const body of [
      {},
      { email: ADA },
      { otp: "1" },
      { email: 1, otp: 2 },
      { email: null, otp: null },
      { email: "x", otp: "1" },
      { email: "x", otp: 1 },
      { email: "", otp: "" },
      { email: "ada\0@example.com", otp: "1" },
    ])
      await t.post(VERIFY, body, { jar: null, label: JSON.stringify(body) });
  },
};
