// Cookies of sign-ins with providers, over HTTPS.
import { signIn } from "../support/social.mjs";

export const profile = "social-secure";

export default {
  "social secure: a sign-in": async (t) => {
    await signIn(t, "google");
    await signIn(t, "apple", { jar: "b", label: "Apple" });
    await t.get("/get-session", { jar: "b" });
  },
};
