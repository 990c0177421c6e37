// Google One Tap for another client, without sign-up.
import { tap } from "../support/one-taps.mjs";
import { signIn, verifyAll } from "../support/social.mjs";

export const profile = "one-tap-options";

export default {
  "one tap options: without sign-up": async (t) => {
    await tap(t, { aud: "tap-id" }, { label: "new" });
    await signIn(t, "google", { jar: "b", label: "by a code" });
    await tap(t, { aud: "tap-id" }, { label: "known" });
  },

  "one tap options: clients": async (t) => {
    await t.signUp();
    await verifyAll(t);
    for (const aud of ["tap-id", "google-id"]) await tap(t, { aud }, { jar: aud, label: `for ${aud}` });
  },
};
