// Links and codes with the session cookie cache.
import { ADA, askCode, askLink, enterByCode, openLink, provenUser } from "../support/proven-addresses.mjs";

export const profile = "proven-cached";

const VERIFY = "/email-otp/verify-email";

export default {
  "proven, cached: a link": async (t) => {
    await provenUser(t);
    const { url } = await askLink(t, { callbackURL: "/home" });
    await t.follow(url);
    await t.get("/get-session");
  },

  "proven, cached: a link of a new user": async (t) => {
    const { token } = await askLink(t, { name: "Ada" });
    await openLink(t, { token });
    await t.get("/get-session");
  },

  "proven, cached: a link of a user with an unverified address": async (t) => {
    await t.signUp();
    const { token } = await askLink(t);
    await openLink(t, { token });
    await t.get("/get-session");
  },

  "proven, cached: a code": async (t) => {
    await provenUser(t);
    await enterByCode(t);
    await t.get("/get-session");
  },

  "proven, cached: a code of a user with an unverified address": async (t) => {
    await t.signUp();
    await enterByCode(t);
    await t.get("/get-session");
  },

  "proven, cached: an address is verified": async (t) => {
    await t.signUp();
    await t.post(VERIFY, { email: ADA, otp: await askCode(t, "email-verification") });
    await t.get("/get-session");
  },

  "proven, cached: an address is verified in a session that is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.post(VERIFY, { email: ADA, otp: await askCode(t, "email-verification") });
    await t.get("/get-session");
  },

  "proven, cached: an address is verified in the browser of another user": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await t.signUp("bob");
    await t.post(VERIFY, { email: ADA, otp: await askCode(t, "email-verification") });
    await t.get("/get-session");
    await t.get("/get-session", { jar: "own", label: "the user's own" });
  },

  "proven, cached: in a browser whose session is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.sql(`update "user" set "emailVerified" = true`);
    await enterByCode(t);
    await t.get("/get-session");
  },
};
