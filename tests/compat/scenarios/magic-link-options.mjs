// Hashed sign-in links that create no users, with another lifetime.
import { ADA, askLink, openLink, provenUser } from "../support/proven-addresses.mjs";

export const profile = "magic-link-options";

export default {
  "magic link options: a user": async (t) => {
    await provenUser(t);
    const { url } = await askLink(t, { callbackURL: "/home" });
    await t.follow(url);
    await t.get("/get-session");
    await t.follow(url, { label: "again" });
  },

  "magic link options: a user with an unverified address": async (t) => {
    await t.signUp("ada", { jar: "own" });
    const { token } = await askLink(t);
    await openLink(t, { token });
    await t.get("/get-session", { jar: "own", label: "the session from before" });
  },

  "magic link options: no user asks for a link": async (t) => {
    await t.post("/sign-in/magic-link", { email: ADA });
  },

  "magic link options: the user was deleted": async (t) => {
    await provenUser(t);
    const { token, url } = await askLink(t, { callbackURL: "/home", errorCallbackURL: "/oops?a=b" });
    await t.sql(`delete from "user"`);
    await t.follow(url);
    await openLink(t, { token, callbackURL: "/home" }, { label: "again" });
  },

  "magic link options: the user was deleted, without a callback": async (t) => {
    await provenUser(t);
    const { token } = await askLink(t);
    await t.sql(`delete from "user"`);
    await openLink(t, { token });
  },

  "magic link options: too late": async (t) => {
    await provenUser(t);
    const { token } = await askLink(t);
    await t.lapse();
    await openLink(t, { token, callbackURL: "/home" });
  },

  "magic link options: the stored form of a token": async (t) => {
    await provenUser(t);
    await askLink(t);
    const [{ identifier }] = await t.sql("select identifier from verification");
    await openLink(t, { token: identifier, callbackURL: "/home" });
  },
};
