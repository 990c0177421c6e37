import { IDS } from "../profiles/social.mjs";
import { requestChecks } from "../support/guards.mjs";
import { FOREIGN, TRUSTED, to } from "../support/redirects.mjs";
import { BODY, back, begin } from "../support/social.mjs";

export const profile = "social";

const ROUTE = "/sign-in/social";
/** Values of a wrong type for each member. */
const WRONG = {
  provider: [undefined, null, 1, true, [], {}, ""],
  callbackURL: [null, 1, true, [], {}],
  newUserCallbackURL: [null, 1, []],
  errorCallbackURL: [null, 1, []],
  disableRedirect: [null, "true", 1, []],
  scopes: [null, "email", 1, {}, [1], [null], ["a", 1]],
  requestSignUp: [null, "true", 1],
  loginHint: [null, 1, []],
  additionalData: [null, "x", 1, [], ["a"]],
  idToken: [null, "x", 1, [], {}, { token: 1 }, { token: null }],
};
const WRONG_ID_TOKEN = {
  nonce: [null, 1, {}],
  accessToken: [null, 1],
  refreshToken: [null, 1],
  expiresAt: [null, "1", true],
};

export default {
  ...requestChecks(ROUTE, BODY),

  "social: members of wrong types": async (t) => {
    for (const [name, values] of Object.entries(WRONG))
      for (const value of values)
        await t.post(ROUTE, { ...BODY, [name]: value }, { label: `${name} ${JSON.stringify(value)}` });
  },

  "social: members of an id token of wrong types": async (t) => {
    for (const [name, values] of Object.entries(WRONG_ID_TOKEN))
      for (const value of values)
        await t.post(
          ROUTE,
          { ...BODY, idToken: { token: "x", [name]: value } },
          { label: `${name} ${JSON.stringify(value)}` },
        );
  },

  "social: several members of wrong types": async (t) => {
    await t.post(ROUTE, { provider: 1, callbackURL: 1, scopes: [1, 2], idToken: {}, other: 1 });
    await t.post(ROUTE, {});
  },

  "social: unknown providers": async (t) => {
    for (const provider of ["unknown", "Google", "google ", "credential", "__proto__", "ä"])
      await t.post(ROUTE, { ...BODY, provider }, { label: `provider ${provider}` });
    await t.post(ROUTE, { ...BODY, provider: "unknown", idToken: { token: "x" } }, { label: "with an id token" });
  },

  "social: form bodies": async (t) => {
    await t.call("POST", ROUTE, { form: BODY });
  },

  ...Object.fromEntries(
    IDS.map((id) => [
      `social: the authorization url of ${id}`,
      async (t) => {
        await begin(t, id, { label: "default" });
        const body = { scopes: ["one", "two:x y"], loginHint: "ada+x@example.com" };
        await begin(t, id, { body, label: "scopes and a hint" });
        await begin(t, id, { body: { scopes: [] }, label: "no scopes" });
      },
    ]),
  ),

  "social: without a redirect": async (t) => {
    await begin(t, "google", { body: { disableRedirect: true }, label: "disabled" });
    await begin(t, "google", { body: { disableRedirect: false }, label: "enabled" });
    await begin(t, "discord", { body: { disableRedirect: true }, label: "at Discord" });
  },

  "social: without a callback": async (t) => {
    const url = await begin(t, "google", { body: { callbackURL: undefined } });
    await back(t, url);
    await back(t, await begin(t, "google", { body: { callbackURL: "" }, label: "empty" }));
  },

  "social: additional data": async (t) => {
    const data = {
      invitedBy: "bob",
      nested: { list: [1, "two", null, true], ä: "🔑" },
      callbackURL: "/evil",
      codeVerifier: "x",
      errorURL: "https://evil.test",
      newUserURL: "https://evil.test",
      link: { userId: "x", email: "bob@example.com" },
      expiresAt: 1,
      requestSignUp: true,
      oauthState: "x",
    };
    await back(t, await begin(t, "google", { body: { additionalData: data } }));
  },

  "social: additional data of no user": async (t) => {
    for (const additionalData of [
      {},
      { a: "x".repeat(3000) },
      { link: null },
      { "": 1 },
      { __proto__: 1 },
      { 2: "b", 1: "a" },
    ])
      await begin(t, "google", {
        body: { additionalData },
        label: `data ${JSON.stringify(additionalData).slice(0, 20)}`,
      });
  },

  "social: all urls in the state": async (t) => {
    const body = { newUserCallbackURL: "/new?a=b", errorCallbackURL: "http://localhost:5173/e", requestSignUp: true };
    await begin(t, "google", { body });
    await begin(t, "google", { body: { requestSignUp: false }, label: "no sign-up requested" });
  },

  "social: trusted urls": async (t) => {
    for (const place of TRUSTED)
      for (const name of ["callbackURL", "errorCallbackURL", "newUserCallbackURL"])
        await begin(t, "google", { body: { [name]: place }, label: `${name} ${to(place)}` });
  },

  "social: untrusted urls": async (t) => {
    for (const place of FOREIGN)
      for (const name of ["callbackURL", "errorCallbackURL", "newUserCallbackURL"])
        await t.post(ROUTE, { ...BODY, [name]: place }, { label: `${name} ${to(place)}` });
  },

  "social: urls in the query": async (t) => {
    for (const name of ["callbackURL", "errorCallbackURL", "newUserCallbackURL", "redirectTo", "currentURL"])
      await t.post(`${ROUTE}?${name}=${encodeURIComponent("https://evil.test")}`, BODY);
  },

  "social: returning to a trusted url": async (t) => {
    for (const place of TRUSTED) {
      const url = await begin(t, "google", { body: { callbackURL: place }, label: "begin" });
      await back(t, url, { label: to(place) });
    }
  },

  "social: from a foreign page": async (t) => {
    await t.post(ROUTE, BODY, { headers: { origin: "https://evil.test" }, label: "without cookies" });
    const navigation = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    await t.post(ROUTE, BODY, { headers: { origin: "https://evil.test", ...navigation }, label: "a form" });
    await t.call("POST", ROUTE, {
      form: BODY,
      headers: { origin: "https://evil.test", ...navigation },
      label: "a real form",
    });
  },

  "social: while signed in": async (t) => {
    await t.signUp();
    await begin(t);
  },

  "social: many at once": async (t) => {
    for (const provider of ["google", "google", "github"]) await begin(t, provider);
  },
};
