// The second factor with a session cookie cache, and with codes that are stored hashed.
import { PASSWORD, answer, enrolled } from "../support/two-factor.mjs";

export const profile = "two-factor-cached";

export default {
  "two factor cached: an enrolment": async (t) => {
    await enrolled(t);
    await t.get("/get-session", { jar: "own" });
    await t.post("/two-factor/disable", { password: PASSWORD }, { jar: "own" });
    await t.get("/get-session", { jar: "own", label: "disabled" });
  },

  "two factor cached: a sign-in": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.get("/get-session", { label: "not signed in yet" });
    await answer(t, app);
    await t.get("/get-session");
  },

  "two factor cached: a sign-in that is not remembered": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn("ada", { body: { rememberMe: false } });
    await answer(t, app, { trustDevice: true });
    await t.get("/get-session");
    await t.signIn("ada", { label: "trusted" });
  },

  "two factor cached: a sign-in while signed in": async (t) => {
    const { app } = await enrolled(t, "ada", { jar: "default" });
    await t.signIn();
    await t.get("/get-session", { label: "not signed in any more" });
    await answer(t, app);
  },

  "two factor cached: a session that was revoked meanwhile": async (t) => {
    const { backupCodes } = await enrolled(t, "ada", { jar: "default" });
    await t.sql("delete from session");
    for (const route of ["enable", "disable", "get-totp-uri", "generate-backup-codes"])
      await t.post(`/two-factor/${route}`, { password: PASSWORD });
    await t.post("/two-factor/verify-backup-code", { code: backupCodes[0] });
  },

  "two factor cached: a code by message": async (t) => {
    await enrolled(t);
    await t.signIn();
    await t.post("/two-factor/send-otp");
    const { code } = await t.message("ada@example.com");
    await t.post("/two-factor/verify-otp", { code: "abcdef" }, { label: "wrong" });
    await t.post("/two-factor/verify-otp", { code });
  },
};
