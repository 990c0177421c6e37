// Users must verify their addresses, and get a message at sign-up.
import { signIn, withIdToken } from "../support/social.mjs";

export const profile = "social-verified";

export default {
  "social verified: an address that is not verified": async (t) => {
    t.provider.become({ isVerified: false });
    await signIn(t, "google", { body: { callbackURL: "/welcome" } });
    const { url } = await t.message("ada@example.com");
    await t.follow(url, { jar: "b" });
    await t.get("/get-session", { jar: "b" });
    await t.get("/get-session");
  },

  "social verified: a callback with a query": async (t) => {
    t.provider.become({ isVerified: false });
    await signIn(t, "google", { body: { callbackURL: "/welcome?a=b&c=d" } });
    await t.message("ada@example.com");
  },

  "social verified: an address that is verified": async (t) => {
    await signIn(t, "google");
    await t.silence();
    await signIn(t, "google", { jar: "b", label: "again" });
  },

  "social verified: an id token": async (t) => {
    const token = t.provider.idToken("google", { email_verified: false });
    await withIdToken(t, "google", token, { body: { callbackURL: "/welcome" } });
    await t.message("ada@example.com");
    await withIdToken(t, "google", token, { jar: "b", label: "again" });
    await t.silence();
  },

  "social verified: a sign-in that is not verified": async (t) => {
    t.provider.become({ isVerified: false });
    await signIn(t, "google");
    await t.message("ada@example.com");
    await signIn(t, "google", { jar: "b", label: "again" });
    await t.silence();
  },

  "social verified: a sign-in by password": async (t) => {
    await t.signUp();
    await t.message("ada@example.com");
    await t.sql(`update "user" set "emailVerified" = true`);
    await signIn(t, "google", { jar: "b" });
  },
};
