// Passkeys over HTTPS.
import { owner, signIn } from "../support/passkeys.mjs";

export const profile = "passkey-secure";

export default {
  "passkey over HTTPS: a registration and a sign-in": async (t) => {
    const { key } = await owner(t);
    await signIn(t, key);
    await t.get("/get-session");
  },
};
