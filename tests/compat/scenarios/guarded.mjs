// A password reset ends all sessions, and a deletion is confirmed by a link.
import { redirects } from "../support/redirects.mjs";

export const profile = "guarded";

const CALLBACK = "/delete-user/callback";

async function asked(t, body = {}, options = {}) {
  await t.post("/delete-user", body, { label: "ask", ...options });
  return t.message("ada@example.com");
}

async function link(t) {
  await t.sql(`delete from "user"`);
  t.jar().clear();
  await t.signUp();
  const { token } = await asked(t);
  return `${CALLBACK}?token=${token}`;
}

export default {
  ...redirects("follow delete link", link),

  "guarded: a reset ends all sessions": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: "b" });
    await t.signUp("bob", { jar: "bob" });
    await t.post("/request-password-reset", { email: "ada@example.com" });
    const { token } = await t.message("ada@example.com");
    await t.post("/reset-password", { newPassword: "password5678", token });
    await t.get("/get-session");
    await t.get("/get-session", { jar: "b", label: "the other" });
    await t.get("/get-session", { jar: "bob", label: "another's" });
  },

  "delete user by link: good": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: "b" });
    await t.signUp("bob", { jar: "bob" });
    const { url } = await asked(t, { callbackURL: "/bye?a=b&c=d" });
    await t.follow(url);
    await t.get("/get-session");
    await t.get("/get-session", { jar: "b", label: "the other" });
    await t.get("/get-session", { jar: "bob", label: "another's" });
    await t.signIn("ada", { jar: "c" });
  },

  "delete user by link: without a callback": async (t) => {
    await t.signUp();
    const { token } = await asked(t, { callbackURL: "" });
    await t.get(`${CALLBACK}?token=${token}`, { label: "follow" });
    await t.get(`${CALLBACK}?token=${token}`, { label: "follow again" });
  },

  "delete user by link: asked with a password and in an old session": async (t) => {
    await t.signUp();
    await asked(t, { password: "password1234" }, { label: "the right password" });
    await t.post("/delete-user", { password: "wrong-password" });
    await t.age("2 days");
    await asked(t, {}, { label: "in an old session" });
    await t.silence();
  },

  "delete user by link: the token in the body": async (t) => {
    await t.signUp();
    const { token } = await asked(t);
    await t.post("/delete-user", { token: `${token}x` }, { label: "another token" });
    await t.post("/delete-user", { token, password: "wrong-password" }, { label: "and a wrong password" });
    await t.post("/delete-user", { token }, { label: "good" });
    await t.get("/get-session");
  },

  "delete user by link: refused": async (t) => {
    await t.signUp();
    const { token, url } = await asked(t);
    await t.follow(url, { jar: null, label: "without a session" });
    await t.get(CALLBACK, { label: "no token" });
    await t.get(`${CALLBACK}?token=`, { label: "empty token" });
    await t.get(`${CALLBACK}?token=x`, { label: "another token" });
    await t.get(`${CALLBACK}?token=${token}&token=x`, { label: "two tokens" });
    await t.get(`${CALLBACK}?token=${token}`, { headers: { cookie: "better-auth.session_token=x" }, label: "no session" });
    await t.lapse();
    await t.follow(url, { label: "too late" });
    await t.get("/get-session");
  },

  "delete user by link: another's": async (t) => {
    await t.signUp();
    await t.signUp("bob", { jar: "bob" });
    const { url } = await asked(t);
    await t.follow(url, { jar: "bob", label: "followed by another" });
    await t.get("/get-session", { jar: "bob" });
  },

  "delete user by link: methods": async (t) => {
    await t.signUp();
    const { token } = await asked(t);
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
      await t.call(method, `${CALLBACK}?token=${token}`, { label: method });
  },

  "delete user by link: from a foreign page": async (t) => {
    await t.signUp();
    const { url } = await asked(t, { callbackURL: "/bye" });
    await t.follow(url, { headers: { origin: "https://evil.test" } });
    await t.get("/get-session");
  },

  "delete user by link: tokens of other purposes": async (t) => {
    await t.signUp();
    await t.post("/request-password-reset", { email: "ada@example.com" });
    const reset = await t.message("ada@example.com");
    await t.get(`${CALLBACK}?token=${reset.token}`, { label: "a reset token" });
    const { token } = await asked(t);
    await t.post("/reset-password", { newPassword: "password5678", token }, { label: "a delete token" });
    await t.get(`/verify-email?token=${token}`, { label: "a delete token for an address" });
  },
};
