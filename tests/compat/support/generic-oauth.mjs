// Steps and scenarios for providers that a deployment describes itself, for each place in which a state is stored.
import { answerWith, back, fail, lapseStates } from "./social.mjs";

const TOKEN = "plain.test/token";
const USER = "plain.test/userinfo";
export const BODY = { providerId: "plain", callbackURL: "/welcome" };

/** Begins a sign-in; returns the authorization URL. */
export async function begin(t, providerId = "plain", { body, ...options } = {}) {
  const answer = await t.post("/sign-in/oauth2", { ...BODY, providerId, ...body }, options);
  return answer.json().url;
}

/** Begins the linking of an account; returns the authorization URL. */
export async function beginLink(t, providerId = "plain", { body, ...options } = {}) {
  const answer = await t.post("/oauth2/link", { ...BODY, providerId, ...body }, options);
  return answer.json().url;
}

/** Signs in, from the start to the return. */
export async function signIn(t, providerId = "plain", { body, answer, label, ...options } = {}) {
  const url = await begin(t, providerId, { body, label: label && `${label}, begun`, ...options });
  return back(t, url, { answer, label, ...options });
}

/** Opens the callback of a provider with this query. */
export function callback(t, providerId, query, options) {
  return t.get(`/oauth2/callback/${providerId}?${new URLSearchParams(query)}`, {
    headers: { origin: null },
    ...options,
  });
}

/** @param {string} name beginning of the scenarios' names @param {string} cookie the name of the cookie of a state */
export function genericCallbacks(name, cookie) {
  return {
    [`${name}: a sign-up, and a sign-in`]: async (t) => {
      const body = { newUserCallbackURL: "/new" };
      await signIn(t, "plain", { body });
      await t.get("/get-session");
      await t.get("/list-accounts");
      await signIn(t, "plain", { body, jar: "b", label: "again" });
    },

    [`${name}: without a state or a code`]: async (t) => {
      await callback(t, "plain", {}, { label: "nothing" });
      await callback(t, "plain", { code: "x" }, { label: "no state" });
      await callback(t, "plain", { state: "x" }, { label: "no code" });
      await callback(t, "plain", { code: "x", state: "x".repeat(32) }, { label: "an unknown state" });
      await callback(t, "plain", { code: "", state: "" }, { label: "empty" });
    },

    [`${name}: errors of the provider`]: async (t) => {
      for (const [error, description] of [
        ["access_denied"],
        ["access_denied", "The user said no"],
        ["a b&c", "ä & é = ?"],
        ["<script>", "#"],
      ]) {
        const url = await begin(t, "plain", { body: { errorCallbackURL: "/oops" }, label: "begin" });
        const answer = { error, error_description: description, code: undefined };
        await back(t, url, { answer, label: `error ${error} ${description}` });
      }
    },

    [`${name}: an error and a code`]: async (t) => {
      await back(t, await begin(t), { answer: { error: "access_denied" } });
    },

    [`${name}: another browser`]: async (t) => {
      const url = await begin(t);
      await back(t, url, { jar: null, label: "no cookies" });
      await back(t, url, { headers: { origin: null, cookie: `${cookie}=x` }, jar: null, label: "a wrong cookie" });
      await back(t, url, { label: "the right browser" });
      await back(t, url, { label: "again" });
    },

    [`${name}: an expired state`]: async (t) => {
      const url = await begin(t);
      await lapseStates(t);
      await back(t, url);
    },

    [`${name}: a wrong code`]: async (t) => {
      await back(t, await begin(t), { answer: { code: "x" } });
      const url = await begin(t, "plain", { body: { errorCallbackURL: "/oops?a=b" } });
      await back(t, url, { answer: { code: "x" }, label: "with an error page" });
    },

    [`${name}: endpoints that fail`]: async (t) => {
      for (const place of [TOKEN, USER]) {
        for (const [label, change] of Object.entries({
          500: (answer) => ({ ...answer, status: 500, body: { error: "server_error" } }),
          "no answer": () => null,
          "no JSON": (answer) => ({ ...answer, body: "<html>", headers: { "content-type": "text/html" } }),
          null: (answer) => ({ ...answer, body: null }),
          empty: (answer) => ({ ...answer, body: {} }),
        })) {
          t.provider.change(place, change);
          await signIn(t, "plain", { label: `${place}: ${label}` });
        }
        t.provider.change(place, (answer) => answer);
      }
    },

    [`${name}: users without parts`]: async (t) => {
      for (const [label, changes] of Object.entries({
        "no address": { email: undefined },
        "an empty address": { email: "" },
        "no name": { name: undefined },
        "an empty name": { name: "" },
        "no id": { sub: undefined },
        "an empty id": { sub: "" },
        "a number as id": { sub: 4711 },
        "an id of another kind": { id: "4713" },
        "not known whether verified": { email_verified: undefined },
        "verified as a text": { email_verified: "true" },
        "no picture": { picture: undefined },
      })) {
        await t.sql(`delete from "user"`);
        t.provider.change(USER, (answer) => ({ ...answer, body: { ...answer.body, ...changes } }));
        await signIn(t, "plain", { body: { errorCallbackURL: "/oops" }, label });
      }
    },

    [`${name}: the callback of a built-in provider`]: async (t) => {
      const url = new URL(t.provider.authorize(await begin(t)));
      await t.get(`/callback/plain${url.search}`, { headers: { origin: null }, label: "back" });
    },

    [`${name}: an unknown provider`]: async (t) => {
      const url = new URL(t.provider.authorize(await begin(t)));
      for (const id of ["unknown", "google", ""])
        await t.get(`/oauth2/callback/${id}${url.search}`, { headers: { origin: null }, label: `provider ${id}` });
    },

    [`${name}: another provider's state`]: async (t) => {
      const url = new URL(t.provider.authorize(await begin(t, "plain")));
      await t.get(`/oauth2/callback/issuer${url.search}`, { headers: { origin: null }, label: "back" });
    },

    [`${name}: tokens`]: async (t) => {
      for (const [label, changes] of Object.entries({
        "no scope": { scope: undefined },
        "no refresh token": { refresh_token: undefined },
        "a lifetime of the refresh token": { refresh_token_expires_in: 7200 },
        "no access token": { access_token: undefined },
        "an id token of this client": { id_token: t.provider.idToken("idp.test", { aud: "generic-id" }) },
      })) {
        await t.sql(`delete from "user"`);
        answerWith(t, TOKEN, changes);
        await signIn(t, "plain", { label });
      }
    },

    [`${name}: a user document that is denied`]: async (t) => {
      fail(t, USER, 401);
      await signIn(t);
    },
  };
}
