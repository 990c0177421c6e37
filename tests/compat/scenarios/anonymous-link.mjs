// Guests who sign in as other users.
import { tap } from "../support/one-taps.mjs";
import { signIn as signInGeneric } from "../support/generic-oauth.mjs";
import { ROUTE, arrive, remaining } from "../support/guests.mjs";
import { register, signIn as signInByPasskey } from "../support/passkeys.mjs";
import { add, prove } from "../support/phones.mjs";
import { ADA, askCode, askLink, enterByCode, openLink } from "../support/proven-addresses.mjs";
import { SecurityKey } from "../support/security-key.mjs";
import { back, begin, callback, link, signIn, verifyAll, withIdToken } from "../support/social.mjs";
import { bearer, header } from "../support/two-factor.mjs";

export const profile = "anonymous-ways";

const PASSWORD = "password1234";

/** A scenario in which a guest signs in by `act`. The user Ada exists already, in another browser. */
const by = (act) => async (t) => {
  await t.signUp("ada", { jar: "ada", body: { username: "ada_l" } });
  await verifyAll(t);
  await arrive(t);
  const old = header(t.jar());
  await act(t);
  await t.get("/get-session");
  await t.get("/get-session", { jar: null, headers: { cookie: old }, label: "the guest's session" });
  await remaining(t);
};

export default {
  "anonymous link: a sign-up": by((t) => t.signUp("bob")),
  "anonymous link: a sign-in by address": by((t) => t.signIn()),
  "anonymous link: a sign-in by name": by((t) => t.post("/sign-in/username", { username: "ada_l", password: PASSWORD })),
  "anonymous link: a provider": by((t) => signIn(t, "google")),
  "anonymous link: a provider, as a new user": by(async (t) => {
    t.provider.become({ email: "new@example.com" });
    await signIn(t, "github");
  }),
  "anonymous link: an id token": by((t) => withIdToken(t, "google", t.provider.idToken("google"))),
  "anonymous link: one tap": by((t) => tap(t, {})),
  "anonymous link: a provider that the deployment describes": by((t) => signInGeneric(t, "plain")),

  "anonymous link: a link by message": by(async (t) => {
    const { token } = await askLink(t);
    await openLink(t, { token });
  }),
  "anonymous link: a code by message": by((t) => enterByCode(t)),
  "anonymous link: a code that verifies the address": by(async (t) => {
    await t.sql(`update "user" set "emailVerified" = false`);
    const otp = await askCode(t, "email-verification");
    await t.post("/email-otp/verify-email", { email: ADA, otp });
  }),
  "anonymous link: a phone number": by(async (t) => {
    await add(t, { jar: "ada" });
    await prove(t);
  }),
  "anonymous link: a phone number of the guest": by((t) => add(t)),
  "anonymous link: a passkey": by(async (t) => {
    const key = new SecurityKey("ada");
    await register(t, key, { jar: "ada" });
    await signInByPasskey(t, key);
  }),
  "anonymous link: a passkey of the guest": by(async (t) => {
    const key = new SecurityKey("guest");
    await register(t, key);
    await signInByPasskey(t, key, { jar: "b" });
    await t.signIn("ada", { label: "as Ada" });
  }),

  "anonymous link: a wrong password": by((t) => t.signIn("ada", { body: { password: "wrong-password" } })),
  "anonymous link: an unknown address": by((t) => t.signIn("unknown")),
  "anonymous link: an address that is taken": by((t) => t.signUp("ada")),
  "anonymous link: a provider that refuses": by(async (t) => {
    await back(t, await begin(t), { answer: { code: undefined, error: "access_denied" } });
  }),
  "anonymous link: a callback without a state": by((t) => callback(t, "google", { code: "x" })),
  "anonymous link: a sign-out": by((t) => t.post("/sign-out")),
  "anonymous link: an account of a provider is linked": by(async (t) => {
    t.provider.become({ email: "new@example.com" });
    await link(t, "google");
    await t.get("/list-accounts");
    await signIn(t, "google", { jar: "b", label: "a sign-in by it" });
  }),
  "anonymous link: a sign-in after an account was linked": by(async (t) => {
    t.provider.become({ email: "new@example.com" });
    await t.sql(`update "user" set email = 'new@example.com', "emailVerified" = true where "isAnonymous"`);
    await link(t, "google");
    await t.signIn("ada", { label: "as Ada" });
  }),
  "anonymous link: a link that verifies an address": by(async (t) => {
    await t.sql(`update "user" set "emailVerified" = false`);
    await t.post("/send-verification-email", { email: "ada@example.com" }, { jar: "ada" });
    const { url } = await t.message("ada@example.com");
    await t.follow(url);
  }),
  "anonymous link: a password reset": by(async (t) => {
    await t.post("/request-password-reset", { email: "ada@example.com" });
    const { token } = await t.message("ada@example.com");
    await t.post("/reset-password", { token, newPassword: "password5678" });
  }),

  "anonymous link: a session that is not remembered": by((t) => t.signIn("ada", { body: { rememberMe: false } })),
  "anonymous link: a sign-in with a redirect": by((t) => t.signIn("ada", { body: { callbackURL: "/welcome" } })),
  "anonymous link: a form": by((t) => t.post("/sign-in/email", {}, { form: { email: "ada@example.com", password: PASSWORD } })),

  "anonymous link: the guest's session is due": by(async (t) => {
    await t.age("2 days");
    await t.signIn();
  }),
  "anonymous link: the guest's session has ended": by(async (t) => {
    await t.age("8 days");
    await t.signIn();
  }),
  "anonymous link: the guest's cookie is forged": by(async (t) => {
    const [token] = decodeURIComponent(t.jar().get("better-auth.session_token")).split(".");
    t.jar().set("better-auth.session_token", `${token}.${"A".repeat(43)}%3D`);
    await t.signIn();
  }),
  "anonymous link: another browser": by((t) => t.signIn("ada", { jar: "b" })),
  "anonymous link: the session of a user, not of a guest": by((t) => t.signUp("bob", { jar: "ada" })),

  "anonymous link: a bearer token": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    const guest = bearer(await t.post(ROUTE, {}, { jar: null }));
    const answer = await t.signIn("ada", guest);
    await t.get("/get-session", { ...guest, label: "the guest's session" });
    await t.get("/get-session", { ...bearer(answer), label: "the user's session" });
    await remaining(t);
  },

  "anonymous link: a guest beside a user in one browser": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    const guest = bearer(await t.post(ROUTE, {}, { jar: null }));
    await t.signUp("bob", { jar: "bob" });
    await t.signIn("ada", { jar: "bob", headers: guest.headers });
    await remaining(t);
  },

  "anonymous link: several sessions of a guest": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    const { id } = await arrive(t);
    await t.sql(`insert into session (id, token, "userId", "expiresAt", "createdAt", "updatedAt") values ('other', 'other', $1, now() + interval '1 day', now(), now())`, [id]);
    await t.signIn();
    await remaining(t);
    t.steps.push({ step: "sessions", count: (await t.sql("select id from session")).length });
  },

  "anonymous link: a guest from before, and a guest again": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    await arrive(t, { label: "first" });
    await t.signIn();
    await t.post("/sign-out");
    await arrive(t, { label: "second" });
    await t.signIn("ada", { label: "signed in again" });
    await remaining(t);
  },
};
