// Links and codes if only users with verified addresses may sign in.
import { ADA, PASSWORD, askCode, askLink, enterByCode, openLink } from "../support/proven-addresses.mjs";

export const profile = "proven-verified";

/** Signs a user up, who gets a link to verify the address. */
async function unverified(t) {
  await t.signUp("ada", { jar: "own" });
  await t.message(ADA, "the link of the sign-up");
}

export default {
  "proven, verified: a link of a user with an unverified address": async (t) => {
    await unverified(t);
    const { url } = await askLink(t, { callbackURL: "/home" });
    await t.follow(url);
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b", label: "the password from before" });
  },

  "proven, verified: a link of a new user": async (t) => {
    const { token } = await askLink(t);
    await openLink(t, { token });
    await t.silence();
  },

  "proven, verified: a code of a user with an unverified address": async (t) => {
    await unverified(t);
    await enterByCode(t);
    await t.get("/get-session");
  },

  "proven, verified: a code of a new user": async (t) => {
    await enterByCode(t);
    await t.silence();
  },

  "proven, verified: a code verifies an address and signs in": async (t) => {
    await unverified(t);
    await t.post("/email-otp/verify-email", { email: ADA, otp: await askCode(t, "email-verification") });
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b", body: { password: PASSWORD } });
  },

  "proven, verified: a code verifies an address in the browser of another user": async (t) => {
    await unverified(t);
    await t.signUp("bob", { jar: "bob" });
    await t.message("bob@example.com", "the link of the other sign-up");
    const body = { email: ADA, otp: await askCode(t, "email-verification") };
    await t.post("/email-otp/verify-email", body, { jar: "bob" });
    await t.get("/get-session", { jar: "bob" });
  },

  "proven, verified: a code verifies an address that is verified": async (t) => {
    await unverified(t);
    await t.sql(`update "user" set "emailVerified" = true`);
    await t.post("/email-otp/verify-email", { email: ADA, otp: await askCode(t, "email-verification") });
    await t.get("/get-session");
  },
};
