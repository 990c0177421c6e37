// Passkeys of users with a second factor.
import { register, signIn } from "../support/passkeys.mjs";
import { SecurityKey, UP, UV } from "../support/security-key.mjs";
import { PASSWORD, answer, enrolled } from "../support/two-factor.mjs";

export const profile = "passkey-two-factor";

export default {
  "passkey and second factor: the passkey verifies the user": async (t) => {
    await enrolled(t);
    const key = new SecurityKey("one");
    await register(t, key, { jar: "own" });
    await signIn(t, key, { changes: { flags: UP | UV } });
    await t.get("/get-session");
  },

  "passkey and second factor: the passkey does not verify the user": async (t) => {
    const { app } = await enrolled(t);
    const key = new SecurityKey("one");
    await register(t, key, { jar: "own" });
    await signIn(t, key, { changes: { flags: UP } });
    await t.get("/get-session");
    await answer(t, app);
    await t.get("/get-session", { label: "then" });
  },

  "passkey and second factor: a passkey while challenged": async (t) => {
    await enrolled(t);
    const key = new SecurityKey("one");
    await register(t, key, { jar: "own" });
    await t.signIn();
    await signIn(t, key, { changes: { flags: UP | UV } });
    await t.get("/get-session");
  },

  "passkey and second factor: the second factor is enabled after the passkey": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const key = new SecurityKey("one");
    await register(t, key, { jar: "own" });
    await t.post("/two-factor/enable", { password: PASSWORD }, { jar: "own" });
    await signIn(t, key, { changes: { flags: UP } });
  },
};
