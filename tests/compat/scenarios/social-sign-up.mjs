// Users cannot sign up with Google, and with GitHub and Apple only if the client requests it.
import { signIn, verifyAll, withIdToken } from "../support/social.mjs";

export const profile = "social-sign-up";

const REQUESTED = { requestSignUp: true, errorCallbackURL: "/oops" };

export default {
  "social sign-up: disabled": async (t) => {
    await signIn(t, "google", { label: "new" });
    await signIn(t, "google", { body: REQUESTED, label: "requested" });
    await t.signUp();
    await verifyAll(t);
    await signIn(t, "google", { jar: "b", label: "known by the address" });
    await signIn(t, "google", { jar: "b", label: "known by the account" });
  },

  "social sign-up: only if requested": async (t) => {
    await signIn(t, "github", { label: "not requested" });
    await signIn(t, "github", { body: { requestSignUp: false }, label: "not at all" });
    await signIn(t, "github", { body: REQUESTED, label: "requested" });
    await signIn(t, "github", { jar: "b", label: "known" });
  },

  "social sign-up: by an id token": async (t) => {
    await withIdToken(t, "apple", t.provider.idToken("apple"), { label: "not requested" });
    await withIdToken(t, "apple", t.provider.idToken("apple"), { body: REQUESTED, label: "requested" });
    await withIdToken(t, "google", t.provider.idToken("google", { sub: "2", email: "two@example.com" }), {
      label: "disabled",
    });
    await withIdToken(t, "google", t.provider.idToken("google", { sub: "3", email: "three@example.com" }), {
      body: REQUESTED,
      label: "disabled, requested",
    });
  },

  "social sign-up: with another provider": async (t) => {
    await signIn(t, "discord");
  },
};
