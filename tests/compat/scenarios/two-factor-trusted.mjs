// Trusted devices: browsers that sign in without the second factor.
import { PASSWORD, TRUST, answer, content, enrol, enrolled, signed } from "../support/two-factor.mjs";

export const profile = "two-factor";

const TRUSTING = { trustDevice: true };

/** Enrols a user, and signs it in from a device that is trusted from then on. */
async function trusted(t, options) {
  const enrolment = await enrolled(t, "ada", options);
  await t.signIn();
  await answer(t, enrolment.app, TRUSTING);
  return enrolment;
}

export default {
  "trusted device: a sign-in": async (t) => {
    await trusted(t, { body: { username: "Ada_L" } });
    await t.signIn("ada", { label: "the first time" });
    await t.signIn("ada", { label: "the second time", body: { callbackURL: "/home" } });
    await t.post("/sign-in/username", { username: "ada_l", password: PASSWORD }, { label: "by name" });
    await t.get("/list-sessions");
  },

  "trusted device: a sign-in that is not remembered": async (t) => {
    await trusted(t);
    await t.signIn("ada", { body: { rememberMe: false } });
    await t.get("/get-session");
  },

  "trusted device: trust in a sign-in that was not remembered": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn("ada", { body: { rememberMe: false } });
    await answer(t, app, TRUSTING);
    await t.get("/get-session");
    await t.signIn("ada", { label: "trusted" });
  },

  "trusted device: an old cookie": async (t) => {
    await trusted(t);
    const old = t.jar().get(TRUST);
    await t.signIn("ada", { label: "trusted" });
    t.jar("copy").set(TRUST, old);
    await t.signIn("ada", { jar: "copy", label: "the old cookie" });
    await t.signIn("ada", { label: "the new cookie" });
  },

  "trusted device: a wrong password": async (t) => {
    await trusted(t);
    await t.signIn("ada", { body: { password: "wrong-password" } });
    await t.signIn("ada", { label: "the right password" });
  },

  "trusted device: another user": async (t) => {
    await trusted(t);
    await enrolled(t, "bob", { jar: "bob" });
    await t.signIn("bob");
    await t.signIn("ada", { label: "the first user again" });
  },

  "trusted device: a user without a second factor": async (t) => {
    await trusted(t);
    await t.signUp("bob", { jar: null });
    await t.signIn("bob");
    await t.signIn("ada", { label: "the first user again" });
  },

  "trusted device: an expired one": async (t) => {
    await trusted(t);
    await t.lapse();
    await t.signIn();
  },

  "trusted device: forged cookies": async (t) => {
    await trusted(t);
    const [mac, identifier] = content(t.jar().get(TRUST)).split("!");
    const ada = t.jar("own").get("better-auth.session_token");
    for (const [label, value] of Object.entries({
      empty: "",
      "not signed": `${mac}!${identifier}`,
      "badly signed": `x${t.jar().get(TRUST)}`,
      "no identifier": signed(t, mac),
      "an empty identifier": signed(t, `${mac}!`),
      "an empty hash": signed(t, `!${identifier}`),
      "another hash": signed(t, `${mac.replace(/^./, "_")}!${identifier}`),
      "another identifier": signed(t, `${mac}!trust-device-${"a".repeat(32)}`),
      "an empty text": signed(t, ""),
      "a session": ada,
    })) {
      t.jar("forged").set(TRUST, value);
      await t.signIn("ada", { jar: "forged", label });
    }
    await t.signIn("ada", { label: "the real cookie" });
  },

  "trusted device: trust by an OTP and by a backup code": async (t) => {
    const { backupCodes } = await enrolled(t);
    await t.signIn("ada", { jar: "otp" });
    await t.post("/two-factor/send-otp", TRUSTING, { jar: "otp" });
    const { code } = await t.message("ada@example.com");
    await t.post("/two-factor/verify-otp", { code, ...TRUSTING }, { jar: "otp" });
    await t.signIn("ada", { jar: "otp", label: "trusted by an OTP" });
    await t.signIn("ada", { jar: "backup" });
    await t.post("/two-factor/verify-backup-code", { code: backupCodes[0], ...TRUSTING }, { jar: "backup" });
    await t.signIn("ada", { jar: "backup", label: "trusted by a backup code" });
  },

  "trusted device: several devices": async (t) => {
    const { app } = await trusted(t);
    await t.signIn("ada", { jar: "b" });
    await answer(t, app, TRUSTING, { jar: "b" });
    await t.signIn("ada", { label: "the first" });
    await t.signIn("ada", { jar: "b", label: "the second" });
  },

  "trusted device: the end of the second factor": async (t) => {
    await trusted(t);
    await t.post("/two-factor/disable", { password: PASSWORD });
    await t.signIn("ada", { label: "without a second factor" });
  },

  "trusted device: the end of the second factor, from another device": async (t) => {
    await trusted(t);
    await t.post("/two-factor/disable", { password: PASSWORD }, { jar: "own" });
    await t.signIn("ada", { label: "without a second factor" });
    await enrol(t, { jar: "own" });
    await t.signIn("ada", { label: "enrolled again" });
  },

  "trusted device: the end of the second factor, with a forged cookie": async (t) => {
    await enrolled(t);
    t.jar("own").set(TRUST, "x.y");
    await t.post("/two-factor/disable", { password: PASSWORD }, { jar: "own" });
  },

  "trusted device: another user's cookie at the end of the second factor": async (t) => {
    await trusted(t);
    await enrolled(t, "bob", { jar: "bob" });
    t.jar("bob").set(TRUST, t.jar().get(TRUST));
    await t.post("/two-factor/disable", { password: PASSWORD }, { jar: "bob" });
    await t.signIn("ada", { label: "whose cookie it is" });
  },

  "trusted device: backup codes and key are replaced": async (t) => {
    await trusted(t);
    await t.post("/two-factor/generate-backup-codes", { password: PASSWORD }, { jar: "own" });
    await t.signIn("ada", { label: "other backup codes" });
    await t.post("/two-factor/enable", { password: PASSWORD }, { jar: "own" });
    await t.signIn("ada", { label: "another key" });
  },

  "trusted device: the password is changed": async (t) => {
    await trusted(t);
    const body = { currentPassword: PASSWORD, newPassword: "password5678" };
    await t.post("/change-password", body, { jar: "own" });
    await t.signIn("ada", { body: { password: "password5678" } });
  },

  "trusted device: the password is reset": async (t) => {
    await trusted(t);
    await t.post("/request-password-reset", { email: "ada@example.com" });
    const { token } = await t.message("ada@example.com");
    await t.post("/reset-password", { token, newPassword: "password5678" });
    await t.signIn("ada", { body: { password: "password5678" } });
  },

  "trusted device: sessions are revoked": async (t) => {
    await trusted(t);
    await t.post("/revoke-sessions", {}, { jar: "own" });
    await t.signIn();
  },

  "trusted device: a sign-out": async (t) => {
    await trusted(t);
    await t.post("/sign-out");
    await t.signIn();
  },
};
