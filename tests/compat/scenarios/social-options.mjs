// Other values for the options of providers.
import { back, begin, signIn, withIdToken } from "../support/social.mjs";

export const profile = "social-options";

const IDS = ["google", "github", "discord", "apple", "microsoft", "reddit", "gitlab", "zoom"];

export default {
  ...Object.fromEntries(
    IDS.map((id) => [
      `social options: the authorization url of ${id}`,
      async (t) => {
        await begin(t, id, { label: "default" });
        await begin(t, id, {
          body: { scopes: ["one", "two"], loginHint: "ada@example.com" },
          label: "scopes and a hint",
        });
      },
    ]),
  ),

  "social options: a redirect by another server": async (t) => {
    const arrival = new URL(t.provider.authorize(await begin(t, "github")));
    await t.get(`/callback/github${arrival.search}`, { headers: { origin: null }, label: "back" });
  },

  "social options: sign-ins": async (t) => {
    for (const id of ["google", "apple", "microsoft", "gitlab", "zoom"]) {
      t.provider.become({ email: `${id}@example.com` });
      await signIn(t, id, { jar: id, label: id });
    }
  },

  "social options: tokens of Microsoft": async (t) => {
    await signIn(t, "microsoft");
    await t.post("/refresh-token", { providerId: "microsoft" });
  },

  "social options: id tokens of each client": async (t) => {
    for (const aud of ["google-id", "google-app", "other", ["google-app", "x"]])
      await withIdToken(t, "google", t.provider.idToken("google", { aud }), { label: `for ${aud}` });
  },

  "social options: an id token of another domain": async (t) => {
    await withIdToken(t, "google", t.provider.idToken("google", { hd: "other.example" }), { label: "another" });
    await withIdToken(t, "google", t.provider.idToken("google", { hd: "example.com" }), { label: "the right one" });
  },

  "social options: another domain by a code": async (t) => {
    await back(t, await begin(t, "google"), { answer: { hd: "other.example" } });
  },

  "social options: id tokens that are disabled": async (t) => {
    await withIdToken(t, "apple", t.provider.idToken("apple", { aud: "apple-app" }));
  },

  "social options: an id token of another tenant": async (t) => {
    const issuer = (tenant) => `https://login.microsoftonline.com/${tenant}/v2.0`;
    for (const tenant of ["11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"])
      await withIdToken(t, "microsoft", t.provider.idToken("microsoft", { iss: issuer(tenant), tid: tenant }), {
        label: tenant,
      });
  },
};
