// Bans, and what they do to sessions and sign-ins.
import { requestChecks } from "../support/guards.mjs";
import { NO_ID, PASSWORD, administrator, banned, both, get, idOf, person, post, refusals } from "../support/admin.mjs";

export const profile = "admin";

const ban = (t, userId, body = {}, label = `ban-user ${JSON.stringify(body)}`) =>
  post(t, "ban-user", { userId, ...body }, label);
const unban = (t, userId, label = "unban-user") => post(t, "unban-user", { userId }, label);

export default {
  ...requestChecks("/admin/ban-user", { userId: NO_ID }),
  ...refusals("ban-user", { userId: NO_ID, banReason: "x", banExpiresIn: 60 }),
  ...refusals("unban-user", { userId: NO_ID }),

  "admin ban-user: a ban": async (t) => {
    const bob = await both(t);
    await t.signIn("bob", { jar: "two" });
    await ban(t, bob);
    await t.get("/get-session", { jar: "bob" });
    await t.get("/get-session", { jar: "two", label: "the second session" });
    await t.signIn("bob", { jar: "bob" });
    await t.signIn("bob", { jar: null, body: { password: "wrong-password" }, label: "a wrong password" });
    await get(t, "get-user", { id: bob }, "get-user");
  },

  "admin ban-user: reasons and lifetimes": async (t) => {
    const bob = await both(t);
    await ban(t, bob, { banReason: "Spam" });
    await ban(t, bob, { banExpiresIn: 3600 });
    await ban(t, bob, { banReason: "Spam & more", banExpiresIn: 60 });
    await ban(t, bob, { banReason: "", banExpiresIn: 0 });
    await ban(t, bob, {}, "again, without either");
  },

  "admin ban-user: unusual lifetimes": async (t) => {
    const bob = await both(t);
    for (const banExpiresIn of [-3600, 1.5, 0.0001]) await ban(t, bob, { banExpiresIn });
  },

  "admin ban-user: lifetimes beyond all times": async (t) => {
    const bob = await both(t);
    for (const banExpiresIn of [1e15, 9e15, -1e15]) await ban(t, bob, { banExpiresIn });
  },

  "admin ban-user: a long reason": async (t) => {
    const bob = await both(t);
    await ban(t, bob, { banReason: "x".repeat(4000) }, "4000 characters");
    await ban(t, bob, { banReason: "x".repeat(5000) }, "5000 characters");
    await ban(t, bob, { banReason: "a\u0000b" }, "NUL");
  },

  "admin ban-user: no user": async (t) => {
    await both(t);
    await ban(t, NO_ID, {}, "unknown");
    await ban(t, "", {}, "an empty id");
  },

  "admin ban-user: the caller itself": async (t) => {
    const root = await administrator(t);
    await ban(t, root);
    await t.get("/get-session", { jar: "root" });
  },

  "admin ban-user: another administrator": async (t) => {
    await administrator(t);
    const other = await administrator(t, "other");
    await ban(t, other);
    await t.get("/admin/list-users", { jar: "other" });
  },

  "admin ban-user: a user that is banned": async (t) => {
    const bob = await both(t);
    await ban(t, bob, { banReason: "One", banExpiresIn: 60 });
    await ban(t, bob, { banReason: "Two" });
    await get(t, "get-user", { id: bob }, "get-user");
  },

  "admin unban-user: a user": async (t) => {
    const bob = await both(t);
    await ban(t, bob, { banReason: "Spam", banExpiresIn: 60 });
    await unban(t, bob);
    await t.get("/get-session", { jar: "bob", label: "the old session" });
    await t.signIn("bob", { jar: "bob" });
    await unban(t, bob, "again");
  },

  "admin unban-user: no user": async (t) => {
    await both(t);
    await unban(t, NO_ID, "unknown");
    await unban(t, "", "an empty id");
  },

  "admin unban-user: the caller itself": async (t) => {
    const root = await administrator(t);
    await unban(t, root);
  },

  "admin bans: a sign-in": async (t) => {
    await person(t, "bob");
    await banned(t, "bob");
    await t.signIn("bob", { jar: "new" });
    await t.signIn("bob", { jar: "new", body: { rememberMe: false }, label: "not remembered" });
    await t.signIn("bob", { jar: "new", body: { callbackURL: "/home" }, label: "with a callback" });
    await banned(t, "bob", "1 hour");
    await t.signIn("bob", { jar: "new", label: "until later" });
  },

  "admin bans: an expired ban": async (t) => {
    await person(t, "bob");
    await banned(t, "bob", "-1 hour");
    await t.signIn("bob", { jar: "new", body: { password: "wrong-password" }, label: "a wrong password" });
    await t.signIn("bob", { jar: "new" });
    await t.get("/get-session", { jar: "new" });
  },

  "admin bans: an expired ban, for administrators": async (t) => {
    const bob = await both(t);
    await banned(t, "bob", "-1 hour");
    await get(t, "get-user", { id: bob }, "get-user");
    await get(t, "list-users", { filterField: "banned", filterValue: "true" });
  },

  "admin bans: sessions of a user that another program bans": async (t) => {
    await person(t, "bob");
    const { headers } = await t.signIn("bob", { jar: null, label: "a token" });
    const authorization = `Bearer ${headers["set-auth-token"]}`;
    await t.get("/token", { jar: "bob", label: "before" });
    await banned(t, "bob");
    await t.get("/get-session", { jar: "bob" });
    await t.get("/list-sessions", { jar: "bob" });
    await t.post("/update-user", { name: "B" }, { jar: "bob" });
    await t.get("/get-session", { jar: null, headers: { authorization }, label: "by bearer token" });
    await t.get("/token", { jar: "bob" });
    await t.post("/sign-out", {}, { jar: "bob" });
  },

  "admin bans: sessions during an expired ban": async (t) => {
    await person(t, "bob");
    await banned(t, "bob", "-1 hour");
    await t.get("/get-session", { jar: "bob" });
    await t.post("/update-user", { name: "B" }, { jar: "bob" });
  },

  "admin bans: a sign-up": async (t) => {
    await person(t, "bob");
    await banned(t, "bob");
    await t.signUp("bob", { jar: "new", label: "of the address of the banned user" });
  },

  "admin bans: a forgotten password": async (t) => {
    await person(t, "bob");
    await banned(t, "bob");
    await t.post("/request-password-reset", { email: "bob@example.com" }, { jar: null });
    const { token } = await t.message("bob@example.com");
    await t.post("/reset-password", { token, newPassword: "password12345" }, { jar: null });
    await t.signIn("bob", { jar: "new", body: { password: "password12345" } });
  },

  "admin bans: a password that is verified": async (t) => {
    await person(t, "bob");
    await banned(t, "bob");
    await t.post("/verify-password", { password: PASSWORD }, { jar: "bob" });
  },

  "admin bans: sessions that a change of the password creates": async (t) => {
    await person(t, "bob");
    await banned(t, "bob");
    await t.post(
      "/change-password",
      { currentPassword: PASSWORD, newPassword: "password12345", revokeOtherSessions: true },
      { jar: "bob" },
    );
    await t.get("/get-session", { jar: "bob" });
  },

  "admin bans: verification of the address": async (t) => {
    await person(t, "bob");
    await t.post("/send-verification-email", { email: "bob@example.com" }, { jar: null });
    const { url } = await t.message("bob@example.com");
    await banned(t, "bob");
    await t.follow(url, { jar: "new" });
  },

  "admin bans: an administrator that another program bans": async (t) => {
    await both(t);
    await banned(t, "root");
    await get(t, "list-users", { sortBy: "email" });
    await ban(t, await idOf(t, "bob"));
  },
};
