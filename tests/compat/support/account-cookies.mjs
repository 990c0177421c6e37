// Scenarios for accounts that are also stored in a cookie.
import { expireTokens, link, signIn, withIdToken } from "./social.mjs";

const COOKIE = "better-auth.account_data";

/** @param {string} name beginning of the scenarios' names */
export function accountCookies(name) {
  return {
    [`${name}: a sign-in`]: async (t) => {
      await signIn(t);
      await t.get("/get-session");
      await signIn(t, "google", { jar: "b", label: "again" });
    },

    [`${name}: an id token`]: async (t) => {
      await withIdToken(t, "google", t.provider.idToken("google"), { idToken: { accessToken: "access-own" } });
      await withIdToken(t, "google", t.provider.idToken("google"), { label: "again" });
    },

    [`${name}: linking`]: async (t) => {
      await t.signUp();
      await link(t, "google");
      await t.get("/account-info");
    },

    [`${name}: a sign-in that links`]: async (t) => {
      await t.signUp();
      await t.sql(`update "user" set "emailVerified" = true`);
      await signIn(t, "google", { jar: "b" });
    },

    [`${name}: another provider`]: async (t) => {
      await signIn(t, "google");
      await signIn(t, "github", { label: "GitHub" });
      await t.get("/account-info");
      await t.post("/get-access-token", { providerId: "google" });
    },

    [`${name}: reading tokens`]: async (t) => {
      await signIn(t);
      await t.sql(`update account set "accessToken" = 'changed', "refreshToken" = 'changed'`);
      await t.post("/get-access-token", { providerId: "google" });
      await t.get("/account-info");
      await t.get("/account-info?accountId=4711");
      await t.post("/get-access-token", { providerId: "google", accountId: "4711" }, { label: "by the provider's id" });
    },

    [`${name}: refreshing`]: async (t) => {
      await signIn(t);
      await t.post("/refresh-token", { providerId: "google" });
      await t.post("/get-access-token", { providerId: "google" });
      await expireTokens(t);
      await t.post("/get-access-token", { providerId: "google" }, { label: "expired in the database" });
    },

    [`${name}: a long id token`]: async (t) => {
      t.provider.become({ name: "x".repeat(2500) });
      await signIn(t);
      await t.get("/account-info");
      t.provider.become({ name: "Ada" });
      await signIn(t, "google", { label: "short again" });
    },

    [`${name}: signing out`]: async (t) => {
      await signIn(t);
      await t.post("/sign-out");
    },

    [`${name}: a session that has ended`]: async (t) => {
      await signIn(t);
      await t.sql("delete from session");
      await t.get("/get-session?disableCookieCache=true");
      await t.post("/get-access-token", { providerId: "google" });
    },

    [`${name}: a session that is due`]: async (t) => {
      await signIn(t);
      await t.age("2 days");
      await t.get("/get-session?disableCookieCache=true");
    },

    [`${name}: another user's cookie`]: async (t) => {
      await signIn(t, "google", { jar: "owner" });
      await t.signUp("bob");
      t.jar().set(COOKIE, t.jar("owner").get(COOKIE));
      await t.post("/get-access-token", { providerId: "google" });
      await t.post("/refresh-token", { providerId: "google" });
      await t.get("/account-info");
    },

    [`${name}: a broken cookie`]: async (t) => {
      await signIn(t);
      for (const [label, value] of Object.entries({
        text: "x",
        shorter: t.jar().get(COOKIE).slice(0, -4),
        empty: "",
      })) {
        t.jar().set(COOKIE, value);
        await t.post("/get-access-token", { providerId: "google" }, { label });
      }
    },

    [`${name}: an unlinked account`]: async (t) => {
      await t.signUp();
      await t.sql(`update "user" set "emailVerified" = true`);
      await signIn(t, "google");
      await signIn(t, "google", { label: "again" });
      await t.post("/unlink-account", { providerId: "google" });
      await t.post("/get-access-token", { providerId: "google" });
      await t.get("/account-info");
    },

    [`${name}: the password`]: async (t) => {
      await t.signUp();
      await t.signIn();
      await t.get("/account-info");
    },
  };
}
