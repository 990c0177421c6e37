// Scenarios for the linking of accounts, for each policy.
import { link, verifyAll, signIn, withIdToken } from "./social.mjs";

/** @param {string} name beginning of the scenarios' names */
export function links(name) {
  const linkToken = (t, provider, changes, options = {}) =>
    t.post(
      "/link-social",
      { provider, idToken: { token: t.provider.idToken(provider, changes), ...options.idToken } },
      options,
    );
  return {
    [`${name}: a verified account`]: async (t) => {
      await t.signUp();
      await link(t, "google");
      await t.get("/list-accounts");
      await signIn(t, "google", { jar: "b", label: "a sign-in" });
    },

    [`${name}: an account that is not verified`]: async (t) => {
      await t.signUp();
      t.provider.become({ isVerified: false });
      for (const provider of ["google", "github", "discord", "spotify"]) await link(t, provider, { label: provider });
    },

    [`${name}: another address`]: async (t) => {
      await t.signUp();
      t.provider.become({ email: "other@example.com" });
      await link(t, "google");
      await link(t, "discord", { body: { errorCallbackURL: "/oops" }, label: "with an error page" });
      t.provider.become({ email: undefined });
      await link(t, "discord", { label: "no address" });
      await t.get("/list-accounts");
    },

    [`${name}: an address in capitals`]: async (t) => {
      await t.signUp();
      t.provider.become({ email: "ADA@Example.com" });
      await link(t, "google");
    },

    [`${name}: an account twice`]: async (t) => {
      await t.signUp();
      await link(t, "google", { label: "first" });
      await link(t, "google", { label: "second" });
      t.provider.become({ id: "4712" });
      await link(t, "google", { label: "another account" });
      await t.get("/list-accounts");
    },

    [`${name}: an account of another user`]: async (t) => {
      await signIn(t, "google", { jar: "owner", label: "the owner" });
      await t.signUp("bob");
      t.provider.become({ email: "bob@example.com" });
      await link(t, "google", { body: { errorCallbackURL: "/oops" } });
      await t.get("/list-accounts");
    },

    [`${name}: one id at two providers`]: async (t) => {
      await t.signUp();
      await link(t, "google", { label: "Google" });
      await link(t, "discord", { label: "Discord" });
      await t.signUp("bob", { jar: "bob" });
      t.provider.become({ email: "bob@example.com" });
      await link(t, "github", { jar: "bob", label: "another user" });
      await t.get("/list-accounts");
    },

    [`${name}: an id token`]: async (t) => {
      await t.signUp();
      await linkToken(t, "google", {}, { label: "new" });
      await linkToken(t, "google", {}, { label: "again" });
      await t.get("/list-accounts");
      await t.get("/get-session");
    },

    [`${name}: an id token with tokens`]: async (t) => {
      await t.signUp();
      const idToken = { accessToken: "access-own", refreshToken: "refresh-own", scopes: ["a", "b"] };
      await linkToken(t, "google", { name: "New Name", picture: "https://pictures.test/new.png" }, { idToken });
      await t.post("/get-access-token", { providerId: "google" });
      await t.get("/get-session");
    },

    [`${name}: an id token that is not verified`]: async (t) => {
      await t.signUp();
      await linkToken(t, "google", { email_verified: false }, { label: "Google" });
      await linkToken(t, "microsoft", { email_verified: false }, { label: "Microsoft" });
    },

    [`${name}: an id token with another address`]: async (t) => {
      await t.signUp();
      await linkToken(t, "google", { email: "other@example.com" });
      await linkToken(t, "google", { email: "ADA@EXAMPLE.COM" }, { label: "in capitals" });
      await linkToken(t, "apple", { email: undefined }, { label: "none" });
    },

    [`${name}: an id token of another user`]: async (t) => {
      await withIdToken(t, "google", t.provider.idToken("google"), { jar: "owner", label: "the owner" });
      await t.signUp("bob");
      await linkToken(t, "google", { email: "bob@example.com" });
      await t.get("/list-accounts");
      await t.get("/list-accounts", { jar: "owner", label: "the owner's" });
    },

    [`${name}: a bad id token`]: async (t) => {
      await t.signUp();
      await linkToken(t, "google", { aud: "other" }, { label: "another client" });
      await linkToken(t, "google", { nonce: "n" }, { idToken: { nonce: "m" }, label: "another nonce" });
      await t.post("/link-social", { provider: "github", idToken: { token: "x" } }, { label: "unsupported" });
      await t.post("/link-social", { provider: "unknown", idToken: { token: "x" } }, { label: "unknown" });
    },

    [`${name}: a sign-in with the address of a user`]: async (t) => {
      await t.signUp();
      await verifyAll(t);
      await signIn(t, "google", { jar: "b", label: "Google" });
      t.provider.become({ isVerified: false });
      await signIn(t, "github", { jar: "c", label: "GitHub, unverified" });
      await signIn(t, "discord", { jar: "d", label: "Discord, unverified" });
      await withIdToken(t, "microsoft", t.provider.idToken("microsoft"), {
        jar: "e",
        label: "an id token of Microsoft, unverified",
      });
      await withIdToken(t, "apple", t.provider.idToken("apple", { email_verified: true }), {
        jar: "f",
        label: "an id token of Apple",
      });
    },

    [`${name}: a sign-in with the address of an unverified user`]: async (t) => {
      await t.signUp();
      await signIn(t, "google", { jar: "b" });
      await signIn(t, "discord", { jar: "c", label: "Discord" });
    },

    [`${name}: unlinking`]: async (t) => {
      await signIn(t, "google");
      await t.post("/unlink-account", { providerId: "google" }, { label: "the only account" });
      await link(t, "discord", { label: "Discord" });
      await t.post("/unlink-account", { providerId: "google" }, { label: "one of two" });
      await t.post("/unlink-account", { providerId: "discord", accountId: "4711" }, { label: "the last" });
      await t.get("/list-accounts");
      await signIn(t, "google", { jar: "b", label: "after all" });
    },
  };
}
