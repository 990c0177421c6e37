// Requests for codes by mail.
import { requestChecks } from "../support/guards.mjs";
import { ADA, askCode } from "../support/proven-addresses.mjs";

const SEND = "/email-otp/send-verification-otp";
const TYPES = ["email-verification", "sign-in", "forget-password"];

export const profile = "email-otp";

async function each(t, route, bodies) {
  for (const [label, body] of Object.entries(bodies)) await t.post(route, body, { jar: null, label });
}

export default {
  ...requestChecks(SEND, { email: ADA, type: "sign-in" }),

  "ask for a code: of every type": async (t) => {
    await t.signUp();
    for (const type of TYPES) await askCode(t, type);
    for (const type of TYPES) await askCode(t, type, { jar: null, label: `${type} without a session` });
  },

  "ask for a code: of no user": async (t) => {
    for (const type of TYPES) await t.post(SEND, { email: ADA, type }, { label: type });
  },

  "ask for a code: of a user with a verified address": async (t) => {
    await t.signUp();
    await t.sql(`update "user" set "emailVerified" = true`);
    for (const type of TYPES) await askCode(t, type);
  },

  "ask for a code: addresses": (t) => {
    const bodies = {
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
      "a line break": { email: `${ADA}\r\nbcc: eve@example.com` },
      "beyond ascii": { email: "ädä@example.com" },
      nul: { email: "ada\0@example.com" },
    };
    const typed = Object.entries(bodies).map(([label, body]) => [label, { ...body, type: "sign-in" }]);
    return each(t, SEND, Object.fromEntries(typed));
  },

  "ask for a code: an address in capitals": async (t) => {
    await t.signUp();
    await t.post(SEND, { email: "ADA@Example.COM", type: "sign-in" });
    await t.message(ADA);
  },

  "ask for a code: types": (t) =>
    each(t, SEND, {
      none: { email: ADA },
      null: { email: ADA, type: null },
      number: { email: ADA, type: 1 },
      empty: { email: ADA, type: "" },
      unknown: { email: ADA, type: "change-email" },
      "in capitals": { email: ADA, type: "SIGN-IN" },
      "invalid address, unknown type": { email: "x", type: "x" },
      "nothing of the right type": { email: 1, type: 1 },
      "other members": { email: "eve@example.com", type: "sign-in", otp: "1", callbackURL: "/a" },
    }),

  "ask for a code: many times": async (t) => {
    await t.signUp();
    for (let number = 1; number <= 3; number += 1) await askCode(t, "sign-in", { jar: null, label: `request ${number}` });
  },

  "ask for a code: from a foreign page without metadata": async (t) => {
    await t.signUp();
    const headers = { origin: "https://evil.test" };
    await t.post(SEND, { email: ADA, type: "sign-in" }, { jar: null, headers });
  },

  "ask for a code: from a foreign page": async (t) => {
    await t.signUp();
    const site = { origin: "https://evil.test", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };
    await t.post(SEND, { email: ADA, type: "sign-in" }, { jar: null, headers: { ...site, "sec-fetch-dest": "empty" } });
    const form = { ...site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    await t.post(SEND, { email: ADA, type: "sign-in" }, { jar: null, headers: form, label: "navigation" });
  },

  "ask for a code: routes that servers do not have": async (t) => {
    for (const [method, path] of [
      ["GET", "/email-otp/get-verification-otp?email=ada%40example.com&type=sign-in"],
      ["POST", "/email-otp/create-verification-otp"],
      ["POST", "/email-otp/request-email-change"],
    ])
      await t.call(method, path, { ...(method === "POST" && { body: { email: ADA, type: "sign-in" } }) });
  },
};
