import { IDS } from "../profiles/social.mjs";
import { requestChecks, session } from "../support/guards.mjs";
import { FOREIGN, TRUSTED, to } from "../support/redirects.mjs";
import { links } from "../support/links.mjs";
import { BODY, back, beginLink, lapseStates } from "../support/social.mjs";

export const profile = "social";

const ROUTE = "/link-social";
const WRONG = {
  provider: [undefined, null, 1, [], "", "unknown"],
  callbackURL: [null, 1, []],
  errorCallbackURL: [null, 1, []],
  newUserCallbackURL: [null, 1, []],
  disableRedirect: [null, "true", 1],
  scopes: [null, "email", [1]],
  requestSignUp: [null, "true"],
  loginHint: [null, 1, "x"],
  additionalData: [null, "x", []],
  idToken: [
    null,
    "x",
    {},
    { token: 1 },
    { token: "x", nonce: 1 },
    { token: "x", scopes: "a" },
    { token: "x", scopes: [1] },
  ],
};

export default {
  ...requestChecks(ROUTE, BODY),
  ...session("POST", ROUTE, BODY),
  ...links("social link"),

  "social link: members of wrong types": async (t) => {
    await t.signUp();
    for (const [name, values] of Object.entries(WRONG))
      for (const value of values)
        await t.post(ROUTE, { ...BODY, [name]: value }, { label: `${name} ${JSON.stringify(value)}` });
    await t.post(ROUTE, { provider: 1 }, { jar: null, label: "without a session" });
  },

  "social link: authorization urls": async (t) => {
    await t.signUp();
    for (const id of IDS) await beginLink(t, id, { body: { scopes: ["one"] }, label: id });
  },

  "social link: the state": async (t) => {
    await t.signUp();
    const body = {
      errorCallbackURL: "/oops",
      newUserCallbackURL: "/new",
      requestSignUp: true,
      loginHint: "ada",
      additionalData: { a: 1, link: { userId: "x", email: "evil@example.com" } },
    };
    await beginLink(t, "google", { body, label: "everything" });
    await beginLink(t, "google", { body: { callbackURL: undefined }, label: "nothing" });
    await beginLink(t, "google", { body: { disableRedirect: true }, label: "without a redirect" });
  },

  "social link: trusted and untrusted urls": async (t) => {
    await t.signUp();
    for (const place of [...TRUSTED, ...FOREIGN])
      for (const name of ["callbackURL", "errorCallbackURL"])
        await t.post(ROUTE, { ...BODY, [name]: place }, { label: `${name} ${to(place)}` });
  },

  "social link: another user comes back": async (t) => {
    await t.signUp();
    const url = await beginLink(t);
    await t.post("/sign-out");
    await t.signUp("bob");
    await back(t, url);
    await t.get("/list-accounts");
  },

  "social link: the user is signed out in the meantime": async (t) => {
    await t.signUp();
    const url = await beginLink(t);
    await t.post("/sign-out");
    await back(t, url);
    await t.signIn();
    await t.get("/list-accounts");
  },

  "social link: in another browser": async (t) => {
    await t.signUp();
    const url = await beginLink(t);
    await back(t, url, { jar: "b" });
    await back(t, url, { jar: null, label: "without cookies" });
  },

  "social link: the user is deleted": async (t) => {
    await t.signUp();
    const url = await beginLink(t);
    await t.sql(`delete from "user"`);
    await back(t, url);
  },

  "social link: the address changes": async (t) => {
    await t.signUp();
    const url = await beginLink(t);
    await t.sql(`update "user" set email = 'new@example.com'`);
    await back(t, url);
  },

  "social link: errors on the way": async (t) => {
    await t.signUp();
    const body = { errorCallbackURL: "/oops" };
    await back(t, await beginLink(t, "google", { body }), { answer: { error: "access_denied" }, label: "denied" });
    await back(t, await beginLink(t, "google", { body }), { answer: { code: undefined }, label: "no code" });
    await back(t, await beginLink(t, "google", { body }), { answer: { code: "x" }, label: "a wrong code" });
    const url = await beginLink(t, "google", { body });
    await lapseStates(t);
    await back(t, url, { label: "too late" });
  },

  "social link: tokens that cannot be stored": async (t) => {
    await t.signUp();
    const idToken = { token: t.provider.idToken("google"), accessToken: "a\u0000b" };
    await t.post("/link-social", { provider: "google", idToken });
  },

  "social link: an account that never had tokens": async (t) => {
    await t.signUp();
    await t.sql(`insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
      select 'a', '4711', 'google', id, now(), now() from "user"`);
    await back(t, await beginLink(t, "google"));
  },

  "social link: the picture of Microsoft and the form of Apple": async (t) => {
    await t.signUp();
    await back(t, await beginLink(t, "microsoft"), { label: "Microsoft" });
    await back(t, await beginLink(t, "apple"), { label: "Apple" });
    await t.get("/get-session");
  },
};
