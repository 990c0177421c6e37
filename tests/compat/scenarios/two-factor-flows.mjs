// The second factor and the other functions of an account.
import { PASSWORD, answer, bearer, enrolled } from "../support/two-factor.mjs";

export const profile = "two-factor";

const NEW = "password5678";
const CHANGE = { currentPassword: PASSWORD, newPassword: NEW };

export default {
  "two factor flow: the password is changed": async (t) => {
    const { app, backupCodes } = await enrolled(t, "ada", { jar: "default" });
    await t.post("/change-password", { ...CHANGE, revokeOtherSessions: true });
    await t.get("/get-session");
    await t.signIn("ada", { jar: "b", label: "the old one" });
    await t.signIn("ada", { jar: "b", body: { password: NEW }, label: "the new one" });
    await answer(t, app, {}, { jar: "b" });
    await t.post("/two-factor/verify-backup-code", { code: backupCodes[0] }, { jar: "b" });
    await t.post("/two-factor/disable", { password: PASSWORD }, { label: "the old one ends nothing" });
  },

  "two factor flow: the password is changed while challenged": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.post("/change-password", CHANGE, { jar: "own" });
    await answer(t, app);
  },

  "two factor flow: the password is reset": async (t) => {
    const { app } = await enrolled(t);
    await t.post("/request-password-reset", { email: "ada@example.com" });
    const { token } = await t.message("ada@example.com");
    await t.post("/reset-password", { token, newPassword: NEW });
    await t.signIn("ada", { body: { password: NEW } });
    await answer(t, app);
    await t.get("/get-session");
  },

  "two factor flow: the password is reset while challenged": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.post("/request-password-reset", { email: "ada@example.com" });
    const { token } = await t.message("ada@example.com");
    await t.post("/reset-password", { token, newPassword: NEW });
    await answer(t, app);
  },

  "two factor flow: sessions are revoked while challenged": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn();
    await t.post("/revoke-sessions", {}, { jar: "own" });
    await answer(t, app);
  },

  "two factor flow: sessions are listed and revoked": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn("ada", { headers: { "user-agent": "agent/1" } });
    await t.get("/list-sessions", { jar: "own", label: "while challenged" });
    const { token } = (await answer(t, app, {}, { headers: { "user-agent": "agent/2" } })).json();
    await t.get("/list-sessions", { jar: "own", label: "signed in" });
    await t.post("/revoke-session", { token }, { jar: "own" });
    await t.get("/get-session");
  },

  "two factor flow: in tokens and headers": async (t) => {
    const { app } = await enrolled(t, "ada", { body: { username: "Ada_L" } });
    const asked = await t.signIn("ada", { headers: { origin: "http://localhost:5173" } });
    await t.get("/get-session", { ...bearer(asked), label: "the challenge as a token" });
    const caller = bearer(await answer(t, app, {}, { headers: { origin: "http://localhost:5173" } }));
    await t.get("/get-session", caller);
    await t.get("/token", caller);
  },

  "two factor flow: the address is changed": async (t) => {
    const { app } = await enrolled(t, "ada", { jar: "default" });
    await t.post("/change-email", { newEmail: "new@example.com" });
    const { url } = await t.message("new@example.com");
    await t.follow(url);
    await t.post("/two-factor/get-totp-uri", { password: PASSWORD });
    await t.signIn("new", { jar: "b" });
    await answer(t, app, {}, { jar: "b" });
  },

  "two factor flow: the address is verified": async (t) => {
    await enrolled(t);
    await t.post("/send-verification-email", { email: "ada@example.com" }, { jar: null });
    const { url } = await t.message("ada@example.com");
    await t.follow(url, { jar: "b" });
    await t.get("/get-session", { jar: "b" });
  },

  "two factor flow: the user is deleted": async (t) => {
    await enrolled(t, "ada", { jar: "default" });
    await t.post("/delete-user", { password: PASSWORD });
    await t.signIn();
    await t.signUp("ada", { label: "the address is available" });
    await t.signIn("ada", { jar: "b", label: "without a second factor" });
  },

  "two factor flow: a user without a second factor": async (t) => {
    await enrolled(t);
    await t.signUp("bob", { jar: "bob", body: { username: "bob" } });
    await t.signIn("bob", { jar: "bob" });
    await t.post("/sign-in/username", { username: "bob", password: PASSWORD }, { jar: "bob" });
    await t.get("/get-session", { jar: "bob" });
  },
};
