// Sign-in by a phone number and a password.
import { requestChecks } from "../support/guards.mjs";
import { NUMBER, OTHER, PASSWORD, owner, prove, signIn } from "../support/phones.mjs";
import { bearer } from "../support/two-factor.mjs";

const ROUTE = "/sign-in/phone-number";

export const profile = "phone-number";

export default {
  ...requestChecks(ROUTE, { phoneNumber: NUMBER, password: PASSWORD }),

  "sign-in by phone: good": async (t) => {
    await owner(t);
    await signIn(t, { headers: { "user-agent": "agent/1" } });
    await t.get("/get-session");
    await t.get("/list-sessions");
    await t.post("/sign-out");
  },

  "sign-in by phone: not remembered": async (t) => {
    await owner(t);
    await signIn(t, { body: { rememberMe: false } });
    await t.get("/get-session");
    await signIn(t, { body: { rememberMe: true }, label: "remembered" });
    await t.get("/get-session");
  },

  "sign-in by phone: a number that was not proven": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await signIn(t);
    await t.silence();
  },

  "sign-in by phone: an unverified address": async (t) => {
    await owner(t);
    await t.sql(`update "user" set "emailVerified" = false`);
    await signIn(t);
  },

  "sign-in by phone: wrong passwords": async (t) => {
    await owner(t);
    await signIn(t, { password: "wrong-password", label: "wrong" });
    await signIn(t, { password: "", label: "empty" });
    await signIn(t, { password: "x".repeat(200), label: "long" });
    await signIn(t, { number: OTHER, label: "an unknown number" });
    await signIn(t, { number: "", label: "an empty number" });
    await signIn(t, { number: `${NUMBER} `, label: "a space behind" });
    await signIn(t, { number: "ada@example.com", label: "an address" });
  },

  "sign-in by phone: a number or a password with NUL": async (t) => {
    await owner(t);
    await signIn(t, { number: "+49\0", label: "the number" });
    await signIn(t, { password: "password\0", label: "the password" });
  },

  "sign-in by phone: a user without a password": async (t) => {
    await owner(t);
    await t.sql("update account set password = null");
    await signIn(t, { label: "an account without a password" });
    await t.sql(`update account set "providerId" = 'github'`);
    await signIn(t, { label: "an account of another provider" });
    await t.sql("delete from account");
    await signIn(t, { label: "no account" });
  },

  "sign-in by phone: bodies": async (t) => {
    for (const body of [
      {},
      { phoneNumber: NUMBER },
      { password: PASSWORD },
      { phoneNumber: 1, password: 2 },
      { phoneNumber: null, password: null },
      { phoneNumber: NUMBER, password: PASSWORD, rememberMe: "x" },
      { phoneNumber: NUMBER, password: PASSWORD, rememberMe: null },
      { phoneNumber: 1, password: 2, rememberMe: 3 },
      { phoneNumber: NUMBER, password: PASSWORD, callbackURL: 1 },
    ])
      await t.post(ROUTE, body, { jar: null, label: JSON.stringify(body) });
  },

  "sign-in by phone: a callback": async (t) => {
    await owner(t);
    await signIn(t, { body: { callbackURL: "/home" } });
  },

  "sign-in by phone: with a bearer token": async (t) => {
    await owner(t);
    const caller = bearer(await signIn(t, { jar: null }));
    await t.get("/get-session", caller);
    await t.get("/token", caller);
  },

  "sign-in by phone: from a foreign page without metadata": async (t) => {
    await owner(t);
    await signIn(t, { jar: null, headers: { origin: "https://evil.test" } });
  },

  "sign-in by phone: from a foreign page": async (t) => {
    await owner(t);
    const site = { origin: "https://evil.test", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };
    await signIn(t, { jar: null, headers: { ...site, "sec-fetch-dest": "empty" } });
  },

  "sign-in by phone: in the browser of another user": async (t) => {
    await owner(t);
    await t.signUp("bob");
    await signIn(t);
    await t.get("/get-session");
  },

  "sign-in by phone: a number that was proven later": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await prove(t, { jar: "b" });
    await signIn(t);
  },
};
