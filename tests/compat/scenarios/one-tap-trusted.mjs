// Google One Tap with Google as a trusted provider.
import { tap } from "../support/one-taps.mjs";
import { verifyAll } from "../support/social.mjs";

export const profile = "one-tap-trusted";

export default {
  "one tap, trusted: a user with the same address": async (t) => {
    await t.signUp();
    await tap(t, { email_verified: false }, { jar: "b", label: "unverified at both" });
    await verifyAll(t);
    await tap(t, { email_verified: false }, { jar: "c", label: "unverified" });
  },
};
