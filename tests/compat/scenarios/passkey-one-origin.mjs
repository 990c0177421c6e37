// Passkeys of one page.
import { REGISTER, register, signIn } from "../support/passkeys.mjs";
import { SecurityKey } from "../support/security-key.mjs";

export const profile = "passkey-one-origin";

export default {
  "passkey of one page: pages": async (t) => {
    await t.signUp();
    await t.get(REGISTER);
    for (const origin of ["http://localhost:5173", t.baseURL]) {
      const key = new SecurityKey(origin);
      await register(t, key, { origin, headers: { origin }, label: origin });
      await signIn(t, key, { jar: origin, origin, headers: { origin }, label: `${origin}: signed in` });
    }
    await register(t, new SecurityKey("from another"), { origin: "http://localhost:5173", label: "for it, from another" });
  },
};
