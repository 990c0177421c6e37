// Links and codes with additional fields of users and sessions.
import { ADA, askCode, askLink, openLink, signInByCode } from "../support/proven-addresses.mjs";

export const profile = "proven-fields";

/** Signs a user up with the fields that a user must have. */
async function user(t) {
  await t.signUp("ada", { jar: "own", body: { locale: "en", hidden: "x", nickname: "A" } });
  await t.sql(`update "user" set "emailVerified" = true`);
}

export default {
  "proven, fields: a link": async (t) => {
    await user(t);
    const { token } = await askLink(t);
    await openLink(t, { token });
    await t.get("/get-session");
  },

  "proven, fields: a code": async (t) => {
    await user(t);
    await signInByCode(t, await askCode(t, "sign-in"));
    await t.get("/get-session");
  },

  "proven, fields: an address is verified": async (t) => {
    await t.signUp("ada", { body: { locale: "en", hidden: "x" } });
    await t.post("/email-otp/verify-email", { email: ADA, otp: await askCode(t, "email-verification") });
    await t.get("/get-session");
  },

  "proven, fields: a link of a new user, who lacks a field": async (t) => {
    const { token } = await askLink(t, { name: "Ada" });
    await openLink(t, { token, callbackURL: "/home" });
    await openLink(t, { token, callbackURL: "/home" }, { label: "again" });
  },

  "proven, fields: a code of a new user, who lacks a field": async (t) => {
    const code = await askCode(t, "sign-in");
    await signInByCode(t, code);
    await signInByCode(t, code, { label: "again" });
  },
};
