// A sign-in does not replace stored tokens.
import { link, signIn, withIdToken } from "../support/social.mjs";

export const profile = "social-keep-tokens";

export default {
  "social keep tokens: a second sign-in": async (t) => {
    await signIn(t, "google");
    await signIn(t, "google", { jar: "b", label: "again" });
    await withIdToken(t, "google", t.provider.idToken("google"), { idToken: { accessToken: "access-own" } });
  },

  "social keep tokens: linked again": async (t) => {
    await t.signUp();
    await link(t, "google");
    await link(t, "google", { label: "again" });
  },

  "social keep tokens: refreshed": async (t) => {
    await signIn(t, "google");
    await t.post("/refresh-token", { providerId: "google" });
  },
};
