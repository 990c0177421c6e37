import { requestChecks, session } from "../support/guards.mjs";
import { FOREIGN, TRUSTED, to } from "../support/redirects.mjs";

const ROUTE = "/change-email";
const NEW = { newEmail: "new@example.com" };

export const profile = "core";

const verified = (t) => t.sql(`update "user" set "emailVerified" = true`);

/** Asks for a link to the new address, as a user whose address is not verified. */
async function asked(t, options = {}) {
  await t.signUp();
  await t.post(ROUTE, NEW, { label: "ask", ...options });
  return t.message("new@example.com");
}

/** Asks for a link to the old address, which is verified. */
async function askedOld(t, body = NEW) {
  await t.signUp();
  await verified(t);
  await t.post(ROUTE, body, { label: "ask" });
  return t.message("ada@example.com");
}

export default {
  ...requestChecks(ROUTE, NEW),
  ...session("POST", ROUTE, NEW),

  "change email: a link to the new address": async (t) => {
    const { token } = await asked(t);
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
    await t.get("/get-session");
    await t.signIn("new", { jar: "b" });
    await t.signIn("ada", { jar: "b", label: "by the old address" });
  },

  "change email: a link to the new address, with a callback": async (t) => {
    await t.signUp();
    await t.post(ROUTE, { ...NEW, callbackURL: "/done" });
    const { url } = await t.message("new@example.com");
    await t.follow(url);
    await t.get("/get-session");
  },

  "change email: a link to the new address, not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.post(ROUTE, NEW);
    const { token } = await t.message("new@example.com");
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
  },

  "change email: a link to the new address, without a session": async (t) => {
    const { token } = await asked(t);
    await t.get(`/verify-email?token=${token}`, { jar: "b", label: "follow" });
    await t.get("/get-session", { label: "the session that asked" });
  },

  "change email: a link to the new address, with another user's session": async (t) => {
    const { token } = await asked(t);
    await t.signUp("bob", { jar: "bob" });
    await t.get(`/verify-email?token=${token}`, { jar: "bob", label: "follow" });
    await t.get(`/verify-email?token=${token}&callbackURL=%2Fa%3Fb`, { jar: "bob", label: "with a callback" });
    await t.get(`/verify-email?token=${token}`, { label: "with the user's session" });
  },

  "change email: a link to the new address, twice": async (t) => {
    const { token } = await asked(t);
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
    await t.get(`/verify-email?token=${token}`, { label: "again" });
    await t.get(`/verify-email?token=${token}&callbackURL=%2Fa`, { label: "again, with a callback" });
  },

  "change email: a link to the old address": async (t) => {
    const { token } = await askedOld(t);
    await t.get(`/verify-email?token=${token}`, { label: "consent" });
    const second = await t.message("new@example.com");
    await t.get("/get-session", { label: "not changed yet" });
    await t.follow(second.url, { label: "verify" });
    await t.get("/get-session");
  },

  "change email: a link to the old address, without a session": async (t) => {
    const { url } = await askedOld(t, { ...NEW, callbackURL: "/done" });
    await t.follow(url, { jar: null, label: "consent" });
    await t.message("new@example.com");
  },

  "change email: a link to the old address, twice": async (t) => {
    const { token } = await askedOld(t);
    await t.get(`/verify-email?token=${token}`, { label: "consent" });
    await t.message("new@example.com");
    await t.get(`/verify-email?token=${token}`, { label: "again" });
  },

  "change email: a link to the old address, with another user's session": async (t) => {
    const { token } = await askedOld(t);
    await t.signUp("bob", { jar: "bob" });
    await t.get(`/verify-email?token=${token}`, { jar: "bob", label: "consent" });
    await t.silence();
  },

  "change email: where the links lead": async (t) => {
    await t.signUp();
    for (const callbackURL of ["", ...TRUSTED]) {
      await t.post(ROUTE, { ...NEW, callbackURL }, { label: to(callbackURL) });
      await t.message("new@example.com");
    }
    for (const callbackURL of FOREIGN) await t.post(ROUTE, { ...NEW, callbackURL }, { label: to(callbackURL) });
  },

  "change email: where the links to the old address lead": async (t) => {
    await t.signUp();
    await verified(t);
    for (const callbackURL of [undefined, "/a", "/a?b=c&d=e"]) {
      await t.post(ROUTE, { ...NEW, callbackURL }, { label: to(callbackURL) });
      await t.message("ada@example.com");
    }
  },

  "change email: the same": async (t) => {
    await t.signUp();
    for (const newEmail of ["ada@example.com", "ADA@Example.com"]) await t.post(ROUTE, { newEmail }, { label: newEmail });
    await verified(t);
    await t.post(ROUTE, { newEmail: "ada@example.com" }, { label: "verified" });
  },

  "change email: another user's address": async (t) => {
    await t.signUp("bob", { jar: null });
    await t.signUp();
    await t.post(ROUTE, { newEmail: "bob@example.com" });
    await t.post(ROUTE, { newEmail: "BOB@example.com" }, { label: "in capitals" });
    await t.silence();
  },

  "change email: an address that is taken before the link is followed": async (t) => {
    const { token } = await asked(t);
    await t.signUp("new", { jar: null });
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
    await t.get("/get-session");
  },

  "change email: in capitals": async (t) => {
    await t.signUp();
    await t.post(ROUTE, { newEmail: "NEW@Example.com" });
    await t.message("new@example.com");
  },

  "change email: fields of wrong types": async (t) => {
    await t.signUp();
    for (const body of [{}, { newEmail: 1 }, { newEmail: "x" }, { newEmail: null }, { newEmail: "" }])
      await t.post(ROUTE, body, { label: JSON.stringify(body) });
    await t.post(ROUTE, { ...NEW, callbackURL: null }, { label: "callbackURL null" });
    await t.post(ROUTE, {}, { jar: null, label: "without a session" });
  },
};
