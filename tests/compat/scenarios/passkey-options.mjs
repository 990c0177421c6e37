// Passkeys with another value for every option.
import { OTHER, OTHER_COOKIE } from "../profiles/passkey.mjs";
import { REGISTER, REGISTERED, challenge, begin, owner, register, signIn } from "../support/passkeys.mjs";
import { AT, SecurityKey, UP } from "../support/security-key.mjs";

export const profile = "passkey-options";

const THERE = { origin: OTHER.origin, headers: { origin: OTHER.origin } };

export default {
  "passkey options: a registration and a sign-in": async (t) => {
    const { key } = await owner(t, "ada", THERE);
    await t.get(REGISTER, { jar: "own", label: "the options then" });
    await t.get(`${REGISTER}?authenticatorAttachment=cross-platform`, { jar: "own", label: "for another authenticator" });
    await signIn(t, key, THERE);
    await t.get("/get-session");
  },

  "passkey options: the origin of the page does not matter": async (t) => {
    await t.signUp();
    for (const [label, page, origin] of [
      ["the page is of the list, the answer of another of it", t.baseURL, OTHER.origin],
      ["the page is not of the list, the answer is", "http://localhost:5173", OTHER.origin],
      ["the page and the answer are not of the list", "http://localhost:5173", "http://localhost:5173"],
      ["the page is of the list, the answer is not", t.baseURL, "https://evil.example.com"],
      ["the page is foreign", "https://evil.test", OTHER.origin],
    ]) {
      const key = new SecurityKey(label);
      await register(t, key, { headers: { origin: page }, origin, label });
      await signIn(t, key, { jar: label, headers: { origin: page }, origin, label: `${label}: signed in` });
    }
  },

  "passkey options: without an origin": async (t) => {
    await t.signUp();
    const headers = { origin: null, referer: `${t.baseURL}/x` };
    const key = new SecurityKey("one");
    await register(t, key, { headers, origin: OTHER.origin });
    await signIn(t, key, { jar: "b", headers, origin: OTHER.origin });
  },

  "passkey options: another domain": async (t) => {
    await t.signUp();
    for (const rpId of ["localhost", "app.example.com", "www.example.com"])
      await register(t, new SecurityKey(rpId), { ...THERE, changes: { rpId }, label: rpId });
  },

  "passkey options: a user who is not verified": async (t) => {
    await t.signUp();
    const key = new SecurityKey("unverified");
    await register(t, key, { ...THERE, changes: { flags: UP | AT } });
    await signIn(t, key, { ...THERE, jar: "b", changes: { flags: UP } });
  },

  "passkey options: the cookie of the default name": async (t) => {
    await t.signUp();
    const given = await begin(t, THERE);
    t.jar().set("better-auth.better-auth-passkey", t.jar().get(OTHER_COOKIE));
    t.jar().delete(OTHER_COOKIE);
    await t.post(REGISTERED, { response: new SecurityKey("one").create(given, OTHER.origin) }, { headers: THERE.headers });
    await challenge(t, { jar: "b" });
  },
};
