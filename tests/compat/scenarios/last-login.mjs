// The cookie with the method of the last sign-in.
import { bearer } from "../support/two-factor.mjs";

export const profile = "last-login";

const COOKIE = "better-auth.last_used_login_method";
const PASSWORD = "password1234";

export default {
  "last login: a sign-up and a sign-in": async (t) => {
    await t.signUp();
    await t.get("/get-session");
    await t.post("/sign-out");
    await t.signIn();
    t.steps.push({ step: "the cookie", value: t.jar().get(COOKIE) });
  },

  "last login: what is refused": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    await t.signIn("ada", { body: { password: "wrong-password" }, label: "a wrong password" });
    await t.signIn("unknown", { label: "an unknown address" });
    await t.signUp("ada", { label: "an address that is taken" });
    await t.signUp("bob", { body: { password: "x" }, label: "a short password" });
    await t.signIn("ada", { body: { email: 1 }, label: "an address that is none" });
    await t.signIn("ada", { headers: { origin: "https://evil.test" }, label: "a foreign page" });
  },

  "last login: a sign-in by name": async (t) => {
    await t.signUp("ada", { jar: "ada", body: { username: "ada_l" } });
    await t.post("/sign-in/username", { username: "ada_l", password: PASSWORD });
    await t.post("/sign-in/username", { username: "ada_l", password: PASSWORD }, { jar: "ada", label: "after another method" });
  },

  "last login: a session that is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.signIn("ada", { jar: "b", body: { rememberMe: false } });
    await t.get("/get-session");
  },

  "last login: what is no sign-in": async (t) => {
    await t.signUp();
    await t.post("/update-user", { name: "Ada" });
    await t.post("/change-password", { currentPassword: PASSWORD, newPassword: "password5678", revokeOtherSessions: true });
    await t.age("2 days");
    await t.get("/get-session", { label: "a session that is renewed" });
    await t.post("/change-email", { newEmail: "new@example.com" });
    const { url } = await t.message("new@example.com");
    await t.follow(url);
    await t.get("/token");
    await t.post("/sign-out");
  },

  "last login: the user is deleted": async (t) => {
    await t.signUp();
    await t.post("/delete-user", { password: PASSWORD });
    t.steps.push({ step: "the cookie", value: t.jar().get(COOKIE) });
  },

  "last login: a password reset": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    await t.post("/request-password-reset", { email: "ada@example.com" });
    const { token } = await t.message("ada@example.com");
    await t.post("/reset-password", { token, newPassword: "password5678" });
    await t.signIn("ada", { body: { password: "password5678" } });
  },

  "last login: a link that verifies the address": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    await t.post("/send-verification-email", { email: "ada@example.com" }, { jar: "ada" });
    const { url } = await t.message("ada@example.com");
    await t.follow(url);
  },

  "last login: a bearer token": async (t) => {
    const caller = bearer(await t.signUp("ada", { jar: null }));
    await t.signIn("ada", caller);
    await t.get("/get-session", caller);
  },

  "last login: a redirect and a form": async (t) => {
    await t.signUp("ada", { body: { callbackURL: "/welcome" } });
    await t.signIn("ada", { body: { callbackURL: "/welcome" } });
    await t.post("/sign-in/email", {}, { form: { email: "ada@example.com", password: PASSWORD }, label: "a form" });
  },

  "last login: the cookie is the client's": async (t) => {
    await t.signUp();
    for (const value of ["google", "", "%00", "a; b", "x".repeat(500)])
      await t.get("/get-session", { headers: { cookie: `${COOKIE}=${value}` }, label: `cookie ${value.slice(0, 20)}` });
    await t.signIn("ada", { headers: { cookie: `${COOKIE}=google` } });
  },

  "last login: from other pages": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    for (const origin of ["http://localhost:5173", "https://a.example.com", null]) await t.signIn("ada", { jar: null, headers: { origin }, label: `from ${origin}` });
  },

  "last login: members of users": async (t) => {
    await t.signUp("ada", { body: { lastLoginMethod: "google" } });
    await t.post("/update-user", { lastLoginMethod: "google" });
    await t.post("/update-user", { name: "Ada", lastLoginMethod: "google" });
    await t.get("/get-session");
  },
};
