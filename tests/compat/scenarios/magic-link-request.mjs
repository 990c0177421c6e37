// Requests for sign-in links.
import { requestChecks } from "../support/guards.mjs";
import { ADA, askLink } from "../support/proven-addresses.mjs";
import { FOREIGN, TRUSTED } from "../support/redirects.mjs";

const ROUTE = "/sign-in/magic-link";
const PLACES = ["callbackURL", "newUserCallbackURL", "errorCallbackURL"];

export const profile = "magic-link";

/** Posts each body with a label. Messages are counted in the end. */
async function each(t, bodies) {
  for (const [label, body] of Object.entries(bodies)) await t.post(ROUTE, body, { jar: null, label });
}

export default {
  ...requestChecks(ROUTE, { email: ADA }),

  "ask for a magic link: the link": async (t) => {
    await askLink(t, {}, { label: "plain" });
    await askLink(t, { callbackURL: "/home" });
    await askLink(t, { callbackURL: "" }, { label: "an empty callback" });
    await askLink(t, { newUserCallbackURL: "/welcome" });
    await askLink(t, { errorCallbackURL: "/oops" });
    await askLink(t, { callbackURL: "/a?b=c&d=e", newUserCallbackURL: "/b?c=%20", errorCallbackURL: "/c?token=x" });
    await askLink(t, { callbackURL: "http://localhost:5173/x", newUserCallbackURL: "", errorCallbackURL: "" });
  },

  "ask for a magic link: of a user and of no user": async (t) => {
    await t.signUp();
    await askLink(t, {}, { jar: null, label: "a user" });
    await askLink(t, {}, { jar: null, to: "eve@example.com", label: "no user" });
    await askLink(t, {}, { label: "with a session" });
    await askLink(t, {}, { to: "eve@example.com", label: "another address with a session" });
  },

  "ask for a magic link: addresses": (t) =>
    each(t, {
      none: {},
      null: { email: null },
      number: { email: 1 },
      array: { email: [ADA] },
      empty: { email: "" },
      blank: { email: " " },
      "no at": { email: "ada" },
      "no domain": { email: "ada@" },
      "no dot": { email: "ada@localhost" },
      "two at": { email: "ada@b@example.com" },
      "spaces around": { email: ` ${ADA} ` },
      "with a name": { email: `Ada <${ADA}>` },
      "two addresses": { email: `${ADA}, bob@example.com` },
      "a line break": { email: `${ADA}\r\nbcc: eve@example.com` },
      "beyond ascii": { email: "ädä@example.com" },
      nul: { email: "ada\0@example.com" },
    }),

  "ask for a magic link: an address in capitals": async (t) => {
    await t.signUp();
    await t.post(ROUTE, { email: "ADA@Example.COM" }, { jar: null });
    await t.message("ADA@Example.COM");
  },

  "ask for a magic link: names of wrong types": (t) =>
    each(t, {
      null: { email: ADA, name: null },
      number: { email: ADA, name: 1 },
      array: { email: ADA, name: ["a"] },
      object: { email: ADA, name: { a: 1 } },
    }),

  "ask for a magic link: callbacks of wrong types": async (t) => {
    for (const place of PLACES)
      for (const value of [null, 1, true, ["/a"], { a: 1 }])
        await t.post(ROUTE, { email: ADA, [place]: value }, { jar: null, label: `${place} ${JSON.stringify(value)}` });
  },

  "ask for a magic link: several problems": (t) =>
    each(t, {
      "everything of a wrong type": { email: 1, name: 2, callbackURL: 3, newUserCallbackURL: 4, errorCallbackURL: 5 },
      "no address, foreign callback": { callbackURL: "https://evil.test" },
      "invalid address, foreign callback": { email: "x", callbackURL: "https://evil.test" },
      "foreign pages of each kind": {
        email: ADA,
        callbackURL: "https://evil.test",
        newUserCallbackURL: "https://evil.test",
        errorCallbackURL: "https://evil.test",
      },
      "foreign pages but the first": {
        email: ADA,
        newUserCallbackURL: "https://evil.test",
        errorCallbackURL: "https://evil.test",
      },
      "other members": { email: ADA, token: "x", redirectTo: "https://evil.test", type: "sign-in", rememberMe: "x" },
    }),

  ...Object.fromEntries(
    PLACES.flatMap((place) => [
      [
        `ask for a magic link: trusted ${place}`,
        async (t) => {
          for (const value of TRUSTED) await t.post(ROUTE, { email: ADA, [place]: value }, { label: value });
        },
      ],
      [
        `ask for a magic link: untrusted ${place}`,
        async (t) => {
          for (const value of FOREIGN)
            await t.post(ROUTE, { email: ADA, [place]: value }, { label: JSON.stringify(value) });
        },
      ],
    ]),
  ),

  "ask for a magic link: origins without a cookie": async (t) => {
    for (const [label, headers] of Object.entries({
      own: {},
      trusted: { origin: "https://a.example.com" },
      none: { origin: null },
      "same site": { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" },
    }))
      await t.post(ROUTE, { email: ADA }, { jar: null, headers, label: `origin ${label}` });
  },

  "ask for a magic link: from a foreign page without metadata": async (t) => {
    await t.post(ROUTE, { email: ADA }, { jar: null, headers: { origin: "https://evil.test" } });
  },

  "ask for a magic link: from a foreign page": async (t) => {
    const site = { origin: "https://evil.test", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };
    await t.post(ROUTE, { email: ADA }, { jar: null, headers: { ...site, "sec-fetch-dest": "empty" } });
    const form = { ...site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    await t.post(ROUTE, { email: ADA }, { jar: null, headers: form, label: "navigation" });
  },
};
