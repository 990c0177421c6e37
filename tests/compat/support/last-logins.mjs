// Scenarios for the method of the last sign-in with accounts of providers, for each place in which it is stored.
import { signIn as signInGeneric } from "./generic-oauth.mjs";
import { tap } from "./one-taps.mjs";
import { register, signIn as signInByPasskey } from "./passkeys.mjs";
import { add, prove } from "./phones.mjs";
import { askLink, enterByCode, openLink, provenUser } from "./proven-addresses.mjs";
import { SecurityKey } from "./security-key.mjs";
import { back, begin, callback, link, signIn, verifyAll, withIdToken } from "./social.mjs";

const PASSWORD = "password1234";

/** @param {string} name beginning of the scenarios' names */
export function lastLogins(name) {
  const scenarios = {
    providers: async (t) => {
      for (const provider of ["google", "github", "discord"]) {
        t.provider.become({ email: `${provider}@example.com`, id: `47${provider.length}` });
        await signIn(t, provider, { jar: provider, label: `${provider}, new` });
        await signIn(t, provider, { jar: `${provider} 2`, label: `${provider}, known` });
      }
    },
    "a provider that posts": async (t) => {
      await signIn(t, "apple");
    },
    "a provider that the deployment describes": async (t) => {
      await signInGeneric(t, "plain", { label: "new" });
      await signInGeneric(t, "plain", { jar: "b", label: "known" });
    },
    "id tokens": async (t) => {
      await withIdToken(t, "google", t.provider.idToken("google"), { label: "new" });
      await withIdToken(t, "google", t.provider.idToken("google"), { jar: "b", label: "known" });
    },
    "one tap": async (t) => {
      await tap(t, {}, { label: "new" });
      await tap(t, {}, { jar: "b", label: "known" });
    },
    "a passkey": async (t) => {
      await t.signUp("ada", { jar: "own" });
      const key = new SecurityKey("ada");
      await register(t, key, { jar: "own" });
      await signInByPasskey(t, key);
      await t.get("/get-session");
    },
    "a link by message": async (t) => {
      const { token } = await askLink(t);
      await openLink(t, { token });
    },
    "a code by message": async (t) => {
      await provenUser(t);
      await enterByCode(t);
    },
    "a phone number": async (t) => {
      await t.signUp("ada", { jar: "own" });
      await add(t, { jar: "own" });
      await prove(t);
    },
    "several methods of a user": async (t) => {
      await t.signUp("ada", { body: { username: "ada_l" } });
      await verifyAll(t);
      await signIn(t, "google", { label: "by Google" });
      await t.signIn("ada", { label: "by address" });
      await t.post("/sign-in/username", { username: "ada_l", password: PASSWORD }, { label: "by name" });
      await tap(t, {}, { label: "by one tap" });
      await t.get("/get-session");
    },
    "an account that is linked": async (t) => {
      await t.signUp();
      await verifyAll(t);
      await link(t, "google");
      await t.get("/get-session");
    },
    "providers that refuse": async (t) => {
      await back(t, await begin(t), { answer: { code: undefined, error: "access_denied" } });
      await callback(t, "google", { code: "x" });
      await callback(t, "unknown", { code: "x", state: "y" });
    },
    "an account that cannot be linked": async (t) => {
      await t.signUp("ada", { jar: "ada" });
      t.provider.become({ isVerified: false });
      await signIn(t, "discord", { label: "unverified" });
    },
  };
  return Object.fromEntries(Object.entries(scenarios).map(([what, play]) => [`${name}: ${what}`, play]));
}
