// Scenarios for the return from a provider, for each place in which a state is stored.
import { answerWith, back, begin, callback, fail, lapseStates, signIn, stateOf } from "./social.mjs";

const TOKEN = "oauth2.googleapis.com/token";
const USER = "api.github.com/user";
const EMAILS = "api.github.com/user/emails";

/** @param {string} name beginning of the scenarios' names @param {string} cookie the name of the cookie of a state */
export function callbacks(name, cookie) {
  return {
    [`${name}: a sign-up, and a sign-in`]: async (t) => {
      await signIn(t, "google");
      await t.get("/get-session");
      await t.get("/list-accounts");
      await signIn(t, "google", { jar: "b", label: "again" });
    },

    [`${name}: without a state`]: async (t) => {
      await callback(t, "google", {});
      await callback(t, "google", { code: "code-1" });
      await callback(t, "google", { state: "", code: "code-1" }, { label: "an empty state" });
      await callback(t, "google", { error: "access_denied" });
    },

    [`${name}: unknown states`]: async (t) => {
      await begin(t);
      for (const state of ["x", "x".repeat(32), "-_".repeat(16), "reset-password:x", "ä", "%00"])
        await callback(t, "google", { state, code: "code-1" }, { label: `state ${state}` });
    },

    [`${name}: a state without its cookie`]: async (t) => {
      const url = await begin(t);
      await back(t, url, { jar: null, label: "no cookies" });
      await back(t, url, { jar: "another", label: "another browser" });
      await back(t, url, { label: "the right browser" });
    },

    [`${name}: a state with a wrong cookie`]: async (t) => {
      const first = await begin(t);
      const kept = t.jar().get(cookie);
      const second = await begin(t);
      await back(t, first, { label: "the first, with the cookie of the second" });
      await back(t, second, {
        headers: { origin: null, cookie: `${cookie}=${kept}` },
        label: "the second, with the first",
      });
      for (const [label, value] of Object.entries({
        empty: "",
        text: "x",
        unsigned: kept.split(".")[0],
        forged: `${kept}x`,
      }))
        await back(t, second, { jar: null, headers: { origin: null, cookie: `${cookie}=${value}` }, label });
      await back(t, second, { label: "the second" });
    },

    [`${name}: a state used twice`]: async (t) => {
      const url = await begin(t);
      const kept = `${cookie}=${t.jar().get(cookie)}`;
      await back(t, url);
      await back(t, url, { label: "without the cookie" });
      await back(t, url, { jar: null, headers: { origin: null, cookie: kept }, label: "with the cookie" });
    },

    [`${name}: two sign-ins at once`]: async (t) => {
      const urls = [await begin(t, "google", { jar: "a" }), await begin(t, "github", { jar: "b" })];
      await back(t, urls[1], { jar: "b", label: "the second" });
      await back(t, urls[0], { jar: "a", label: "the first" });
    },

    [`${name}: an expired state`]: async (t) => {
      const url = await begin(t);
      await lapseStates(t);
      await back(t, url);
      await back(t, url, { label: "again" });
    },

    [`${name}: errors of the provider`]: async (t) => {
      for (const [error, description] of [
        ["access_denied"],
        ["access_denied", "The user said no"],
        ["a b&c", "ä & é = ?"],
        ["", "only a description"],
        ["<script>", `"quoted"`],
      ]) {
        const url = await begin(t, "google", { label: "begin" });
        const answer = { error, error_description: description, code: undefined };
        await back(t, url, { answer, label: `error ${error} ${description}` });
      }
    },

    [`${name}: an error and a code`]: async (t) => {
      await back(t, await begin(t), { answer: { error: "access_denied" } });
    },

    [`${name}: error pages`]: async (t) => {
      for (const errorCallbackURL of ["/oops", "/oops?a=b", "http://localhost:5173/x?y=z#f", ""]) {
        const url = await begin(t, "google", {
          body: { errorCallbackURL },
          label: `begin, error at ${errorCallbackURL}`,
        });
        await back(t, url, {
          answer: { error: "access_denied", code: undefined },
          label: `error at ${errorCallbackURL}`,
        });
      }
    },

    [`${name}: without a code`]: async (t) => {
      await back(t, await begin(t), { answer: { code: undefined }, label: "none" });
      await back(t, await begin(t), { answer: { code: "" }, label: "empty" });
      await back(t, await begin(t, "google", { body: { errorCallbackURL: "/oops" } }), { answer: { code: undefined } });
    },

    [`${name}: another provider`]: async (t) => {
      const url = await begin(t, "google");
      await callback(t, "unknown", { state: stateOf(url), code: "code-1" }, { label: "unknown" });
      const other = await begin(t, "google");
      await callback(t, "github", { state: stateOf(other), code: "code-1" }, { label: "a code of another" });
    },

    [`${name}: a wrong code`]: async (t) => {
      await back(t, await begin(t), { answer: { code: "code-x" }, label: "unknown" });
      const url = await begin(t, "google", { body: { errorCallbackURL: "/oops" } });
      await back(t, url, { answer: { code: "code-x" }, label: "with an error page" });
      await back(t, await begin(t, "github"), { answer: { code: "code-x" }, label: "at GitHub" });
    },

    [`${name}: a code of another sign-in`]: async (t) => {
      t.provider.authorize(await begin(t, "google", { jar: "victim" }));
      await back(t, await begin(t), { answer: { code: "code-1" } });
    },

    [`${name}: a token endpoint that fails`]: async (t) => {
      for (const [label, change] of Object.entries({
        500: (answer) => ({ ...answer, status: 500, body: { error: "server_error" } }),
        "no answer": () => null,
        "no JSON": (answer) => ({ ...answer, headers: { "content-type": "text/html" }, body: "<html>" }),
        "an error with status 200": (answer) => ({ ...answer, body: { error: "bad_verification_code" } }),
        "no tokens": (answer) => ({ ...answer, body: {} }),
        null: (answer) => ({ ...answer, body: null }),
      })) {
        for (const [provider, place] of [
          ["google", TOKEN],
          ["github", "github.com/login/oauth/access_token"],
        ]) {
          t.provider.change(place, change);
          await back(t, await begin(t, provider, { label: "begin" }), { label: `${provider}: ${label}` });
        }
      }
    },

    [`${name}: a token endpoint that redirects`]: async (t) => {
      t.provider.change(TOKEN, (answer) => ({
        ...answer,
        status: 307,
        headers: { location: "/oauth2.googleapis.com/other" },
      }));
      await signIn(t);
    },

    [`${name}: a user document that fails`]: async (t) => {
      for (const status of [401, 403, 404, 500]) {
        fail(t, USER, status);
        await signIn(t, "github", { label: `status ${status}` });
      }
      t.provider.change(USER, () => null);
      await signIn(t, "github", { label: "no answer" });
    },

    [`${name}: a list of addresses that fails`]: async (t) => {
      fail(t, EMAILS, 403);
      await signIn(t, "github");
    },

    [`${name}: no id token`]: async (t) => {
      answerWith(t, TOKEN, { id_token: undefined });
      await signIn(t);
    },

    [`${name}: no address`]: async (t) => {
      t.provider.become({ email: undefined });
      await signIn(t);
      await signIn(t, "discord", { body: { errorCallbackURL: "/oops" }, label: "with an error page" });
    },

    [`${name}: answers with more than is needed`]: async (t) => {
      const answer = {
        scope: "email profile",
        authuser: "0",
        hd: "example.com",
        prompt: "consent",
        iss: "https://accounts.google.com",
      };
      await signIn(t, "google", { answer });
    },
  };
}
