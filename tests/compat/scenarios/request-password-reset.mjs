import { requestChecks } from "../support/guards.mjs";
import { FOREIGN, TRUSTED, to } from "../support/redirects.mjs";

const ROUTE = "/request-password-reset";
const ADA = { email: "ada@example.com" };

export const profile = "core";

export default {
  ...requestChecks(ROUTE, ADA),

  "request password reset: good": async (t) => {
    await t.signUp();
    await t.post(ROUTE, ADA);
    await t.message("ada@example.com");
    await t.post(ROUTE, ADA, { jar: null, label: "without a session" });
    await t.message("ada@example.com");
    await t.post(ROUTE, { email: "ADA@Example.com" }, { jar: null, label: "in capitals" });
    await t.message("ada@example.com");
  },

  "request password reset: an unknown address": async (t) => {
    await t.post(ROUTE, ADA, { jar: null });
    await t.silence();
  },

  "request password reset: a user without a password": async (t) => {
    await t.signUp();
    await t.sql(`update account set "providerId" = 'github', password = null`);
    await t.post(ROUTE, ADA, { jar: null });
    await t.message("ada@example.com");
    await t.sql("delete from account");
    await t.post(ROUTE, ADA, { jar: null, label: "no account at all" });
    await t.message("ada@example.com");
  },

  "request password reset: where the link leads": async (t) => {
    await t.signUp();
    for (const redirectTo of ["", ...TRUSTED]) {
      await t.post(ROUTE, { ...ADA, redirectTo }, { jar: null, label: to(redirectTo) });
      await t.message("ada@example.com");
    }
    await t.post(ROUTE, { ...ADA, callbackURL: "/a" }, { jar: null, label: "by another name" });
    await t.message("ada@example.com");
  },

  "request password reset: untrusted redirects": async (t) => {
    await t.signUp();
    for (const redirectTo of FOREIGN)
      await t.post(ROUTE, { ...ADA, redirectTo }, { jar: null, label: to(redirectTo) });
    await t.silence();
  },

  "request password reset: fields of wrong types": async (t) => {
    for (const body of [
      {},
      { email: null },
      { email: 1 },
      { email: "x" },
      { email: "" },
      { email: [ADA.email] },
      { email: " ada@example.com" },
    ])
      await t.post(ROUTE, body, { jar: null, label: JSON.stringify(body) });
    await t.post(ROUTE, { email: "x", redirectTo: null }, { jar: null, label: "redirectTo null" });
    await t.post("/forget-password", ADA, { jar: null });
  },
};
