import { IDS } from "../profiles/social.mjs";
import { services } from "../support/provider-services.mjs";
import { fail, signIn, verifyAll, withIdToken } from "../support/social.mjs";

export const profile = "social";

const hour = 3600;
const seconds = () => Math.floor(Date.now() / 1000);
/** Providers whose id tokens have signatures that are verified. */
const SIGNED = ["google", "apple", "microsoft", "cognito", "facebook"];

/** Claims and signatures that make an id token invalid, by the reason. */
function invalid(t, provider) {
  const token = (changes, options) => t.provider.idToken(provider, changes, options);
  return {
    "another issuer": token({ iss: "https://evil.test" }),
    "no issuer": token({ iss: undefined }),
    "another client": token({ aud: "other" }),
    "no client": token({ aud: undefined }),
    "several clients": token({ aud: ["other", `${provider}-id`] }),
    "several other clients": token({ aud: ["other", "others"] }),
    expired: token({ exp: seconds() - 1 }),
    "expired a minute ago": token({ exp: seconds() - 60 }),
    "no end": token({ exp: undefined }),
    "issued two hours ago": token({ iat: seconds() - 2 * hour, exp: seconds() + hour }),
    "issued in an hour": token({ iat: seconds() + hour, exp: seconds() + 2 * hour }),
    "no time of issue": token({ iat: undefined }),
    "valid in an hour": token({ nbf: seconds() + hour }),
    forged: token({}, { isForged: true }),
    unsigned: token({}, { algorithm: "none" }),
    "signed with the public key": token({}, { algorithm: "HS256" }),
    "another key": token({}, { header: { kid: "provider-9" } }),
    "no key": token({}, { header: { kid: undefined } }),
    "another algorithm": token({}, { header: { alg: "RS512" } }),
    "no algorithm": token({}, { header: { alg: undefined } }),
  };
}

/** Texts that are no JWTs. */
const GARBAGE = ["", "x", "a.b", "a.b.c", "a.b.c.d", "e30.e30.", "..", "ä.ö.ü", "x".repeat(5000)];

export default {
  ...Object.fromEntries(
    SIGNED.map((id) => [
      `social id token ${id}: good and bad`,
      async (t) => {
        await withIdToken(t, id, t.provider.idToken(id), { label: "good" });
        await t.get("/get-session");
        for (const [label, token] of Object.entries(invalid(t, id)))
          await withIdToken(t, id, token, { jar: "b", label });
      },
    ]),
  ),

  ...Object.fromEntries(
    SIGNED.map((id) => [
      `social id token ${id}: nonces`,
      async (t) => {
        const token = t.provider.idToken(id, { nonce: "n-1" });
        await withIdToken(t, id, token, { idToken: { nonce: "n-1" }, label: "the same" });
        await withIdToken(t, id, token, { idToken: { nonce: "n-2" }, label: "another" });
        await withIdToken(t, id, token, { label: "not sent" });
        await withIdToken(t, id, token, { idToken: { nonce: "" }, label: "an empty one" });
        const without = t.provider.idToken(id);
        await withIdToken(t, id, without, { idToken: { nonce: "n-1" }, label: "none in the token" });
      },
    ]),
  ),

  "social id token: texts that are no tokens": async (t) => {
    for (const id of ["google", "apple", "microsoft"])
      for (const token of GARBAGE)
        await withIdToken(t, id, token, { label: `${id}: ${token.slice(0, 9)} (${token.length})` });
  },

  "social id token: providers without id tokens": async (t) => {
    const others = IDS.filter((id) => ![...SIGNED, "line", "paypal"].includes(id));
    for (const id of others) await withIdToken(t, id, "a.b.c", { label: id });
  },

  "social id token: the key set fails": async (t) => {
    fail(t, services.google.keys, 500);
    await withIdToken(t, "google", t.provider.idToken("google"));
  },

  "social id token: a new and a known user": async (t) => {
    const body = { callbackURL: "/welcome", newUserCallbackURL: "/new" };
    await withIdToken(t, "google", t.provider.idToken("google"), { body, label: "new" });
    await withIdToken(t, "google", t.provider.idToken("google"), { body, jar: "b", label: "known" });
    await t.get("/list-accounts");
  },

  "social id token: with tokens": async (t) => {
    const idToken = { accessToken: "access-own", refreshToken: "refresh-own", expiresAt: 1900000000 };
    await withIdToken(t, "google", t.provider.idToken("google"), { idToken, label: "new" });
    await withIdToken(t, "google", t.provider.idToken("google"), { label: "known, without" });
    await withIdToken(t, "google", t.provider.idToken("google"), {
      idToken: { accessToken: "access-two" },
      label: "known",
    });
    await t.post("/get-access-token", { providerId: "google" });
  },

  "social id token: an issuer without a scheme": async (t) => {
    await withIdToken(t, "google", t.provider.idToken("google", { iss: "accounts.google.com" }));
  },

  "social id token: no address": async (t) => {
    await withIdToken(t, "google", t.provider.idToken("google", { email: undefined }), { label: "none" });
    await withIdToken(t, "google", t.provider.idToken("google", { email: "" }), { label: "an empty one" });
  },

  "social id token: no id": async (t) => {
    await withIdToken(t, "google", t.provider.idToken("google", { sub: undefined }), { label: "none" });
    await withIdToken(t, "google", t.provider.idToken("google", { sub: "", email: "b@example.com" }), {
      label: "an empty one",
    });
  },

  "social id token: no name": async (t) => {
    await withIdToken(t, "google", t.provider.idToken("google", { name: undefined, picture: undefined }));
  },

  "social id token: not verified": async (t) => {
    for (const value of [false, "false", "true", undefined, null])
      await withIdToken(
        t,
        "google",
        t.provider.idToken("google", {
          sub: `id ${value}`,
          email: `v-${typeof value}-${value}@example.com`,
          email_verified: value,
        }),
        { label: `verified ${JSON.stringify(value)}` },
      );
  },

  "social id token: a user with the same address": async (t) => {
    await t.signUp();
    await withIdToken(t, "google", t.provider.idToken("google", { email_verified: false }), {
      jar: "b",
      label: "unverified at both",
    });
    await verifyAll(t);
    await withIdToken(t, "google", t.provider.idToken("google", { email_verified: false }), {
      jar: "b",
      label: "unverified",
    });
    await withIdToken(t, "google", t.provider.idToken("google"), { jar: "b", label: "verified" });
  },

  "social id token: an unverified user with the same address": async (t) => {
    await t.signUp();
    await withIdToken(t, "google", t.provider.idToken("google"), { jar: "b" });
  },

  "social id token: while signed in as another": async (t) => {
    await t.signUp("bob");
    await withIdToken(t, "google", t.provider.idToken("google"));
    await t.get("/get-session");
  },

  "social id token: after a sign-in with a code": async (t) => {
    await signIn(t, "google");
    await withIdToken(t, "google", t.provider.idToken("google"), { jar: "b" });
  },

  "social id token: from a foreign page": async (t) => {
    const options = { headers: { origin: "https://evil.test" } };
    await withIdToken(t, "google", t.provider.idToken("google"), options);
  },

  "social id token apple: verified and private addresses": async (t) => {
    for (const value of ["true", "false", true, false, undefined])
      await withIdToken(
        t,
        "apple",
        t.provider.idToken("apple", {
          sub: `id ${typeof value} ${value}`,
          email: `v-${typeof value}-${value}@example.com`,
          email_verified: value,
          is_private_email: "true",
        }),
        { label: `verified ${JSON.stringify(value)}` },
      );
  },

  "social id token facebook: an access token": async (t) => {
    const accessToken = t.provider.accessToken("facebook");
    await withIdToken(t, "facebook", "opaque", { idToken: { accessToken }, label: "good" });
    await withIdToken(t, "facebook", "opaque", { idToken: { accessToken: "bad" }, label: "bad" });
    await withIdToken(t, "facebook", "opaque", { label: "none" });
  },

  "social id token line: verified by the provider": async (t) => {
    await withIdToken(t, "line", t.provider.idToken("line"), { label: "good" });
    await withIdToken(t, "line", t.provider.idToken("line", { aud: "other" }), { label: "another client" });
    await withIdToken(t, "line", t.provider.idToken("line", { nonce: "n" }), { label: "a nonce that is not sent" });
    await withIdToken(t, "line", t.provider.idToken("line", { nonce: "n" }), {
      idToken: { nonce: "n" },
      label: "a nonce",
    });
    await withIdToken(t, "line", "x", { label: "no token" });
    fail(t, services.line.verify);
    await withIdToken(t, "line", t.provider.idToken("line"), { label: "no answer" });
  },

  "social id token paypal: not verified": async (t) => {
    const accessToken = t.provider.accessToken("paypal");
    await withIdToken(t, "paypal", t.provider.idToken("paypal"), { idToken: { accessToken }, label: "good" });
    await withIdToken(t, "paypal", t.provider.idToken("paypal", {}, { isForged: true }), {
      idToken: { accessToken },
      label: "forged",
    });
    await withIdToken(t, "paypal", t.provider.idToken("paypal"), { label: "without an access token" });
    await withIdToken(t, "paypal", "x", { idToken: { accessToken }, label: "no token" });
  },
};
