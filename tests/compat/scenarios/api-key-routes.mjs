// What a request that is authenticated by an API key may do, on every route.
import { by, create, owner } from "../support/api-keys.mjs";
import { PASSWORD } from "../support/two-factor.mjs";

export const profile = "api-key-session";

/** Plays a scenario with the key of a new user, whose session stays in the default jar. */
function played(play) {
  return async (t) => {
    const created = await owner(t, { name: "own" });
    // Both servers create their first key for JWTs now. Later, only one of them may have a reason to.
    await t.get("/get-session", { label: "before" });
    const get = (route, options) => t.get(route, by(created.key, options));
    const post = (route, body, options) => t.post(route, body, by(created.key, options));
    await play(t, { ...created, get, post });
    await t.get("/get-session", { label: "the session of the cookie" });
  };
}

export default {
  "api key route: update-user": played(async (t, { post }) => {
    await post("/update-user", { name: "Eve", image: "https://example.com/eve.png" });
    await post("/update-user", {}, { label: "nothing" });
    await post("/update-user", { email: "eve@example.com" }, { label: "an address" });
    await post("/update-user", { username: "eve_1" }, { label: "a user name" });
  }),

  "api key in person: sessions": played(async (t, { get, post }) => {
    const { token } = (await t.signIn("ada", { jar: "other" })).json();
    await get("/list-sessions");
    await post("/revoke-session", { token });
    await post("/revoke-other-sessions");
    await post("/revoke-sessions");
    await post("/revoke-session", {}, { label: "a bad body" });
  }),

  "api key route: sign-out": played(async (t, { post, get }) => {
    await post("/sign-out");
    await get("/get-session", { label: "after it" });
  }),

  "api key route: sign-out beside a cookie": played(async (t, { key }) => {
    await t.post("/sign-out", {}, { headers: { "x-api-key": key } });
  }),

  "api key in person: change-password": played(async (t, { post }) => {
    const body = { currentPassword: PASSWORD, newPassword: "password5678" };
    await post("/change-password", { ...body, currentPassword: "wrong-password" }, { label: "a wrong password" });
    await post("/change-password", body);
    const back = { currentPassword: "password5678", newPassword: PASSWORD, revokeOtherSessions: true };
    await post("/change-password", back, { label: "and end sessions" });
    await post("/change-password", { newPassword: "x" }, { label: "a bad body" });
  }),

  "api key in person: change-email": played(async (t, { post }) => {
    await post("/change-email", { newEmail: "eve@example.com", callbackURL: "/done" });
  }),

  "api key route: send-verification-email": played(async (t, { post }) => {
    await post("/send-verification-email", { email: "ada@example.com" });
    await t.message("ada@example.com");
    await post("/send-verification-email", { email: "eve@example.com" }, { label: "another address" });
  }),

  "api key in person: delete-user": played(async (t, { post }) => {
    await post("/delete-user", { password: "wrong-password" }, { label: "a wrong password" });
    await post("/delete-user", {}, { label: "without a password" });
  }),

  "api key in person: delete-user with the password": played(async (t, { post }) => {
    await post("/delete-user", { password: PASSWORD });
  }),

  "api key route: accounts": played(async (t, { get, post }) => {
    await get("/list-accounts");
    await post("/get-access-token", { providerId: "github" });
    await get("/account-info?accountId=x");
  }),

  "api key in person: accounts": played(async (t, { post }) => {
    await post("/unlink-account", { providerId: "credential" });
    await post("/link-social", { provider: "github", callbackURL: "/done" });
  }),

  "api key in person: token": played(async (t, { get }) => {
    await get("/token");
  }),

  "api key route: sign-in and sign-up": played(async (t, { post }) => {
    await post("/sign-in/email", { email: "ada@example.com", password: PASSWORD });
    await post("/sign-in/username", { username: "ada_1", password: PASSWORD });
    await post("/sign-up/email", { name: "bob", email: "bob@example.com", password: PASSWORD });
    await post("/is-username-available", { username: "ada_1" });
  }),

  "api key route: password reset": played(async (t, { post }) => {
    await post("/request-password-reset", { email: "ada@example.com", redirectTo: "/reset" });
    const { token } = await t.message("ada@example.com");
    await post("/reset-password", { token, newPassword: "password5678" });
  }),

  "api key in person: the second factor": played(async (t, { post }) => {
    await post("/two-factor/enable", { password: "wrong-password" }, { label: "a wrong password" });
    await post("/two-factor/enable", { password: PASSWORD });
    await post("/two-factor/get-totp-uri", { password: PASSWORD });
    await post("/two-factor/verify-totp", { code: "000000" });
    await post("/two-factor/send-otp");
    await post("/two-factor/generate-backup-codes", { password: PASSWORD });
    await post("/two-factor/disable", { password: PASSWORD });
  }),

  "api key route: api-key/list and api-key/get": played(async (t, { get, id }) => {
    const other = await create(t, { name: "other" });
    await get("/api-key/list");
    await get(`/api-key/get?id=${id}`, { label: "itself" });
    await get(`/api-key/get?id=${other.id}`, { label: "another key" });
  }),

  "api key in person: api-key/create": played(async (t, { post }) => {
    await post("/api-key/create", { name: "second" });
    await post("/api-key/create", { remaining: 1 }, { label: "members of servers" });
    await post("/api-key/create", { name: 1 }, { label: "a bad body" });
  }),

  "api key in person: api-key/update": played(async (t, { post, id }) => {
    const other = await create(t, { name: "other" });
    await post("/api-key/update", { keyId: id, name: "new" }, { label: "itself" });
    await post("/api-key/update", { keyId: id, expiresIn: 86_400 }, { label: "its lifetime" });
    await post("/api-key/update", { keyId: other.id, name: "new" }, { label: "another key" });
    await post("/api-key/update", { keyId: id, enabled: false }, { label: "disable itself" });
    await post("/api-key/update", { keyId: id, enabled: true }, { label: "enable itself" });
  }),

  "api key in person: api-key/delete": played(async (t, { post, id }) => {
    const other = await create(t, { name: "other" });
    await post("/api-key/delete", { keyId: other.id }, { label: "another key" });
    await post("/api-key/delete", { keyId: id }, { label: "itself" });
  }),

  "api key route: a user with a second factor": async (t) => {
    const { key } = await owner(t);
    await t.sql(`update "user" set "twoFactorEnabled" = true`);
    await t.get("/get-session", by(key));
    await t.post("/update-user", { name: "Eve" }, by(key));
  },
};
