// Users must verify their addresses before they sign in with a password. Messages at sign-up are not configured.
import { signIn, withIdToken } from "../support/social.mjs";

export const profile = "social-required";

export default {
  "social required: an address that is not verified": async (t) => {
    t.provider.become({ isVerified: false });
    await signIn(t, "google");
    await t.silence();
    await t.get("/get-session");
  },

  "social required: an id token": async (t) => {
    await withIdToken(t, "google", t.provider.idToken("google", { email_verified: false }));
    await t.silence();
  },
};
