// Tokens are encrypted in the database.
import { tokens } from "../support/provider-accounts.mjs";
import { link, signIn } from "../support/social.mjs";

export const profile = "social-encrypted";

export default {
  ...tokens("social encrypted"),

  "social encrypted: tokens that are not encrypted": async (t) => {
    await signIn(t);
    await t.sql(`update account set "accessToken" = 'plain', "refreshToken" = 'plain'`);
    await t.post("/get-access-token", { providerId: "google" });
    await t.post("/refresh-token", { providerId: "google" });
    await t.get("/account-info?accountId=4711");
    await signIn(t, "google", { label: "again" });
  },

  "social encrypted: a linked account": async (t) => {
    await t.signUp();
    await link(t);
    await link(t, "google", { label: "again" });
  },

  "social encrypted: a linked id token": async (t) => {
    await t.signUp();
    const idToken = { token: t.provider.idToken("google"), accessToken: "access-own", refreshToken: "refresh-own" };
    await t.post("/link-social", { provider: "google", idToken });
    await t.post("/get-access-token", { providerId: "google" });
  },
};
