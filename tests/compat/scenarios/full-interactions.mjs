// Interactions of plugins.
import { address, administrator, both, idOf, impersonate, person, post, stop } from "../support/admin.mjs";
import { create as createKey, sessionOf } from "../support/api-keys.mjs";
import { create as createOrganization } from "../support/organizations.mjs";
import { owner as passkeyOwner, register, signIn as signInByPasskey } from "../support/passkeys.mjs";
import { NUMBER, owner as phoneOwner, prove, sent, signIn as signInByPhone, verify } from "../support/phones.mjs";
import { askCode, askLink, enterByCode, openLink, provenUser, signInByCode } from "../support/proven-addresses.mjs";
import { SecurityKey } from "../support/security-key.mjs";
import { answer, enrolled } from "../support/two-factor.mjs";

const DEVICE = "/multi-session/list-device-sessions";
const guest = (t, options) => t.post("/sign-in/anonymous", {}, { label: "a guest", ...options });
const current = (t, label, options) => t.get("/get-session", { label, ...options });

export const profile = "full";

export default {
  "interactions: a second factor, and sign-ins with a password": async (t) => {
    const { app } = await enrolled(t, "ada", { body: { username: "ada_l" } });
    await t.signIn("ada", { jar: "a", label: "by address" });
    await t.get(DEVICE, { jar: "a", label: "device, challenged" });
    await answer(t, app, {}, { jar: "a" });
    await t.get(DEVICE, { jar: "a", label: "device" });
    await t.post("/sign-in/username", { username: "ada_l", password: "password1234" }, { jar: "b" });
    await answer(t, app, {}, { jar: "b" });
    await current(t, "by user name", { jar: "b" });
  },

  "interactions: a second factor, and a phone number with a password": async (t) => {
    const { app } = await enrolled(t);
    await prove(t, { jar: "own", body: { updatePhoneNumber: true } });
    await signInByPhone(t, { jar: "a" });
    await answer(t, app, {}, { jar: "a" });
    await current(t, "by phone", { jar: "a" });
  },

  "interactions: a second factor, and a sign-in that is not remembered": async (t) => {
    const { app } = await enrolled(t);
    await t.signIn("ada", { body: { rememberMe: false } });
    await answer(t, app);
    await current(t, "afterwards");
    await t.get(DEVICE);
  },

  "interactions: a second factor is enabled, and the active organization stays": async (t) => {
    await t.signUp();
    await createOrganization(t);
    await current(t, "before");
    await t.post("/two-factor/enable", { password: "password1234" });
    await current(t, "after");
  },

  "interactions: a ban, and every way to sign in": async (t) => {
    await administrator(t);
    await phoneOwner(t, { name: "bob", jar: "bob" });
    const key = new SecurityKey("bob");
    await register(t, key, { jar: "bob" });
    await t.sql(`update "user" set "emailVerified" = true where email = $1`, [address("bob")]);
    await post(t, "ban-user", { userId: await idOf(t, "bob") });
    await current(t, "the session", { jar: "bob" });
    await t.signIn("bob", { jar: "a" });
    await signInByPhone(t, { jar: "b" });
    await signInByCode(t, await askCode(t, "sign-in", { to: address("bob"), jar: "c" }), { email: address("bob"), jar: "c" });
    const { token } = await askLink(t, {}, { to: address("bob"), jar: "d" });
    await openLink(t, { token, callbackURL: "/home" }, { jar: "d" });
    await signInByPasskey(t, key, { jar: "e" });
    await verify(t, await sent(t, { jar: "f" }), { jar: "f", label: "by a code to the phone" });
  },

  "interactions: the default role of users of every kind": async (t) => {
    await administrator(t);
    await guest(t, { jar: "a" });
    await signInByCode(t, await askCode(t, "sign-in", { to: address("otp"), jar: "b" }), { email: address("otp"), jar: "b" });
    const { token } = await askLink(t, {}, { to: address("link"), jar: "c" });
    await openLink(t, { token }, { jar: "c" });
    for (const jar of ["a", "b", "c"]) await current(t, `user of ${jar}`, { jar });
  },

  "interactions: an impersonation is one more session of the device": async (t) => {
    const bob = await both(t);
    await impersonate(t, bob);
    await t.get(DEVICE, { jar: "root" });
    await t.get("/list-sessions", { jar: "bob" });
    await stop(t);
    await t.get(DEVICE, { jar: "root", label: "afterwards" });
  },

  "interactions: each session of a device has its own organization": async (t) => {
    const ada = (await t.signUp()).json().token;
    await createOrganization(t);
    await t.signUp("bob");
    await current(t, "bob");
    await t.post("/multi-session/set-active", { sessionToken: ada });
    await current(t, "ada");
    await t.signIn("ada", { jar: "b" });
    await current(t, "a new session", { jar: "b" });
  },

  "interactions: a sign-out ends every session of the device": async (t) => {
    await t.signUp();
    await t.signUp("bob");
    await t.post("/sign-out");
    await t.get(DEVICE);
    await t.get("/list-sessions", { label: "no session" });
  },

  "interactions: a new session at other routes": async (t) => {
    await t.signUp();
    await t.post("/update-user", { name: "Ada L" });
    await createOrganization(t);
    await t.post("/organization/set-active", { organizationId: null });
    await t.get(DEVICE);
  },

  "interactions: guests sign in by every method": async (t) => {
    await provenUser(t);
    await guest(t, { jar: "a" });
    await enterByCode(t, { jar: "a" });
    await guest(t, { jar: "b" });
    const { token } = await askLink(t, {}, { jar: "b" });
    await openLink(t, { token }, { jar: "b" });
    const key = new SecurityKey("ada");
    await register(t, key, { jar: "own" });
    await guest(t, { jar: "c" });
    await signInByPasskey(t, key, { jar: "c" });
    await prove(t, { jar: "own", body: { updatePhoneNumber: true } });
    await guest(t, { jar: "d" });
    await signInByPhone(t, { jar: "d" });
    await guest(t, { jar: "e" });
    await prove(t, { jar: "e" });
    for (const jar of ["a", "b", "c", "d", "e"]) await current(t, `user of ${jar}`, { jar });
  },

  "interactions: a guest in a device with two sessions": async (t) => {
    await t.signUp();
    await guest(t);
    await t.get(DEVICE);
    await t.signUp("bob");
    await t.get(DEVICE, { label: "afterwards" });
  },

  "interactions: the method of the last sign-in": async (t) => {
    await phoneOwner(t, { body: { username: "ada_l" } });
    await t.sql(`update "user" set "emailVerified" = true`);
    await t.post("/sign-in/username", { username: "ada_l", password: "password1234" }, { jar: "a" });
    await enterByCode(t, { jar: "b" });
    const { token } = await askLink(t, {}, { jar: "c" });
    await openLink(t, { token }, { jar: "c" });
    await signInByPhone(t, { jar: "d" });
    const key = new SecurityKey("ada");
    await register(t, key, { jar: "own" });
    await signInByPasskey(t, key, { jar: "e" });
    await guest(t, { jar: "f" });
  },

  "interactions: bearer tokens, JWTs and keys": async (t) => {
    const signedUp = await t.signUp();
    const headers = { authorization: `Bearer ${signedUp.json().token}` };
    await current(t, "by a bearer token", { jar: null, headers });
    const { key } = await createKey(t, { name: "k" });
    await sessionOf(t, key);
    await t.get("/token", { jar: null, headers: { "x-api-key": key }, label: "a JWT by a key" });
    await t.get("/one-time-token/generate", { jar: null, headers, label: "a one-time token by a bearer token" });
  },

  "interactions: phone numbers and changes of users": async (t) => {
    await t.signUp("ada", { body: { phoneNumber: NUMBER, username: "ada_l" } });
    await t.post("/update-user", { phoneNumber: NUMBER });
    await t.post("/update-user", { phoneNumber: NUMBER }, { jar: null, label: "without a session" });
    await t.post("/update-user", { username: "ada_2" });
    await current(t, "afterwards");
  },

  "interactions: a passkey needs a fresh session": async (t) => {
    await passkeyOwner(t);
    await t.age("2 days");
    await t.get("/passkey/generate-register-options", { jar: "own" });
    await t.get("/passkey/list-user-passkeys", { jar: "own" });
  },

  "interactions: a user is removed with what belongs to the plugins": async (t) => {
    await administrator(t);
    const bob = await person(t, "bob");
    await createOrganization(t, {}, { who: "bob" });
    await register(t, new SecurityKey("bob"), { jar: "bob" });
    await createKey(t, {}, { jar: "bob" });
    await t.get("/one-time-token/generate", { jar: "bob", label: "a one-time token" });
    await post(t, "remove-user", { userId: bob });
    await current(t, "afterwards", { jar: "bob" });
  },
};
