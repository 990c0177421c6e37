// The parameters of sign-in links: pages and tokens.
import { ADA, askLink, openLink, provenUser } from "../support/proven-addresses.mjs";
import { FOREIGN, TRUSTED, redirects, to } from "../support/redirects.mjs";

const OPEN = "/magic-link/verify";

export const profile = "magic-link";

/** Forgets the users and the links of the steps before. */
const forget = (t) => t.sql(`with links as (delete from verification) delete from "user"`);

async function link(t) {
  await forget(t);
  await provenUser(t);
  return `${OPEN}?token=${(await askLink(t, {}, { jar: null })).token}`;
}

/** For the pages of new users and of errors: the trusted ones, and the others. */
function pages(name, place, make) {
  return {
    [`open a magic link: trusted ${name}`]: async (t) => {
      for (const url of TRUSTED) {
        const parameters = { token: await make(t), callbackURL: "/home", [place]: url };
        await openLink(t, parameters, { jar: null, label: to(url) });
      }
    },

    [`open a magic link: untrusted ${name}`]: async (t) => {
      const token = await make(t);
      for (const url of FOREIGN)
        await openLink(t, { token, callbackURL: "/home", [place]: url }, { jar: null, label: to(url) });
    },
  };
}

export default {
  ...redirects("open a magic link", link),
  ...pages("page of new users", "newUserCallbackURL", async (t) => {
    await forget(t);
    return (await askLink(t, {}, { jar: null })).token;
  }),
  ...pages("page of errors", "errorCallbackURL", async () => "x"),

  "open a magic link: a callback encoded twice": async (t) => {
    for (const [label, query] of Object.entries({
      "a path": "callbackURL=%252Fhome%253Fa%253Db",
      "a foreign page": "callbackURL=https%253A%252F%252Fevil.test",
      "a foreign page, encoded thrice": "callbackURL=https%25253A%25252F%25252Fevil.test",
      "a percent sign": "callbackURL=%2Fa%2525",
      "a malformed escape": "callbackURL=%2Fa%25",
      "a malformed escape for errors": "callbackURL=%2Fa&errorCallbackURL=%2Fa%25",
      "a malformed escape for new users": "callbackURL=%2Fa&newUserCallbackURL=%2Fa%25zz",
      "a plus sign": "callbackURL=%2Fa%3Fb%3Dc%2Bd",
      "a plus sign of a form": "callbackURL=/a?b=c+d",
    })) {
      await forget(t);
      const { token } = await askLink(t, {}, { jar: null });
      await t.get(`${OPEN}?token=${token}&${query}`, { jar: null, label });
    }
  },

  "open a magic link: invalid tokens": async (t) => {
    const { token } = await askLink(t);
    for (const [label, invalid] of Object.entries({
      empty: "",
      word: "x",
      shorter: token.slice(0, -1),
      longer: `${token}x`,
      "other capitals": token.toLowerCase(),
      "a space behind": `${token}%20`,
      long: "x".repeat(3000),
    }))
      await t.get(`${OPEN}?token=${invalid}&callbackURL=%2Fhome`, { label });
    await t.get(`${OPEN}?token=x`, { label: "without a callback" });
    await t.get(`${OPEN}?token=x&callbackURL=`, { label: "an empty callback" });
    await t.get(`${OPEN}?token=x&callbackURL=%2Fa%3Fb%3Dc%23d`, { label: "a callback with a fragment" });
    await t.get(`${OPEN}?token=x&callbackURL=%2Fa%3Ferror%3Dmine`, { label: "a callback with an error" });
    await t.get(`${OPEN}?token=x&errorCallbackURL=%2Foops`, { label: "only a page of errors" });
    await t.get(`${OPEN}?token=x&callbackURL=%2Fa&errorCallbackURL=%2Foops%3Ferror%3Dmine`, { label: "both" });
    await t.get(`${OPEN}?token=x&newUserCallbackURL=%2Fnew`, { label: "only a page of new users" });
    await openLink(t, { token, callbackURL: "/home" }, { label: "the right one" });
  },

  "open a magic link: a token with NUL": async (t) => {
    await t.get(`${OPEN}?token=%00&callbackURL=%2Fhome`);
  },

  "open a magic link: missing and repeated parameters": async (t) => {
    const { token } = await askLink(t);
    await t.get(OPEN, { label: "nothing" });
    await t.get(`${OPEN}?callbackURL=%2Fhome`, { label: "no token" });
    await t.get(`${OPEN}?callbackURL=https%3A%2F%2Fevil.test`, { label: "no token, foreign callback" });
    await t.get(`${OPEN}?token=${token}&token=x&callbackURL=%2Fhome`, { label: "two tokens" });
    await t.get(`${OPEN}?token=x&errorCallbackURL=%2Fa&errorCallbackURL=%2Fb`, { label: "two pages of errors" });
    await t.get(`${OPEN}?token=x&newUserCallbackURL=%2Fa&newUserCallbackURL=%2Fb`, { label: "two pages of new users" });
    await t.get(`${OPEN}?token=${token}&callbackURL=%2Fhome&more=1`, { label: "another parameter" });
  },

  "open a magic link: which of several untrusted pages is named": async (t) => {
    const evil = "https://evil.test";
    await openLink(t, { token: "x", callbackURL: evil, newUserCallbackURL: evil, errorCallbackURL: evil });
    await openLink(t, { token: "x", newUserCallbackURL: evil, errorCallbackURL: evil }, { label: "two" });
    await openLink(t, { token: "x", callbackURL: "/a", errorCallbackURL: evil }, { label: "the page of errors" });
    await openLink(t, { token: "x", newUserCallbackURL: evil }, { label: "the page of new users" });
  },

  "open a magic link: methods": async (t) => {
    const { token } = await askLink(t);
    for (const method of ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
      await t.call(method, `${OPEN}?token=${token}&callbackURL=%2Fhome`, { label: method });
    await t.get(`${OPEN}/?token=${token}`, { label: "a slash at the end" });
    await t.get(`${OPEN}/${token}`, { label: "the token in the path" });
    await t.call("POST", `${OPEN}?token=${token}&callbackURL=%2Fhome`, { body: {}, label: "POST" });
    await openLink(t, { token, callbackURL: "/home" }, { label: "the right one" });
  },

  "open a magic link: from a foreign page": async (t) => {
    await provenUser(t);
    const { token } = await askLink(t);
    const headers = { origin: "https://evil.test", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    await openLink(t, { token, callbackURL: "/home" }, { headers });
  },

  "open a magic link: tokens of other purposes": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await t.post("/request-password-reset", { email: ADA }, { jar: null, label: "ask for a reset" });
    const reset = await t.message(ADA);
    await openLink(t, { token: reset.token, callbackURL: "/home" }, { label: "of a reset" });
    await openLink(t, { token: `reset-password:${reset.token}`, callbackURL: "/home" }, { label: "with its prefix" });
    const { token } = await askLink(t);
    await t.post("/reset-password", { token, newPassword: "password5678" }, { label: "a reset by the link" });
    await t.get(`/verify-email?token=${token}`, { label: "a verification by the link" });
    await openLink(t, { token, callbackURL: "/home" }, { label: "the link" });
  },
};
