// Scenarios for the tokens of accounts, for each way in which they are stored.
import { services } from "./provider-services.mjs";
import { accountOf, answerWith, expireTokens, fail, signIn, withIdToken } from "./social.mjs";

const GET = "/get-access-token";
const REFRESH = "/refresh-token";
const TOKEN = services.google.token;

/** @param {string} name beginning of the scenarios' names */
export function tokens(name) {
  return {
    [`${name}: fresh and expired`]: async (t) => {
      await signIn(t);
      await t.post(GET, { providerId: "google" }, { label: "fresh" });
      for (const distance of ["6 seconds", "3 seconds", "-1 minute"]) {
        await expireTokens(t, distance);
        await t.post(GET, { providerId: "google" }, { label: `expires in ${distance}` });
      }
      await t.post(GET, { providerId: "google" }, { label: "fresh again" });
    },

    [`${name}: refreshed`]: async (t) => {
      await signIn(t);
      await t.post(REFRESH, { providerId: "google" });
      await t.post(REFRESH, { providerId: "google" }, { label: "again" });
      await t.post(GET, { providerId: "google" });
      await t.get("/list-accounts");
    },

    [`${name}: by the row's id`]: async (t) => {
      await signIn(t);
      const accountId = await accountOf(t, "google");
      for (const route of [GET, REFRESH]) {
        await t.post(route, { providerId: "google", accountId }, { label: `${route} by the row's id` });
        await t.post(route, { providerId: "google", accountId: "4711" }, { label: `${route} by the provider's id` });
        await t.post(route, { providerId: "github", accountId }, { label: `${route} of another provider` });
        await t.post(route, { providerId: "google", accountId: "" }, { label: `${route} by an empty id` });
      }
    },

    [`${name}: another user's`]: async (t) => {
      await signIn(t);
      const accountId = await accountOf(t, "google");
      const [{ id: userId }] = await t.sql(`select id from "user"`);
      await t.signUp("bob", { jar: "bob" });
      for (const route of [GET, REFRESH]) {
        await t.post(route, { providerId: "google", accountId }, { jar: "bob", label: `${route} by the account` });
        await t.post(route, { providerId: "google", userId }, { jar: "bob", label: `${route} by the user` });
        await t.post(route, { providerId: "google", userId }, { jar: null, label: `${route} without a session` });
      }
    },

    [`${name}: no such account`]: async (t) => {
      await t.signUp();
      for (const route of [GET, REFRESH])
        for (const providerId of ["google", "unknown", "credential", "vercel", "", "a b-c"])
          await t.post(route, { providerId }, { label: `${route} of ${providerId}` });
    },

    [`${name}: answers without parts`]: async (t) => {
      for (const [label, changes] of Object.entries({
        "no refresh token": { refresh_token: undefined },
        "no lifetime": { expires_in: undefined },
        "no scope": { scope: undefined },
        "no id token": { id_token: undefined },
        "another scope": { scope: "a b" },
        "a lifetime of the refresh token": { refresh_token_expires_in: 7200 },
        "no access token": { access_token: undefined },
      })) {
        t.provider.change(TOKEN, (answer) => answer);
        await signIn(t, "google", { label: "sign-in" });
        answerWith(t, TOKEN, changes);
        await t.post(REFRESH, { providerId: "google" }, { label: `refresh, ${label}` });
        t.provider.change(TOKEN, (answer) => answer);
        await signIn(t, "google", { label: "sign-in" });
        await expireTokens(t);
        answerWith(t, TOKEN, changes);
        await t.post(GET, { providerId: "google" }, { label: `expired, ${label}` });
      }
    },

    [`${name}: failures`]: async (t) => {
      await signIn(t);
      await expireTokens(t);
      const invalid = { error: "invalid_grant", error_description: "Token has been expired or revoked." };
      for (const [label, change] of Object.entries({
        revoked: (answer) => ({ ...answer, status: 400, body: invalid }),
        500: (answer) => ({ ...answer, status: 500, body: "oops", headers: {} }),
        "no answer": () => null,
        "no JSON": (answer) => ({ ...answer, body: "<html>", headers: { "content-type": "text/html" } }),
        "an error with status 200": (answer) => ({ ...answer, body: invalid }),
      })) {
        t.provider.change(TOKEN, change);
        for (const route of [GET, REFRESH])
          await t.post(route, { providerId: "google" }, { label: `${route}: ${label}` });
        await t.sql(`update account set "refreshToken" = coalesce("refreshToken", 'refresh-google-1')`);
        await expireTokens(t);
      }
    },

    [`${name}: a rotated refresh token`]: async (t) => {
      await signIn(t);
      const [{ refreshToken }] = await t.sql(`select "refreshToken" from account`);
      await t.post(REFRESH, { providerId: "google" });
      await t.sql(`update account set "refreshToken" = $1`, [refreshToken]);
      await t.post(REFRESH, { providerId: "google" }, { label: "the old one" });
    },

    [`${name}: columns that are empty`]: async (t) => {
      await signIn(t);
      for (const [label, assignment] of Object.entries({
        "no refresh token": `"refreshToken" = null`,
        "an empty refresh token": `"refreshToken" = ''`,
        "no access token": `"accessToken" = null, "refreshToken" = null`,
        "an empty access token": `"accessToken" = ''`,
        "no expiry": `"accessTokenExpiresAt" = null`,
        "no scope": `scope = null`,
        "an empty scope": `scope = ''`,
        "no id token": `"idToken" = null`,
      })) {
        await signIn(t, "google", { label: "sign-in" });
        await t.sql(`update account set ${assignment}`);
        await t.post(GET, { providerId: "google" }, { label: `access token, ${label}` });
        await expireTokens(t);
        await t.post(GET, { providerId: "google" }, { label: `expired, ${label}` });
        await t.post(REFRESH, { providerId: "google" }, { label: `refresh, ${label}` });
        await t.get("/account-info?accountId=4711", { label: `info, ${label}` });
      }
    },

    [`${name}: tokens of an id token`]: async (t) => {
      const idToken = { accessToken: "access-own", refreshToken: "refresh-own" };
      await withIdToken(t, "google", t.provider.idToken("google"), { idToken });
      await t.post(GET, { providerId: "google" });
      await t.post(REFRESH, { providerId: "google" });
    },

    [`${name}: information`]: async (t) => {
      await signIn(t);
      await t.get("/account-info?accountId=4711", { label: "by the provider's id" });
      await t.get(`/account-info?accountId=${await accountOf(t, "google")}`, { label: "by the row's id" });
      await t.get("/account-info", { label: "without an id" });
      await t.get("/account-info?accountId=", { label: "an empty id" });
      await t.get("/account-info?accountId=1&accountId=2", { label: "two ids" });
      await t.get("/account-info?accountId=4712", { label: "an unknown id" });
      await t.signUp("bob", { jar: "bob" });
      await t.get("/account-info?accountId=4711", { jar: "bob", label: "another's" });
      await t.get("/account-info?accountId=4711", { jar: null, label: "without a session" });
    },

    [`${name}: information by an expired token`]: async (t) => {
      await signIn(t, "github");
      await expireTokens(t);
      await t.get("/account-info?accountId=4711", { label: "refreshed" });
      await expireTokens(t);
      fail(t, services.github.token, 400, { error: "invalid_grant" });
      await t.get("/account-info?accountId=4711", { label: "not refreshed" });
    },

    [`${name}: information that fails`]: async (t) => {
      await signIn(t, "github");
      fail(t, "api.github.com/user", 401);
      await t.get("/account-info?accountId=4711", { label: "denied" });
      t.provider.change("api.github.com/user", () => null);
      await t.get("/account-info?accountId=4711", { label: "no answer" });
    },

    [`${name}: information about accounts without a provider`]: async (t) => {
      await t.signUp();
      for (const provider of ["myspace", "google", "github"])
        await t.sql(
          `insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
            select $1, $1, $1, id, now(), now() from "user"`,
          [provider],
        );
      const [{ accountId }] = await t.sql(`select "accountId" from account where "providerId" = 'credential'`);
      await t.get(`/account-info?accountId=${accountId}`, { label: "the password" });
      await t.get("/account-info?accountId=myspace", { label: "not configured" });
      await t.get("/account-info?accountId=google", { label: "no tokens" });
      await t.post(GET, { providerId: "myspace" }, { label: "token, not configured" });
      await t.post(GET, { providerId: "github" }, { label: "token, none" });
      await t.post(REFRESH, { providerId: "myspace" }, { label: "refresh, not configured" });
      await t.post(REFRESH, { providerId: "github" }, { label: "refresh, none" });
    },
  };
}
