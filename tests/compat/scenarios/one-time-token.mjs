// One-time tokens that hand sessions over.
import { requestChecks, session } from "../support/guards.mjs";
import { GENERATE, VERIFY, generate, verify } from "../support/one-time-tokens.mjs";

export const profile = "one-time-token";

export default {
  ...session("GET", GENERATE),
  ...requestChecks(VERIFY, { token: "x" }),

  "one-time token: a session on two clients": async (t) => {
    await t.signUp();
    const token = await generate(t);
    await verify(t, token);
    await t.get("/get-session", { jar: "other", label: "the other client" });
    await t.get("/get-session", { label: "the first client" });
    await verify(t, token, "again");
    await t.post("/sign-out", {}, { jar: "other", label: "sign-out of the other client" });
    await t.get("/get-session", { label: "the first client, after it" });
  },

  "one-time token: several of one session": async (t) => {
    await t.signUp();
    const [first, second] = [await generate(t), await generate(t)];
    await verify(t, second, "the second");
    await verify(t, first, "the first");
  },

  "one-time token: in the session of another user": async (t) => {
    await t.signUp();
    await t.signUp("bob", { jar: "bob" });
    const token = await generate(t);
    await verify(t, token, "verify", { jar: "bob" });
    await t.get("/get-session", { jar: "bob" });
  },

  "one-time token: in its own session": async (t) => {
    await t.signUp();
    await verify(t, await generate(t), "verify", { jar: "default" });
    await t.get("/get-session");
  },

  "one-time token: expired": async (t) => {
    await t.signUp();
    const token = await generate(t);
    await t.lapse();
    await verify(t, token);
    await verify(t, token, "again");
  },

  "one-time token: its session has ended": async (t) => {
    await t.signUp();
    const token = await generate(t);
    await t.post("/sign-out");
    await verify(t, token);
    await verify(t, token, "again");
  },

  "one-time token: its session was revoked": async (t) => {
    await t.signUp();
    const token = await generate(t);
    await t.post("/revoke-sessions");
    await verify(t, token);
  },

  "one-time token: its session has expired": async (t) => {
    await t.signUp();
    const token = await generate(t);
    await t.age("8 days");
    await verify(t, token);
    await verify(t, token, "again");
  },

  "one-time token: its user is deleted": async (t) => {
    await t.signUp();
    const token = await generate(t);
    await t.sql(`delete from "user"`);
    await verify(t, token);
  },

  "one-time token: a session that is due": async (t) => {
    await t.signUp();
    await t.age("2 days");
    await verify(t, await generate(t));
    await t.get("/get-session", { jar: "other" });
  },

  "one-time token: a session that is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await verify(t, await generate(t));
    await t.age("1 hour");
    await t.get("/get-session", { jar: "other" });
  },

  "one-time token: a client that is not remembered": async (t) => {
    await t.signUp();
    await t.signUp("bob", { jar: "other", body: { rememberMe: false } });
    await verify(t, await generate(t));
    await t.get("/get-session", { jar: "other" });
  },

  "one-time token: refused tokens": async (t) => {
    await t.signUp();
    const token = await generate(t);
    const session = (await t.get("/get-session")).json().session.token;
    for (const [label, odd] of Object.entries({
      unknown: "x".repeat(32),
      empty: "",
      "a part": token.slice(0, 31),
      "in capitals": token.toUpperCase(),
      "with a space": ` ${token}`,
      "with a prefix": `one-time-token:${token}`,
      "a session token": session,
      long: "x".repeat(3000),
      "no ASCII": "é",
      "a hash": "x".repeat(43),
    }))
      await verify(t, odd, label);
    for (const body of [{}, { token: null }, { token: 1 }, { token: ["a"] }, { oneTimeToken: "x" }])
      await t.post(VERIFY, body, { label: JSON.stringify(body) });
    await verify(t, token, "the token is still valid");
  },

  "one-time token: a token for another purpose": async (t) => {
    await t.signUp();
    await t.post("/request-password-reset", { email: "ada@example.com" });
    const { token } = await t.message("ada@example.com");
    await verify(t, token);
    const own = await generate(t);
    await t.post("/reset-password", { token: own, newPassword: "password5678" });
    await verify(t, own, "the token is still valid");
  },

  "one-time token: bearer tokens": async (t) => {
    const { headers } = await t.signUp("ada", { jar: null });
    const authorization = `Bearer ${headers["set-auth-token"]}`;
    const token = await generate(t, { jar: null, headers: { authorization } });
    await verify(t, token, "verify", { jar: null, headers: { origin: "http://localhost:5173" } });
  },

  "one-time token: a password change": async (t) => {
    await t.signUp();
    const token = await generate(t);
    const change = { currentPassword: "password1234", newPassword: "password5678" };
    await t.post("/change-password", change);
    await verify(t, token);
  },

  "one-time token: methods": async (t) => {
    await t.signUp();
    for (const method of ["POST", "PUT", "HEAD", "OPTIONS"]) await t.call(method, GENERATE);
  },
};
