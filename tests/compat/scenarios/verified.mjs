// Sign-in requires a verified address, and the verification signs the user in.
export const profile = "verified";

const ADA = "ada@example.com";

async function signedUp(t, body) {
  await t.signUp("ada", { jar: null, body });
  return t.message(ADA);
}

export default {
  "verified: sign-up": async (t) => {
    await t.signUp("ada", { headers: { "user-agent": "agent/1" } });
    const { url } = await t.message(ADA);
    await t.get("/get-session", { label: "no session yet" });
    await t.follow(url);
    await t.get("/get-session");
  },

  "verified: sign-up with a callback": async (t) => {
    const { url } = await signedUp(t, { callbackURL: "/welcome?a=b&c=d" });
    await t.follow(url);
  },

  "verified: sign-up of an address that is taken": async (t) => {
    await signedUp(t);
    await t.signUp("ada", { jar: null, body: { image: "https://example.com/a.png" }, label: "again" });
    await t.silence();
  },

  "verified: sign-up, remembered or not": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    const { url } = await t.message(ADA);
    await t.follow(url);
  },

  "verified: sign-in": async (t) => {
    await signedUp(t);
    await t.signIn("ada", { body: { password: "wrong-password" }, label: "wrong" });
    await t.signIn();
    const { token } = await t.message(ADA);
    await t.signIn("ada", { body: { callbackURL: "/home?a=b" }, label: "with a callback" });
    await t.message(ADA);
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
    await t.signIn("ada", { label: "now" });
  },

  "verified: a link twice": async (t) => {
    const { token } = await signedUp(t);
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
    await t.get(`/verify-email?token=${token}`, { jar: "b", label: "again, in another browser" });
    await t.get("/get-session", { jar: "b" });
  },

  "verified: a link in the user's own session": async (t) => {
    const { token } = await signedUp(t);
    await t.sql(`update "user" set "emailVerified" = true`);
    await t.signIn();
    await t.sql(`update "user" set "emailVerified" = false`);
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
  },

  "verified: a link in the user's own session, not remembered": async (t) => {
    const { token } = await signedUp(t);
    await t.sql(`update "user" set "emailVerified" = true`);
    await t.signIn("ada", { body: { rememberMe: false } });
    await t.sql(`update "user" set "emailVerified" = false`);
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
  },

  "verified: a link in another user's session": async (t) => {
    const { token } = await signedUp(t);
    await t.signUp("bob", { jar: null });
    const bobs = await t.message("bob@example.com");
    await t.get(`/verify-email?token=${bobs.token}`, { jar: "bob", label: "Bob's" });
    await t.get(`/verify-email?token=${token}`, { jar: "bob", label: "Ada's" });
    await t.get("/get-session", { jar: "bob" });
  },

  "verified: a new address, verified in another browser": async (t) => {
    const { token } = await signedUp(t);
    await t.get(`/verify-email?token=${token}`, { label: "follow" });
    await t.post("/change-email", { newEmail: "new@example.com" });
    const consent = await t.message(ADA);
    await t.follow(consent.url, { jar: "b", label: "consent" });
    const proof = await t.message("new@example.com");
    await t.follow(proof.url, { jar: "b", label: "verify" });
    await t.get("/get-session", { jar: "b" });
  },

  "verified: a reset does not verify the address": async (t) => {
    await signedUp(t);
    await t.post("/request-password-reset", { email: ADA });
    const { token } = await t.message(ADA);
    await t.post("/reset-password", { newPassword: "password5678", token });
    await t.signIn("ada", { body: { password: "password5678" } });
    await t.message(ADA);
  },
};
