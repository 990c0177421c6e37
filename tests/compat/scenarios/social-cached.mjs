// A session cookie cache is set by sign-ins with providers.
import { link, signIn, withIdToken } from "../support/social.mjs";

export const profile = "social-cached";

export default {
  "social cached: a sign-in": async (t) => {
    await signIn(t);
    await t.get("/get-session");
    await withIdToken(t, "google", t.provider.idToken("google"), { jar: "b" });
  },

  "social cached: linking": async (t) => {
    await t.signUp();
    await link(t);
    await t.get("/get-session");
  },
};
