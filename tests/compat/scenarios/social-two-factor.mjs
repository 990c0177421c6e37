// Users with a second factor sign in with accounts of providers.
import { link, signIn, withIdToken } from "../support/social.mjs";
import { answer, enrol } from "../support/two-factor.mjs";

export const profile = "social-two-factor";

export default {
  "social two factor: a sign-in": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await t.sql(`update "user" set "emailVerified" = true`);
    await enrol(t, { jar: "own" });
    await t.get("/get-session", { jar: "own" });
    await signIn(t, "google");
    await t.get("/get-session");
    await withIdToken(t, "google", t.provider.idToken("google"), { jar: "b" });
  },

  "social two factor: a sign-in of a linked account": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await link(t, "google", { jar: "own" });
    const { app } = await enrol(t, { jar: "own" });
    await signIn(t, "google", { body: { newUserCallbackURL: "/new" } });
    await answer(t, app);
    await t.get("/get-session");
  },

  "social two factor: a user without a password": async (t) => {
    await signIn(t, "google");
    await t.post("/two-factor/enable", { password: "password1234" });
    await t.post("/two-factor/enable", {}, { label: "without a password" });
  },

  "social two factor: a user without a second factor": async (t) => {
    await signIn(t, "google");
    await t.get("/get-session");
  },
};
