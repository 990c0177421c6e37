// Backup codes as the second factor.
import { NO_CODE, PASSWORD, answer, enable, enrolled } from "../support/two-factor.mjs";

export const profile = "two-factor";

const VERIFY = "/two-factor/verify-backup-code";
const GENERATE = "/two-factor/generate-backup-codes";

const verify = (t, code, options) => t.post(VERIFY, { code }, options);
/** Generates codes, and returns them. */
const generated = async (t, options) =>
  (await t.post(GENERATE, { password: PASSWORD }, options)).json().backupCodes;

export default {
  "backup code: a sign-in": async (t) => {
    const { backupCodes } = await enrolled(t);
    await t.signIn();
    await verify(t, backupCodes[0]);
    await t.get("/get-session");
  },

  "backup code: a sign-in that is not remembered": async (t) => {
    const { backupCodes } = await enrolled(t);
    await t.signIn("ada", { body: { rememberMe: false } });
    await verify(t, backupCodes[0]);
    await t.get("/get-session");
  },

  "backup code: each of them once": async (t) => {
    const { backupCodes } = await enrolled(t);
    await t.signIn();
    for (const code of backupCodes)
      await t.post(VERIFY, { code, disableSession: true }, { label: "a code" });
    for (const code of backupCodes) await verify(t, code, { label: "again" });
  },

  "backup code: one that is used again": async (t) => {
    const { backupCodes } = await enrolled(t);
    await t.signIn();
    await verify(t, backupCodes[3]);
    await verify(t, backupCodes[3], { label: "with the session" });
    await t.signIn("ada", { jar: "b" });
    await verify(t, backupCodes[3], { jar: "b", label: "in another sign-in" });
    await verify(t, backupCodes[4], { jar: "b", label: "another code" });
  },

  "backup code: wrong ones": async (t) => {
    const { backupCodes } = await enrolled(t);
    const [code] = backupCodes;
    await t.signIn();
    for (const [label, wrong] of Object.entries({
      empty: "",
      unknown: NO_CODE,
      "without the hyphen": code.replace("-", ""),
      "in other capitals": code === code.toUpperCase() ? code.toLowerCase() : code.toUpperCase(),
      "a space before it": ` ${code}`,
      "a space after it": `${code} `,
      "its first half": code.slice(0, 5),
      "all codes": JSON.stringify(backupCodes),
      "two codes": backupCodes.slice(0, 2).join(","),
    }))
      await verify(t, wrong, { label });
    await verify(t, code, { label: "right" });
  },

  "backup code: one with NUL": async (t) => {
    const { backupCodes } = await enrolled(t);
    await t.signIn();
    await verify(t, `${backupCodes[0]}\u0000`);
  },

  "backup code: a long one": async (t) => {
    await enrolled(t);
    await t.signIn();
    await verify(t, "x".repeat(5000));
  },

  "backup code: many wrong ones": async (t) => {
    const { backupCodes } = await enrolled(t);
    await t.signIn();
    for (let number = 1; number <= 12; number += 1) await verify(t, NO_CODE, { label: `wrong ${number}` });
    await verify(t, backupCodes[0], { label: "right" });
  },

  "backup code: members of wrong types": async (t) => {
    await enrolled(t);
    await t.signIn();
    for (const body of [
      {},
      { code: 1, disableSession: 2, trustDevice: 3 },
      { code: null },
      { code: "x", disableSession: "true" },
      { code: "x", disableSession: null, trustDevice: null },
      { code: ["x"] },
    ]) {
      await t.post(VERIFY, body, { label: JSON.stringify(body) });
      await t.post(VERIFY, body, { jar: null, label: `${JSON.stringify(body)}, without a challenge` });
    }
  },

  "backup code: without a session": async (t) => {
    const { app, backupCodes } = await enrolled(t);
    await t.signIn();
    await t.post(VERIFY, { code: backupCodes[0], disableSession: true, trustDevice: true });
    await t.get("/get-session");
    await t.post(VERIFY, { code: backupCodes[0], disableSession: true }, { label: "again" });
    await t.post(VERIFY, { code: backupCodes[1], disableSession: false }, { label: "with a session" });
    await t.post(VERIFY, { code: backupCodes[2], disableSession: true }, { label: "of a signed-in user" });
    await answer(t, app, {}, { label: "a code of the app" });
  },

  "backup code: one of a signed-in user": async (t) => {
    const { backupCodes } = await enrolled(t, "ada", { jar: "default" });
    await t.post(VERIFY, { code: backupCodes[0], trustDevice: true });
    await verify(t, backupCodes[0], { label: "again" });
    await t.get("/get-session");
  },

  "backup code: one before the enrolment is confirmed": async (t) => {
    await t.signUp();
    const { app, backupCodes } = await enable(t);
    await verify(t, backupCodes[0]);
    await t.get("/get-session");
    await verify(t, backupCodes[0], { label: "again" });
    await answer(t, app);
    await verify(t, backupCodes[0], { label: "again, confirmed" });
  },

  "backup code: others are generated": async (t) => {
    const old = await enrolled(t);
    await t.signIn();
    await t.post(GENERATE, { password: PASSWORD }, { label: "without a session" });
    await t.post(GENERATE, { password: "wrong-password" }, { jar: "own", label: "a wrong password" });
    const codes = await generated(t, { jar: "own" });
    await verify(t, old.backupCodes[0], { label: "an old code" });
    await verify(t, codes[0], { label: "a new code" });
    const again = await generated(t);
    await verify(t, codes[1], { label: "a code of before" });
    await verify(t, again[0], { label: "a code of now" });
    await t.post("/two-factor/get-totp-uri", { password: PASSWORD });
  },

  "backup code: one of another user": async (t) => {
    await enrolled(t);
    const bob = await enrolled(t, "bob", { jar: "bob" });
    await t.signIn();
    await verify(t, bob.backupCodes[0]);
  },

  "backup code: the column cannot be read": async (t) => {
    const { backupCodes } = await enrolled(t);
    await t.sql(`update "twoFactor" set "backupCodes" = 'x'`);
    await t.signIn();
    await verify(t, backupCodes[0]);
  },

  "backup code: the key cannot be read": async (t) => {
    const { app } = await enrolled(t);
    await t.sql(`update "twoFactor" set secret = 'x'`);
    await t.signIn();
    await answer(t, app);
    await t.post("/two-factor/get-totp-uri", { password: PASSWORD }, { jar: "own" });
  },
};
