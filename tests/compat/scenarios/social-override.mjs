// Each sign-in sets the user's name, picture and address, and fields from the profile.
import { link, signIn, verifyAll, withIdToken } from "../support/social.mjs";

export const profile = "social-override";

const NEW = { email: "new@example.com", name: "New Name", picture: "https://pictures.test/new.png" };

export default {
  "social override: another name and address": async (t) => {
    await signIn(t, "google");
    t.provider.become(NEW);
    await signIn(t, "google", { jar: "b", label: "verified" });
    t.provider.become({ email: "third@example.com", isVerified: false });
    await signIn(t, "google", { jar: "c", label: "unverified" });
    await t.get("/get-session", { jar: "c" });
  },

  "social override: the same address, no longer verified": async (t) => {
    await signIn(t, "google");
    t.provider.become({ isVerified: false, name: "New Name" });
    await signIn(t, "google", { jar: "b" });
  },

  "social override: the same address, now verified": async (t) => {
    t.provider.become({ isVerified: false });
    await signIn(t, "google");
    t.provider.become({ isVerified: true, email: "ADA@example.com" });
    await signIn(t, "google", { jar: "b" });
  },

  "social override: an address that another user has": async (t) => {
    await t.signUp("bob");
    await signIn(t, "google", { jar: "b" });
    t.provider.become({ email: "bob@example.com" });
    await signIn(t, "google", { jar: "b", label: "Bob's address" });
  },

  "social override: an account that is linked by the sign-in": async (t) => {
    await t.signUp();
    await verifyAll(t);
    await signIn(t, "google", { jar: "b" });
  },

  "social override: fields of a profile": async (t) => {
    await signIn(t, "github");
    await t.get("/get-session");
    t.provider.become({ name: "New Name" });
    await signIn(t, "github", { label: "again" });
    await t.get("/account-info?accountId=4711");
  },

  "social override: names of a profile": async (t) => {
    await signIn(t, "gitlab");
    t.provider.become({ picture: "https://pictures.test/new.png" });
    await signIn(t, "gitlab", { jar: "b", label: "again" });
    await t.get("/get-session", { jar: "b" });
  },

  "social override: no name and picture": async (t) => {
    await signIn(t, "google");
    t.provider.become({ name: undefined, picture: undefined });
    await signIn(t, "google", { label: "missing" });
    t.provider.become({ name: null, picture: null });
    await signIn(t, "google", { label: "null" });
  },

  "social override: an id token": async (t) => {
    await withIdToken(t, "google", t.provider.idToken("google"));
    await withIdToken(t, "google", t.provider.idToken("google", { name: "New Name" }), { jar: "b", label: "again" });
  },

  "social override: linking": async (t) => {
    await t.signUp();
    t.provider.become({ name: "New Name" });
    await link(t, "google");
    await t.get("/get-session");
  },
};
