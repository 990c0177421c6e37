import { requestChecks } from "../support/guards.mjs";
import { redirects } from "../support/redirects.mjs";

const ROUTE = "/reset-password";
const NEW = { newPassword: "password5678" };

export const profile = "core";

/** Asks for a link, and returns its token. */
async function asked(t, jar = null) {
  await t.post("/request-password-reset", { email: "ada@example.com" }, { jar, label: "ask" });
  return (await t.message("ada@example.com")).token;
}

async function signIns(t) {
  await t.signIn("ada", { jar: "new", body: { password: NEW.newPassword }, label: "the new password" });
  await t.signIn("ada", { jar: "old", label: "the old password" });
}

async function link(t) {
  await t.sql(`delete from "user"`);
  await t.signUp("ada", { jar: null });
  return `${ROUTE}/${await asked(t)}`;
}

export default {
  ...requestChecks(ROUTE, { ...NEW, token: "x" }),
  ...redirects("open reset link", link),

  "open reset link: good, several times": async (t) => {
    await t.signUp();
    await t.post("/request-password-reset", { email: "ada@example.com", redirectTo: "/new?a=b c".replace(" ", "%20") });
    const { url, token } = await t.message("ada@example.com");
    await t.follow(url);
    await t.follow(url, { jar: null, label: "without a session" });
    await t.follow(url, { headers: { origin: "https://evil.test" }, label: "from a foreign page" });
    await t.post(ROUTE, { ...NEW, token });
    await t.follow(url, { label: "after the reset" });
  },

  "open reset link: missing and invalid parts": async (t) => {
    await t.signUp();
    const token = await asked(t);
    await t.get(`${ROUTE}/${token}`, { label: "no callback" });
    await t.get(`${ROUTE}/${token}?callbackURL=`, { label: "an empty callback" });
    await t.get(`${ROUTE}/${token}x?callbackURL=%2Fa`, { label: "another token" });
    await t.get(`${ROUTE}/x?callbackURL=%2Fa%3Fb%3Dc`, { label: "an unknown token" });
    await t.get(`${ROUTE}/x?callbackURL=`, { label: "neither" });
    await t.get(`${ROUTE}/%00?callbackURL=%2Fa`, { label: "nul" });
    await t.get(`${ROUTE}/?callbackURL=%2Fa`, { label: "empty token" });
    await t.get(`${ROUTE}?callbackURL=%2Fa`, { label: "no token" });
    await t.call("POST", `${ROUTE}/${token}?callbackURL=%2Fa`, { body: {}, label: "by POST" });
    await t.lapse();
    await t.get(`${ROUTE}/${token}?callbackURL=%2Fa`, { label: "too late" });
  },

  "open reset link: methods": async (t) => {
    await t.signUp();
    const token = await asked(t);
    for (const method of ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
      await t.call(method, `${ROUTE}/${token}?callbackURL=%2Fa`, { label: method });
  },

  "reset password: good": async (t) => {
    await t.signUp();
    await t.post(ROUTE, { ...NEW, token: await asked(t) });
    await signIns(t);
    await t.get("/get-session", { label: "the session from before" });
    await t.get("/list-accounts");
  },

  "reset password: the token in the query": async (t) => {
    await t.signUp();
    const token = await asked(t);
    await t.post(`${ROUTE}?token=x`, { ...NEW, token: "" }, { jar: null, label: "a wrong one in the query" });
    await t.post(`${ROUTE}?token=${token}`, { ...NEW, token: "x" }, { jar: null, label: "a wrong one in the body" });
    await t.post(`${ROUTE}?token=${token}&token=x`, NEW, { jar: null, label: "twice" });
    await t.post(`${ROUTE}?token=${token}`, { ...NEW, token: "" }, { jar: null, label: "a good one in the query" });
    await signIns(t);
  },

  "reset password: refused": async (t) => {
    await t.signUp();
    const token = await asked(t);
    for (const [label, body] of Object.entries({
      "no token": NEW,
      "empty token": { ...NEW, token: "" },
      "another token": { ...NEW, token: `${token}x` },
      "too short": { newPassword: "1234567", token },
      "too long": { newPassword: "x".repeat(129), token },
      "nothing, no token": { newPassword: "" },
      "too short, wrong token": { newPassword: "1234567", token: "x" },
      nul: { ...NEW, token: "a\0" },
    }))
      await t.post(ROUTE, body, { jar: null, label });
    await t.lapse();
    await t.post(ROUTE, { ...NEW, token }, { jar: null, label: "too late" });
    await signIns(t);
  },

  "reset password: once": async (t) => {
    await t.signUp();
    const token = await asked(t);
    await t.post(ROUTE, { ...NEW, token }, { jar: null });
    await t.post(ROUTE, { newPassword: "password9012", token }, { jar: null, label: "again" });
    await signIns(t);
  },

  "reset password: of two links": async (t) => {
    await t.signUp();
    const first = await asked(t);
    const second = await asked(t);
    await t.post(ROUTE, { ...NEW, token: first }, { jar: null, label: "the older" });
    await t.post(ROUTE, { ...NEW, token: second }, { jar: null, label: "the newer" });
  },

  "reset password: no stored password": async (t) => {
    await t.signUp();
    await t.sql("update account set password = null");
    await t.post(ROUTE, { ...NEW, token: await asked(t) }, { jar: null, label: "an empty one" });
    await t.sql(`update account set "providerId" = 'github', password = null`);
    await t.post(ROUTE, { ...NEW, token: await asked(t) }, { jar: null, label: "another provider" });
    await signIns(t);
  },

  "reset password: a user that was deleted": async (t) => {
    await t.signUp();
    const token = await asked(t);
    await t.sql(`delete from "user"`);
    await t.post(ROUTE, { ...NEW, token }, { jar: null });
  },

  "reset password: an address that was not verified": async (t) => {
    await t.signUp();
    await t.post(ROUTE, { ...NEW, token: await asked(t) }, { jar: null });
    await t.get("/get-session");
  },

  "reset password: fields of wrong types": async (t) => {
    for (const body of [
      {},
      { newPassword: 1, token: 2 },
      { newPassword: null, token: null },
      { ...NEW, token: null },
      { token: "x" },
    ])
      await t.post(ROUTE, body, { jar: null, label: JSON.stringify(body) });
  },
};
