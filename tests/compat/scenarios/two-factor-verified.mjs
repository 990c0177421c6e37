// The second factor if addresses must be verified, and a verification signs in.
import { PASSWORD, answer, enrol } from "../support/two-factor.mjs";

export const profile = "two-factor-verified";

/** Signs a user up, follows the link of the message and enrols. */
async function verifiedUser(t) {
  await t.signUp("ada", { body: { username: "Ada_L" }, jar: null });
  const { url } = await t.message("ada@example.com", "message of the sign-up");
  await t.follow(url, { jar: "own" });
  return enrol(t, { jar: "own" });
}

export default {
  "two factor: a verified address": async (t) => {
    const { app } = await verifiedUser(t);
    await t.signIn();
    await answer(t, app);
    await t.get("/get-session");
  },

  "two factor: an address that is not verified any more": async (t) => {
    await verifiedUser(t);
    await t.sql(`update "user" set "emailVerified" = false`);
    await t.signIn();
    await t.message("ada@example.com", "message of the sign-in by address");
    await t.post("/sign-in/username", { username: "ada_l", password: PASSWORD });
    await t.message("ada@example.com", "message of the sign-in by name");
  },

  "two factor: a link that verifies the address and signs in": async (t) => {
    await verifiedUser(t);
    await t.sql(`update "user" set "emailVerified" = false`);
    await t.post("/send-verification-email", { email: "ada@example.com" }, { jar: null });
    const { url } = await t.message("ada@example.com");
    await t.follow(url, { jar: "b" });
    await t.get("/get-session", { jar: "b" });
  },
};
