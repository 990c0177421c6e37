import { beginLink, BODY, signIn } from "../support/generic-oauth.mjs";
import { requestChecks, session } from "../support/guards.mjs";
import { FOREIGN, TRUSTED, to } from "../support/redirects.mjs";
import { back, beginLink as beginSocialLink } from "../support/social.mjs";

export const profile = "generic";

const ROUTE = "/oauth2/link";
const WRONG = {
  providerId: [undefined, null, 1, ""],
  callbackURL: [undefined, null, 1, ""],
  errorCallbackURL: [null, 1],
  scopes: [null, "a", [1]],
  newUserCallbackURL: [null],
  additionalData: ["x"],
};

export default {
  ...requestChecks(ROUTE, BODY),
  ...session("POST", ROUTE, BODY),

  "generic oauth link: members of wrong types": async (t) => {
    await t.signUp();
    for (const [name, values] of Object.entries(WRONG))
      for (const value of values)
        await t.post(ROUTE, { ...BODY, [name]: value }, { label: `${name} ${JSON.stringify(value)}` });
  },

  "generic oauth link: authorization urls": async (t) => {
    await t.signUp();
    for (const id of ["discovered", "plain", "strict", "issuer", "options", "mute"]) {
      await beginLink(t, id, { label: id });
      await beginLink(t, id, { body: { scopes: ["one"] }, label: `${id}, scopes` });
      await beginSocialLink(t, id, { label: `${id}, by the other route` });
    }
    await t.post(ROUTE, { ...BODY, providerId: "unknown" });
    await t.post(ROUTE, { ...BODY, providerId: "google" });
  },

  "generic oauth link: trusted and untrusted urls": async (t) => {
    await t.signUp();
    for (const place of [...TRUSTED, ...FOREIGN])
      for (const name of ["callbackURL", "errorCallbackURL"])
        await t.post(ROUTE, { ...BODY, [name]: place }, { label: `${name} ${to(place)}` });
  },

  "generic oauth link: an account": async (t) => {
    await t.signUp();
    await back(t, await beginLink(t));
    await t.get("/list-accounts");
    await back(t, await beginLink(t), { label: "again" });
    await signIn(t, "plain", { jar: "b", label: "a sign-in" });
  },

  "generic oauth link: an account by the other route": async (t) => {
    await t.signUp();
    await back(t, await beginSocialLink(t, "plain"));
    await t.get("/list-accounts");
  },

  "generic oauth link: an account that is not verified": async (t) => {
    await t.signUp();
    t.provider.become({ isVerified: false });
    await back(t, await beginLink(t), { label: "its own route" });
    await back(t, await beginSocialLink(t, "issuer"), { label: "by the other route" });
  },

  "generic oauth link: another address": async (t) => {
    await t.signUp();
    t.provider.become({ email: "other@example.com" });
    await back(t, await beginLink(t, "plain", { body: { errorCallbackURL: "/oops" } }));
    t.provider.become({ email: "ADA@example.com" });
    await back(t, await beginLink(t), { label: "in capitals" });
  },

  "generic oauth link: an account of another user": async (t) => {
    await signIn(t, "plain", { jar: "owner", label: "the owner" });
    await t.signUp("bob");
    t.provider.become({ email: "bob@example.com" });
    await back(t, await beginLink(t, "plain", { body: { errorCallbackURL: "/oops" } }));
    await back(t, await beginLink(t, "issuer"), { label: "the same id at another provider" });
    await t.get("/list-accounts");
  },

  "generic oauth link: another user comes back": async (t) => {
    await t.signUp();
    const url = await beginLink(t);
    await t.post("/sign-out");
    await t.signUp("bob");
    await back(t, url);
    await t.get("/list-accounts");
  },

  "generic oauth link: unlinked": async (t) => {
    await t.signUp();
    await back(t, await beginLink(t));
    await t.post("/unlink-account", { providerId: "plain" });
    await t.get("/list-accounts");
  },
};
