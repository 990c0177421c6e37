import { back, begin, expireTokens, signIn, verifyAll, withIdToken } from "../support/social.mjs";

export const profile = "social";

const TOKEN = "github.com/login/oauth/access_token";

/** Inserts an account of a provider for the user with this address. */
function insert(t, email, provider, account) {
  const row = `insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
    select $1, $2, $3, id, now(), now() from "user" where email = $4`;
  return t.sql(row, [`${provider}-${account}`, account, provider, email]);
}

/** Changes the body of GitHub's tokens. */
function tokens(t, changes) {
  t.provider.change(TOKEN, (answer) => ({ ...answer, body: { ...answer.body, ...changes } }));
}

export default {
  "social users: new and known": async (t) => {
    const body = { newUserCallbackURL: "/new" };
    await signIn(t, "google", { body, label: "new" });
    await signIn(t, "google", { body, label: "known" });
    await signIn(t, "google", { body: { newUserCallbackURL: "" }, label: "empty" });
  },

  "social users: an unverified address": async (t) => {
    t.provider.become({ isVerified: false });
    await signIn(t, "google");
    await signIn(t, "github", { jar: "b", label: "by GitHub" });
  },

  "social users: an address in capitals": async (t) => {
    t.provider.become({ email: "Ada@Example.COM" });
    await signIn(t, "google");
    await signIn(t, "google", { jar: "b", label: "again" });
    await signIn(t, "github", { jar: "c", label: "by GitHub" });
  },

  "social users: an address that is none": async (t) => {
    for (const email of [
      "ada",
      "ada@",
      "@example.com",
      "ada lovelace@example.com",
      "ada@example.com ",
      "ä@example.com",
    ]) {
      t.provider.become({ email, id: `id of ${email}` });
      await signIn(t, "google", { label: `address ${email}` });
    }
  },

  "social users: names and pictures": async (t) => {
    for (const [name, picture] of [
      ["", ""],
      [undefined, undefined],
      [null, null],
      ["  ", "javascript:alert(1)"],
      ["Ä 🔑", "not a url"],
      ["x".repeat(300), `https://pictures.test/${"x".repeat(3000)}`],
      [1, 1],
    ]) {
      const label = `name ${JSON.stringify(name)?.slice(0, 20)}`;
      t.provider.become({ id: label, email: `ada${Math.abs(label.length)}-${typeof name}@example.com`, name, picture });
      await signIn(t, "google", { label });
    }
  },

  "social users: ids of other types": async (t) => {
    for (const id of [1, 9007199254740993, 1.5, true, null, "", undefined, ["a"], { a: 1 }]) {
      t.provider.become({ id, email: `id-${typeof id}-${JSON.stringify(id)?.length}@example.com` });
      await signIn(t, "google", { label: `id ${JSON.stringify(id)}` });
    }
  },

  "social users: texts that cannot be stored": async (t) => {
    for (const [label, changes] of Object.entries({
      name: { name: "a\u0000b" },
      address: { email: "a\u0000b@example.com" },
      picture: { picture: "https://pictures.test/\u0000" },
      id: { id: "a\u0000b" },
    })) {
      t.provider.become({
        id: `id ${label}`,
        email: `${label}@example.com`,
        name: "Ada",
        picture: undefined,
        ...changes,
      });
      await signIn(t, "google", { body: { errorCallbackURL: "/oops" }, label });
    }
    t.provider.become({ id: "x", email: "x@example.com", name: "a\u0000b", picture: undefined });
    await withIdToken(t, "google", t.provider.idToken("google"), { label: "in an id token" });
  },

  "social users: a verified user with the same address": async (t) => {
    await t.signUp();
    await verifyAll(t);
    await signIn(t, "google", { jar: "b" });
    await t.get("/list-accounts", { jar: "b" });
    await signIn(t, "google", { jar: "c", label: "again" });
  },

  "social users: a verified user, an unverified address": async (t) => {
    await t.signUp();
    await verifyAll(t);
    t.provider.become({ isVerified: false });
    await signIn(t, "google", { jar: "b" });
    await signIn(t, "spotify", { jar: "b", label: "a provider that verifies none" });
    await signIn(t, "google", { jar: "b", body: { errorCallbackURL: "/oops" }, label: "with an error page" });
  },

  "social users: an unverified user with the same address": async (t) => {
    await t.signUp();
    await signIn(t, "google", { jar: "b" });
    await t.get("/list-accounts");
  },

  "social users: an unverified user whose account is linked": async (t) => {
    await t.signUp();
    await insert(t, "ada@example.com", "google", "4711");
    t.provider.become({ isVerified: false });
    await signIn(t, "google", { jar: "b", label: "not verified" });
    t.provider.become({ isVerified: true });
    await signIn(t, "google", { jar: "b", label: "verified" });
  },

  "social users: another address at the provider": async (t) => {
    await signIn(t, "google");
    t.provider.become({ email: "new@example.com", name: "New Name", picture: "https://pictures.test/new.png" });
    await signIn(t, "google", { label: "the same user" });
    await t.get("/get-session");
  },

  "social users: an address that another user has": async (t) => {
    await t.signUp("bob");
    await signIn(t, "google", { jar: "b" });
    t.provider.become({ email: "bob@example.com" });
    await signIn(t, "google", { jar: "b", label: "Bob's address" });
    await t.get("/get-session", { jar: "b" });
  },

  "social users: two providers": async (t) => {
    await signIn(t, "google");
    await signIn(t, "github", { jar: "b", label: "by GitHub" });
    await signIn(t, "discord", { jar: "c", label: "by Discord" });
    await t.get("/list-accounts", { jar: "c" });
  },

  "social users: one id at two providers": async (t) => {
    await signIn(t, "google");
    t.provider.become({ email: "bob@example.com", name: "Bob" });
    await signIn(t, "github", { jar: "b", label: "Bob by GitHub" });
    await t.get("/get-session", { jar: "b" });
  },

  "social users: an account without its user": async (t) => {
    await signIn(t, "google");
    await t.sql("alter table account disable trigger all");
    await t.sql("alter table session disable trigger all");
    await t.sql(`delete from account`);
    await signIn(t, "google", { jar: "b", label: "the account is gone" });
  },

  "social users: a deleted user": async (t) => {
    await signIn(t, "google");
    await t.post("/delete-user", {});
    await signIn(t, "google", { jar: "b", label: "anew" });
  },

  "social users: tokens at the first sign-in": async (t) => {
    for (const [label, changes] of Object.entries({
      "no scope": { scope: undefined },
      "an empty scope": { scope: "" },
      "a list of scopes": { scope: ["a", "b"] },
      "scopes with commas": { scope: "a,b c" },
      "no refresh token": { refresh_token: undefined },
      "no lifetime": { expires_in: undefined },
      "a lifetime as text": { expires_in: "7200" },
      "a lifetime of nothing": { expires_in: 0 },
      "a lifetime of the refresh token": { refresh_token_expires_in: 7200 },
      null: { refresh_token: null, id_token: null, scope: null, expires_in: null },
      "an id token": { id_token: "a.b.c" },
    })) {
      t.provider.become({
        id: `${label.length}${label.charCodeAt(2)}`,
        email: `${label.replaceAll(" ", "-")}@example.com`,
      });
      tokens(t, changes);
      await signIn(t, "github", { label });
    }
  },

  "social users: tokens at a later sign-in": async (t) => {
    await signIn(t, "github");
    for (const [label, changes] of Object.entries({
      "no refresh token": { refresh_token: undefined },
      "no lifetime": { expires_in: undefined },
      "no scope": { scope: undefined },
      null: { refresh_token: null, expires_in: null },
    })) {
      tokens(t, changes);
      await signIn(t, "github", { label });
    }
  },

  "social users: expired tokens at a later sign-in": async (t) => {
    await signIn(t, "google");
    await expireTokens(t);
    await signIn(t, "google", { label: "again" });
  },

  "social users: the form of Apple": async (t) => {
    await signIn(t, "apple");
    await signIn(t, "apple", { jar: "b", label: "again" });
  },

  "social users: names in the form of Apple": async (t) => {
    for (const [label, user] of Object.entries({
      "both names": JSON.stringify({ name: { firstName: "Ada", lastName: "Lovelace" }, email: "evil@example.com" }),
      "the first name": JSON.stringify({ name: { firstName: "Ada" } }),
      "the last name": JSON.stringify({ name: { lastName: "Lovelace" } }),
      "empty names": JSON.stringify({ name: { firstName: "", lastName: "" } }),
      "no name": JSON.stringify({ email: "x@example.com" }),
      "a text as name": JSON.stringify({ name: "Ada" }),
      numbers: JSON.stringify({ name: { firstName: 1, lastName: 2 } }),
      "no JSON": "{",
      "a JSON text": '"x"',
      nothing: "",
    })) {
      t.provider.become({ id: `apple ${label}`, email: `${label.replaceAll(" ", "-")}@example.com` });
      await signIn(t, "apple", { answer: { user }, label });
    }
  },

  "social users: a sign-in that is not remembered before": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await verifyAll(t);
    await signIn(t, "google");
    await t.get("/get-session");
  },

  "social users: signing out and in": async (t) => {
    await signIn(t, "google");
    await t.post("/sign-out");
    await t.get("/get-session");
    await signIn(t, "google", { label: "again" });
  },

  "social users: a user without a password": async (t) => {
    await signIn(t, "google");
    await t.signIn("ada", { jar: "b", label: "by a password" });
    await t.signUp("ada", { jar: "b", label: "a sign-up with the address" });
    await t.post("/change-password", { currentPassword: "password1234", newPassword: "password5678" });
    await t.post("/request-password-reset", { email: "ada@example.com" });
    const { token } = await t.message("ada@example.com");
    await t.post("/reset-password", { token, newPassword: "password5678" });
    await t.get("/list-accounts");
    await t.signIn("ada", { jar: "c", body: { password: "password5678" }, label: "by the new password" });
  },

  "social users: in tokens": async (t) => {
    await signIn(t, "google");
    await t.get("/token");
    await t.get("/get-session?disableCookieCache=true");
  },

  "social users: from an application on another origin": async (t) => {
    const origin = "http://localhost:5173";
    const url = await begin(t, "google", { body: { callbackURL: `${origin}/welcome` }, headers: { origin } });
    await back(t, url);
  },
};
