// The second factor without codes of an app and without a sender of codes.
import { PASSWORD } from "../support/two-factor.mjs";

export const profile = "two-factor-backup-codes";

const ROUTES = {
  "get-totp-uri": { password: PASSWORD },
  "verify-totp": { code: "123456" },
  "send-otp": {},
  "verify-otp": { code: "123456" },
};

export default {
  "two factor without codes: routes": async (t) => {
    for (const [route, body] of Object.entries(ROUTES))
      await t.post(`/two-factor/${route}`, body, { label: `${route}, without a session` });
    await t.signUp();
    for (const [route, body] of Object.entries(ROUTES)) {
      await t.post(`/two-factor/${route}`, body);
      const wrong = { password: 1, code: 1, trustDevice: 1 };
      await t.post(`/two-factor/${route}`, wrong, { label: `${route}, wrong types` });
    }
  },

  "two factor without codes: a sign-in": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const { backupCodes } = (await t.post("/two-factor/enable", { password: PASSWORD }, { jar: "own" })).json();
    await t.post("/two-factor/get-totp-uri", { password: "wrong-password" }, { jar: "own" });
    await t.sql(`update "user" set "twoFactorEnabled" = true`);
    await t.signIn();
    for (const [route, body] of Object.entries(ROUTES)) await t.post(`/two-factor/${route}`, body);
    await t.post("/two-factor/verify-backup-code", { code: backupCodes[0] });
    await t.get("/get-session");
  },
};
