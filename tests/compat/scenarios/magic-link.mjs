// Sign-in links that are opened.
import { ADA, PASSWORD, askLink, lapseNewest, openLink, provenUser } from "../support/proven-addresses.mjs";
import { bearer } from "../support/two-factor.mjs";

const EVE = "eve@example.com";

export const profile = "magic-link";

export default {
  "open a magic link: a new user": async (t) => {
    const { url } = await askLink(t, { name: "Ada Lovelace", callbackURL: "/home" });
    await t.follow(url, { headers: { "user-agent": "agent/1" } });
    await t.get("/get-session");
    await t.get("/list-sessions");
    await t.get("/list-accounts");
    await t.follow(url, { label: "again" });
    await t.follow(url, { jar: null, label: "again, without the session" });
  },

  "open a magic link: a new user without a name": async (t) => {
    const { token } = await askLink(t);
    await openLink(t, { token });
    await t.get("/get-session");
  },

  "open a magic link: names of new users": async (t) => {
    for (const [index, name] of ["", " ", "  Ada  ", "Ada\nLovelace", "<b>Ada</b>", "Ädä 🦀", "x".repeat(200)].entries()) {
      const { token } = await askLink(t, { name }, { to: `user-${index}@example.com` });
      await openLink(t, { token }, { jar: `user-${index}` });
    }
  },

  "open a magic link: a user": async (t) => {
    await provenUser(t, "ada", { label: "sign-up" });
    const { url } = await askLink(t, { name: "Another Name", callbackURL: "/home" });
    await t.follow(url);
    await t.get("/get-session");
    await t.get("/list-sessions");
    await t.get("/list-accounts");
    await t.signIn("ada", { jar: "b", label: "the password" });
  },

  "open a magic link: a user with an unverified address": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const { url } = await askLink(t);
    await t.follow(url);
    await t.get("/get-session");
    await t.get("/list-accounts");
    await t.get("/get-session", { jar: "own", label: "the session from before" });
    await t.signIn("ada", { jar: "b", label: "the password from before" });
  },

  "open a magic link: in the browser of an unverified user": async (t) => {
    await t.signUp();
    const { url } = await askLink(t);
    await t.follow(url);
    await t.get("/get-session");
    await t.get("/list-sessions");
  },

  "open a magic link: in the browser of another user": async (t) => {
    await provenUser(t);
    await t.signUp("bob");
    const { url } = await askLink(t);
    await t.follow(url);
    await t.get("/get-session");
  },

  "open a magic link: in a browser whose session is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.sql(`update "user" set "emailVerified" = true`);
    const { url } = await askLink(t);
    await t.follow(url);
    await t.get("/get-session");
  },

  "open a magic link: without a callback": async (t) => {
    await provenUser(t);
    const { token } = await askLink(t);
    await openLink(t, { token });
    await openLink(t, { token }, { label: "again" });
    const { token: second } = await askLink(t);
    await openLink(t, { token: second, callbackURL: "" }, { jar: "b", label: "an empty callback" });
    const { token: third } = await askLink(t);
    const other = { newUserCallbackURL: "/new", errorCallbackURL: "/oops" };
    await openLink(t, { token: third, ...other }, { jar: "c", label: "other pages" });
    await openLink(t, { token: third, ...other }, { jar: "c", label: "other pages, again" });
  },

  "open a magic link: the page of new users": async (t) => {
    const body = { callbackURL: "/home", newUserCallbackURL: "/welcome?a=b", errorCallbackURL: "/oops?c=d" };
    const first = await askLink(t, body);
    await t.follow(first.url, { label: "a new user" });
    await t.follow(first.url, { label: "used" });
    const second = await askLink(t, body);
    await t.follow(second.url, { jar: "b", label: "a user" });
    const third = await askLink(t, body, { to: EVE });
    await openLink(t, { token: third.token, newUserCallbackURL: "/welcome" }, { jar: "c", label: "without a callback" });
  },

  "open a magic link: too late": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const { url, token } = await askLink(t, { callbackURL: "/home" });
    await t.lapse();
    await t.follow(url);
    await t.follow(url, { label: "again" });
    await openLink(t, { token, callbackURL: "/home", errorCallbackURL: "/oops" }, { label: "with a page of errors" });
    const { token: second } = await askLink(t);
    await t.lapse();
    await openLink(t, { token: second }, { label: "without a callback" });
  },

  "open a magic link: the older of two": async (t) => {
    await provenUser(t);
    const older = await askLink(t);
    const newer = await askLink(t);
    await openLink(t, { token: older.token }, { jar: "a", label: "the older" });
    await openLink(t, { token: newer.token }, { jar: "b", label: "the newer" });
  },

  "open a magic link: the older of two, after the newer": async (t) => {
    await provenUser(t);
    const older = await askLink(t);
    const newer = await askLink(t);
    await openLink(t, { token: newer.token }, { jar: "b", label: "the newer" });
    await openLink(t, { token: older.token }, { jar: "a", label: "the older" });
  },

  "open a magic link: of an address in capitals": async (t) => {
    await provenUser(t);
    await t.post("/sign-in/magic-link", { email: "Ada@Example.COM" });
    const { token } = await t.message("Ada@Example.COM");
    await openLink(t, { token });
    await t.post("/sign-in/magic-link", { email: "Eve@Example.COM" });
    const { token: ofNew } = await t.message("Eve@Example.COM");
    await openLink(t, { token: ofNew }, { jar: "b", label: "a new user" });
  },

  "open a magic link: the user has another address": async (t) => {
    await provenUser(t);
    const { token } = await askLink(t);
    await t.sql(`update "user" set email = 'other@example.com'`);
    await openLink(t, { token });
    await t.get("/get-session");
  },

  "open a magic link: the user was deleted": async (t) => {
    await provenUser(t);
    const { token } = await askLink(t);
    await t.sql(`delete from "user"`);
    await openLink(t, { token });
  },

  "open a magic link: the user signed up in the meantime": async (t) => {
    const { token } = await askLink(t, { name: "Of the link" });
    await t.signUp("ada", { jar: "own" });
    await openLink(t, { token, callbackURL: "/home", newUserCallbackURL: "/welcome" });
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b", label: "the password from before" });
  },

  "open a magic link: with a bearer token": async (t) => {
    await provenUser(t);
    const { token } = await askLink(t);
    const caller = bearer(await openLink(t, { token, callbackURL: "/home" }, { jar: null }));
    await t.get("/get-session", caller);
    await t.get("/token", caller);
  },

  "open a magic link: after a change of the password": async (t) => {
    await provenUser(t);
    const { token } = await askLink(t);
    const body = { currentPassword: PASSWORD, newPassword: "password5678", revokeOtherSessions: true };
    await t.post("/change-password", body, { jar: "own" });
    await openLink(t, { token, callbackURL: "/home" });
  },

  "open a magic link: after the newest expired": async (t) => {
    await provenUser(t);
    const older = await askLink(t);
    const newer = await askLink(t);
    await lapseNewest(t);
    await openLink(t, { token: newer.token, callbackURL: "/home" }, { label: "the newer" });
    await openLink(t, { token: older.token, callbackURL: "/home" }, { label: "the older" });
  },

  "open a magic link: of two users": async (t) => {
    const first = await askLink(t);
    const second = await askLink(t, {}, { to: EVE });
    await openLink(t, { token: second.token }, { jar: "eve", label: "the second" });
    await openLink(t, { token: first.token }, { jar: "ada", label: "the first" });
    await t.get("/get-session", { jar: "eve", label: "the second's session" });
    await t.get("/get-session", { jar: "ada", label: "the first's session" });
  },

  "open a magic link: then set a password": async (t) => {
    const { token } = await askLink(t);
    await openLink(t, { token });
    await t.post("/request-password-reset", { email: ADA });
    const reset = await t.message(ADA);
    await t.post("/reset-password", { token: reset.token, newPassword: PASSWORD });
    await t.signIn("ada", { jar: "b" });
    await t.post("/sign-out");
    await t.get("/get-session");
  },
};
