// Passkeys with the session cookie cache.
import { AUTHENTICATE, DELETE, LIST, REGISTER, RENAME, owner, register, signIn } from "../support/passkeys.mjs";
import { SecurityKey } from "../support/security-key.mjs";

export const profile = "passkey-cached";

export default {
  "passkey cached: a registration and a sign-in": async (t) => {
    const { key } = await owner(t);
    await signIn(t, key);
    await t.get("/get-session");
    await t.get(LIST);
    await register(t, new SecurityKey("two"), { label: "another" });
  },

  "passkey cached: a session that has ended": async (t) => {
    const { id } = await owner(t, "ada", { jar: "default" });
    await t.sql("delete from session");
    await t.get(AUTHENTICATE);
    await t.get(REGISTER);
    await t.get(LIST);
    await t.post(RENAME, { id, name: "New" });
    await t.post(DELETE, { id });
  },
};
