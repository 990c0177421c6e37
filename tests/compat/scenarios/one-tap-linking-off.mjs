// Google One Tap without linking.
import { tap } from "../support/one-taps.mjs";
import { verifyAll } from "../support/social.mjs";

export const profile = "one-tap-linking-off";

export default {
  "one tap, linking off: a user with the same address": async (t) => {
    await t.signUp();
    await verifyAll(t);
    await tap(t, {}, { jar: "b" });
  },
};
