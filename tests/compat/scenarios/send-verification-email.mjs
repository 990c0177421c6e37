import { requestChecks } from "../support/guards.mjs";
import { FOREIGN, TRUSTED, to } from "../support/redirects.mjs";

const ROUTE = "/send-verification-email";
const ADA = { email: "ada@example.com" };

export const profile = "core";

export default {
  ...requestChecks(ROUTE, ADA),

  "send verification email: without a session": async (t) => {
    await t.signUp("ada", { jar: null });
    await t.post(ROUTE, ADA);
    await t.message("ada@example.com");
    await t.post(ROUTE, { email: "ADA@Example.com" }, { label: "in capitals" });
    await t.message("ada@example.com");
    await t.post(ROUTE, { email: "unknown@example.com" }, { label: "to an unknown address" });
    await t.sql(`update "user" set "emailVerified" = true`);
    await t.post(ROUTE, ADA, { label: "verified" });
    await t.silence();
  },

  "send verification email: with a session": async (t) => {
    await t.signUp();
    await t.signUp("bob", { jar: null });
    await t.post(ROUTE, ADA);
    await t.message("ada@example.com");
    await t.post(ROUTE, { email: "bob@example.com" }, { label: "another's" });
    await t.post(ROUTE, { email: "unknown@example.com" }, { label: "an unknown address" });
    await t.post(ROUTE, { email: "ADA@example.com" }, { label: "in capitals" });
    await t.sql(`update "user" set "emailVerified" = true`);
    await t.post(ROUTE, ADA, { label: "verified" });
    await t.post(ROUTE, { email: "bob@example.com" }, { label: "another's, verified" });
    await t.silence();
  },

  "send verification email: a session that is over": async (t) => {
    await t.signUp();
    await t.age("8 days");
    await t.post(ROUTE, ADA);
    await t.message("ada@example.com");
  },

  "send verification email: where the link leads": async (t) => {
    await t.signUp("ada", { jar: null });
    for (const callbackURL of ["", ...TRUSTED]) {
      await t.post(ROUTE, { ...ADA, callbackURL }, { label: to(callbackURL) });
      await t.message("ada@example.com");
    }
    for (const callbackURL of FOREIGN) await t.post(ROUTE, { ...ADA, callbackURL }, { label: to(callbackURL) });
  },

  "send verification email: fields of wrong types": async (t) => {
    for (const body of [{}, { email: 1 }, { email: "x" }, { email: null }, { email: "" }])
      await t.post(ROUTE, body, { label: JSON.stringify(body) });
    await t.post(ROUTE, { ...ADA, callbackURL: null }, { label: "callbackURL null" });
  },
};
