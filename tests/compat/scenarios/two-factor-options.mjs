// Every option of the second factor with another value.
import { PASSWORD, TRUST, answer, enable } from "../support/two-factor.mjs";

export const profile = "two-factor-options";

/** Signs a user up, whose enrolment needs no confirmation. */
async function enrolled(t, body) {
  await t.signUp("ada", { jar: "own", body, headers: { "user-agent": "agent/1" } });
  return enable(t, { jar: "own", headers: { "user-agent": "agent/2" } });
}

export default {
  "two factor options: an enrolment": async (t) => {
    await enrolled(t);
    await t.get("/get-session", { jar: "own" });
    await t.post("/two-factor/get-totp-uri", { password: PASSWORD }, { jar: "own" });
    await enable(t, { jar: "own", body: { issuer: "Mine" }, label: "again" });
    await t.get("/list-sessions", { jar: "own" });
  },

  "two factor options: an enrolment in a session that is not remembered": async (t) => {
    await enrolled(t, { rememberMe: false });
    await t.get("/get-session", { jar: "own" });
    await t.post("/two-factor/disable", { password: PASSWORD }, { jar: "own" });
  },

  "two factor options: a wrong password": async (t) => {
    await t.signUp();
    await t.post("/two-factor/enable", { password: "wrong-password" });
    await t.get("/get-session");
  },

  "two factor options: a code of the app": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.post("/two-factor/verify-totp", { code: app.at(0).slice(2) }, { label: "six of its digits" });
    await t.post("/two-factor/verify-totp", { code: app.at(-2) }, { label: "the step before the last" });
    await answer(t, app, { trustDevice: true });
    await t.signIn("ada", { label: "trusted" });
    await t.post("/two-factor/disable", { password: PASSWORD });
    t.jar().delete(TRUST);
    await t.signIn("ada", { label: "disabled" });
  },

  "two factor options: a code by message": async (t) => {
    await enrolled(t);
    await t.signIn();
    await t.post("/two-factor/send-otp");
    const { code } = await t.message("ada@example.com");
    await t.post("/two-factor/verify-otp", { code: "abcd" }, { label: "wrong" });
    await t.post("/two-factor/verify-otp", { code });
    await t.get("/get-session");
  },

  "two factor options: too many wrong codes": async (t) => {
    await enrolled(t);
    await t.signIn();
    await t.post("/two-factor/send-otp");
    const { code } = await t.message("ada@example.com");
    for (const number of [1, 2]) await t.post("/two-factor/verify-otp", { code: "abcd" }, { label: `wrong ${number}` });
    await t.post("/two-factor/verify-otp", { code }, { label: "right, too late" });
  },

  "two factor options: backup codes": async (t) => {
    const { backupCodes } = await enrolled(t);
    await t.signIn();
    await t.post("/two-factor/verify-backup-code", { code: backupCodes[3] });
    await t.post("/two-factor/generate-backup-codes", { password: PASSWORD });
  },
};
