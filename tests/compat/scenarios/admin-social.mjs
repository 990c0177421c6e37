// Administrators, and users of providers.
import { address, administrator, banned, get, post } from "../support/admin.mjs";
import { signIn, withIdToken } from "../support/social.mjs";

export const profile = "admin-social";

const banAll = (t, expires) => t.sql(`update "user" set banned = true, "banExpires" = now() + $1::interval`, [expires]);

export default {
  "admin social: a new user": async (t) => {
    await signIn(t, "google");
    await t.get("/get-session");
  },

  "admin social: a banned user": async (t) => {
    await signIn(t, "google", { label: "before" });
    await banAll(t, null);
    await signIn(t, "google", { jar: "b", label: "banned" });
    await signIn(t, "google", { jar: "b", body: { errorCallbackURL: "/oops" }, label: "with an error page" });
    await t.get("/get-session", { jar: "b" });
  },

  "admin social: a banned user at another provider": async (t) => {
    await signIn(t, "github", { label: "before" });
    await banAll(t, "1 hour");
    await signIn(t, "github", { jar: "b", label: "banned" });
  },

  "admin social: an expired ban": async (t) => {
    await signIn(t, "google", { label: "before" });
    await banAll(t, "-1 hour");
    await signIn(t, "google", { jar: "b", label: "expired" });
    await t.get("/get-session", { jar: "b" });
  },

  "admin social: an id token of a banned user": async (t) => {
    await withIdToken(t, "google", t.provider.idToken("google"), { jar: "a", label: "before" });
    await banAll(t, null);
    await withIdToken(t, "google", t.provider.idToken("google"), { jar: "b", label: "banned" });
    await banAll(t, "-1 hour");
    await withIdToken(t, "google", t.provider.idToken("google"), { jar: "b", label: "expired" });
  },

  "admin social: a banned user with another account": async (t) => {
    await t.signUp();
    await t.sql(`update "user" set "emailVerified" = true`);
    await banned(t, "ada");
    await signIn(t, "google", { jar: "b" });
  },

  "admin social: a user without a password": async (t) => {
    await administrator(t);
    await signIn(t, "google", { jar: "ada", label: "Ada" });
    const [{ id }] = await t.sql(`select id from "user" where email = $1`, [address("ada")]);
    await post(t, "set-user-password", { userId: id, newPassword: "password12345" });
    await get(t, "list-users", { sortBy: "email" });
    await post(t, "remove-user", { userId: id });
    await signIn(t, "google", { jar: "new", label: "after the removal" });
  },

  "admin social: a user that an administrator created": async (t) => {
    await administrator(t);
    await post(t, "create-user", { email: address("ada"), name: "Ada", data: { emailVerified: true } });
    await signIn(t, "google");
    await t.get("/get-session");
  },
};
