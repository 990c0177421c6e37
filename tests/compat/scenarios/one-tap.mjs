import { services } from "../support/provider-services.mjs";
import { requestChecks } from "../support/guards.mjs";
import { ROUTE, tap } from "../support/one-taps.mjs";
import { fail, signIn, verifyAll } from "../support/social.mjs";

export const profile = "one-tap";

const seconds = () => Math.floor(Date.now() / 1000);

export default {
  ...requestChecks(ROUTE, { idToken: "a.b.c" }),

  "one tap: a new and a known user": async (t) => {
    await tap(t, {}, { label: "new" });
    await t.get("/get-session");
    await t.get("/list-accounts");
    await tap(t, {}, { jar: "b", label: "known" });
    await signIn(t, "google", { jar: "c", label: "by a code" });
    await tap(t, { name: "New Name" }, { jar: "b", label: "with another name" });
  },

  "one tap: a user who signed up by a code": async (t) => {
    await signIn(t, "google");
    await tap(t, {}, { jar: "b" });
  },

  "one tap: invalid tokens": async (t) => {
    for (const [label, changes, token] of [
      ["another issuer", { iss: "https://evil.test" }],
      ["an issuer without a scheme", { iss: "accounts.google.com" }],
      ["no issuer", { iss: undefined }],
      ["another client", { aud: "other" }],
      ["no client", { aud: undefined }],
      ["several clients", { aud: ["google-id", "other"] }],
      ["expired", { exp: seconds() - 60 }],
      ["no end", { exp: undefined }],
      ["issued two hours ago", { iat: seconds() - 7200 }],
      ["issued in an hour", { iat: seconds() + 3600, exp: seconds() + 7200 }],
      ["no time of issue", { iat: undefined }],
      ["valid in an hour", { nbf: seconds() + 3600 }],
      ["forged", {}, { isForged: true }],
      ["unsigned", {}, { algorithm: "none" }],
      ["signed with the public key", {}, { algorithm: "HS256" }],
      ["another key", {}, { header: { kid: "provider-9" } }],
      ["no key", {}, { header: { kid: undefined } }],
    ])
      await tap(t, changes, { jar: label, token, label });
    for (const idToken of ["", "x", "a.b.c", "e30.e30."])
      await t.post(ROUTE, { idToken }, { label: `token ${idToken}` });
  },

  "one tap: members of wrong types": async (t) => {
    for (const idToken of [undefined, null, 1, [], {}])
      await t.post(ROUTE, { idToken }, { label: JSON.stringify(idToken) ?? "none" });
    await t.post(
      ROUTE,
      { idToken: t.provider.idToken("google"), callbackURL: "/welcome", other: 1 },
      { label: "others" },
    );
  },

  "one tap: users without parts": async (t) => {
    await tap(t, { email: undefined }, { label: "no address" });
    await tap(t, { email: "" }, { label: "an empty address" });
    await tap(t, { sub: undefined, email: "two@example.com" }, { label: "no id" });
    await tap(
      t,
      { name: undefined, picture: undefined, sub: "3", email: "three@example.com" },
      { label: "no name and picture" },
    );
  },

  "one tap: verified or not": async (t) => {
    for (const value of [false, "true", "false", undefined, null, 1])
      await tap(
        t,
        { email_verified: value, sub: `id ${typeof value} ${value}`, email: `v-${typeof value}-${value}@example.com` },
        { label: `verified ${JSON.stringify(value)}` },
      );
  },

  "one tap: an address in capitals": async (t) => {
    await tap(t, { email: "Ada@Example.COM" });
    await tap(t, {}, { jar: "b", label: "again" });
  },

  "one tap: a user with the same address": async (t) => {
    await t.signUp();
    await verifyAll(t);
    await tap(t, { email_verified: false }, { jar: "b", label: "unverified" });
    await tap(t, { email_verified: "false" }, { jar: "b", label: "unverified as a text" });
    await tap(t, {}, { jar: "b", label: "verified" });
    await t.get("/list-accounts", { jar: "b" });
  },

  "one tap: an unverified user with the same address": async (t) => {
    await t.signUp();
    await tap(t, {}, { jar: "b" });
  },

  "one tap: an account of another user": async (t) => {
    await signIn(t, "google", { jar: "owner" });
    await t.signUp("bob");
    await verifyAll(t);
    await tap(t, { email: "bob@example.com" }, { jar: "b" });
    await t.get("/get-session", { jar: "b" });
  },

  "one tap: an account at another provider": async (t) => {
    await signIn(t, "discord");
    await tap(t, {}, { jar: "b" });
    await t.get("/list-accounts", { jar: "b" });
  },

  "one tap: an address that changed at Google": async (t) => {
    await tap(t, {}, { label: "before" });
    await tap(t, { email: "new@example.com" }, { jar: "b", label: "after" });
  },

  "one tap: from other pages": async (t) => {
    await tap(t, {}, { headers: { origin: "https://evil.test" }, label: "foreign" });
    await tap(t, {}, { headers: { origin: "http://localhost:5173" }, label: "trusted" });
    await tap(t, {}, { headers: { origin: null }, jar: "c", label: "none" });
  },

  "one tap: the key set fails": async (t) => {
    fail(t, services.google.keys, 500);
    await tap(t, {});
  },
};
