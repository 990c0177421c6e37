import { requestChecks } from "../support/guards.mjs";
import { BODY, begin, callback, genericCallbacks, signIn } from "../support/generic-oauth.mjs";
import { FOREIGN, TRUSTED, to } from "../support/redirects.mjs";
import { STATE, back, signIn as signInSocial } from "../support/social.mjs";

export const profile = "generic";

const ROUTE = "/sign-in/oauth2";
const WRONG = {
  providerId: [undefined, null, 1, [], ""],
  callbackURL: [null, 1],
  errorCallbackURL: [null, 1],
  newUserCallbackURL: [null, 1],
  disableRedirect: [null, "true"],
  scopes: [null, "a", [1]],
  requestSignUp: [null, "true"],
  additionalData: [null, "x", []],
};
const IDS = ["discovered", "plain", "strict", "issuer", "options", "closed", "requested", "mute"];

export default {
  ...requestChecks(ROUTE, BODY),
  ...genericCallbacks("generic oauth", STATE),

  "generic oauth: members of wrong types": async (t) => {
    for (const [name, values] of Object.entries(WRONG))
      for (const value of values)
        await t.post(ROUTE, { ...BODY, [name]: value }, { label: `${name} ${JSON.stringify(value)}` });
  },

  "generic oauth: unknown providers": async (t) => {
    for (const providerId of ["unknown", "google", "Plain", "a b-c", "__proto__"])
      await t.post(ROUTE, { ...BODY, providerId }, { label: `provider ${providerId}` });
  },

  ...Object.fromEntries(
    IDS.map((id) => [
      `generic oauth: the authorization url of ${id}`,
      async (t) => {
        await begin(t, id, { label: "default" });
        await begin(t, id, { body: { scopes: ["one", "two x"], disableRedirect: true }, label: "scopes" });
        await begin(t, id, { body: { scopes: [] }, label: "no scopes" });
        await t.post(
          "/sign-in/social",
          { provider: id, callbackURL: "/welcome", scopes: ["one"] },
          { label: "by the other route" },
        );
      },
    ]),
  ),

  "generic oauth: the state": async (t) => {
    const additionalData = { a: 1, callbackURL: "/evil", link: { userId: "x", email: "x" } };
    const body = { errorCallbackURL: "/oops", newUserCallbackURL: "/new", requestSignUp: true, additionalData };
    await begin(t, "plain", { body });
    await begin(t, "plain", { body: { callbackURL: undefined }, label: "without a callback" });
  },

  "generic oauth: trusted and untrusted urls": async (t) => {
    for (const place of [...TRUSTED, ...FOREIGN])
      for (const name of ["callbackURL", "errorCallbackURL", "newUserCallbackURL"])
        await t.post(ROUTE, { ...BODY, [name]: place }, { label: `${name} ${to(place)}` });
  },

  "generic oauth: from a foreign page": async (t) => {
    await t.post(ROUTE, BODY, { headers: { origin: "https://evil.test" } });
  },

  ...Object.fromEntries(
    IDS.map((id) => [
      `generic oauth: users of ${id}`,
      async (t) => {
        const issuers = { strict: "https://idp.test", issuer: "https://plain.test" };
        const answer = issuers[id] && { iss: issuers[id] };
        await signIn(t, id, { answer, body: { newUserCallbackURL: "/new" }, label: "new" });
        await signIn(t, id, { answer, jar: "b", label: "again" });
        t.provider.become({ name: "New Name", email: "new@example.com", isVerified: false });
        await signIn(t, id, { answer, jar: "b", label: "with another name" });
        await t.get("/account-info?accountId=4711", { jar: "b" });
        await t.post("/get-access-token", { providerId: id }, { jar: "b" });
        await t.post("/refresh-token", { providerId: id }, { jar: "b" });
      },
    ]),
  ),

  "generic oauth: a sign-in by the other route": async (t) => {
    await signInSocial(t, "plain");
    await signInSocial(t, "discovered", { jar: "b", label: "discovered" });
    await signInSocial(t, "strict", { jar: "c", answer: { iss: "https://idp.test" }, label: "strict" });
  },

  "generic oauth: issuers": async (t) => {
    for (const [id, issuer] of [
      ["strict", undefined],
      ["strict", ""],
      ["strict", "https://evil.test"],
      ["strict", "https://idp.test/"],
      ["issuer", undefined],
      ["issuer", "https://evil.test"],
      ["issuer", "https://plain.test"],
      ["discovered", "https://evil.test"],
      ["discovered", "https://idp.test"],
      ["plain", "https://evil.test"],
    ])
      await signIn(t, id, { answer: { iss: issuer }, body: { errorCallbackURL: "/oops" }, label: `${id}: ${issuer}` });
  },

  "generic oauth: id tokens": async (t) => {
    for (const [label, changes, options] of [
      ["another issuer", { iss: "https://evil.test" }],
      ["another client", { aud: "other" }],
      ["expired", { exp: 1 }],
      ["forged", {}, { isForged: true }],
      ["unsigned", {}, { algorithm: "none" }],
      ["no address", { email: undefined }],
      ["no id", { sub: undefined }],
      ["another user than the document", { sub: "4712", email: undefined }],
    ]) {
      await t.sql(`delete from "user"`);
      const id_token = t.provider.idToken("idp.test", { aud: "generic-id", ...changes }, options);
      t.provider.change("idp.test/token", (answer) => ({ ...answer, body: { ...answer.body, id_token } }));
      await signIn(t, "discovered", { label });
    }
  },

  "generic oauth: an id token that is none": async (t) => {
    for (const id_token of ["x", "a.b.c", null, ""]) {
      await t.sql(`delete from "user"`);
      t.provider.change("idp.test/token", (answer) => ({ ...answer, body: { ...answer.body, id_token } }));
      await signIn(t, "discovered", { label: `id token ${JSON.stringify(id_token)}` });
    }
  },

  "generic oauth: a user with the same address": async (t) => {
    await t.signUp();
    await t.sql(`update "user" set "emailVerified" = true`);
    await signIn(t, "plain", { jar: "b", label: "verified" });
    t.provider.become({ isVerified: false, id: "4712" });
    await signIn(t, "issuer", { jar: "c", label: "unverified" });
  },

  "generic oauth: an unverified user with the same address": async (t) => {
    await t.signUp();
    await signIn(t, "plain", { jar: "b" });
  },

  "generic oauth: sign-up": async (t) => {
    const body = { requestSignUp: true, errorCallbackURL: "/oops" };
    await signIn(t, "closed", { label: "closed" });
    await signIn(t, "closed", { body, label: "closed, requested" });
    await signIn(t, "requested", { label: "not requested" });
    await signIn(t, "requested", { body, label: "requested" });
    await signIn(t, "requested", { jar: "b", label: "known" });
  },

  "generic oauth: repeated parameters": async (t) => {
    const url = new URL(t.provider.authorize(await begin(t)));
    for (const name of ["code", "state", "error", "iss"])
      await t.get(`/oauth2/callback/plain${url.search}&${name}=x&${name}=y`, {
        headers: { origin: null },
        label: `${name} twice`,
      });
  },

  "generic oauth: methods and paths": async (t) => {
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"]) await t.call(method, "/oauth2/callback/plain");
    for (const path of ["/oauth2/callback", "/oauth2/callback/plain/", "/oauth2/callback/plain/more"])
      await t.get(path, { headers: { origin: null } });
    await callback(t, "plain", { code: "x", state: "y", other: "z" }, { label: "another parameter" });
  },

  "generic oauth: an id token of the client": async (t) => {
    await t.post("/sign-in/social", { provider: "plain", idToken: { token: "a.b.c" } });
  },

  "generic oauth: a discovery document that is missing": async (t) => {
    await t.post(ROUTE, { ...BODY, providerId: "undiscovered" });
    await t.post("/sign-in/social", { provider: "undiscovered" });
    await callback(t, "undiscovered", { code: "x", state: "y" }, { label: "the callback" });
    await t.signUp();
    await t.post("/oauth2/link", { ...BODY, providerId: "undiscovered" });
    await t.post("/link-social", { provider: "undiscovered" });
  },

  "generic oauth: a callback with a query": async (t) => {
    await back(t, await begin(t, "plain", { body: { callbackURL: "/welcome?a=b&c=d" } }));
  },
};
