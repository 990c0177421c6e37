// Sign-in by a code that was sent to an address.
import { requestChecks } from "../support/guards.mjs";
import { ADA, WRONG, askCode, enterByCode, lapseNewest, provenUser, signInByCode } from "../support/proven-addresses.mjs";
import { bearer } from "../support/two-factor.mjs";

const ROUTE = "/sign-in/email-otp";
const EVE = "eve@example.com";

export const profile = "email-otp";

const ask = (t, options) => askCode(t, "sign-in", options);

export default {
  ...requestChecks(ROUTE, { email: ADA, otp: "123456" }),

  "sign-in by a code: a new user": async (t) => {
    await enterByCode(t, { headers: { "user-agent": "agent/1" } });
    await t.get("/get-session");
    await t.get("/list-sessions");
    await t.get("/list-accounts");
  },

  "sign-in by a code: a user": async (t) => {
    await provenUser(t);
    await enterByCode(t);
    await t.get("/get-session");
    await t.get("/list-sessions");
    await t.signIn("ada", { jar: "b", label: "the password" });
  },

  "sign-in by a code: a user with an unverified address": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await enterByCode(t);
    await t.get("/get-session");
    await t.get("/list-accounts");
    await t.get("/get-session", { jar: "own", label: "the session from before" });
    await t.signIn("ada", { jar: "b", label: "the password from before" });
  },

  "sign-in by a code: in the browser of an unverified user": async (t) => {
    await t.signUp();
    await enterByCode(t);
    await t.get("/get-session");
    await t.get("/list-sessions");
  },

  "sign-in by a code: in the browser of another user": async (t) => {
    await provenUser(t);
    await t.signUp("bob");
    await enterByCode(t);
    await t.get("/get-session");
  },

  "sign-in by a code: in a browser whose session is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.sql(`update "user" set "emailVerified" = true`);
    await enterByCode(t);
    await t.get("/get-session");
  },

  "sign-in by a code: other members": async (t) => {
    await provenUser(t);
    const body = { email: ADA, otp: await ask(t), rememberMe: false, name: "Other", callbackURL: "/home", type: 1 };
    await t.post(ROUTE, body);
    await t.get("/get-session");
  },

  "sign-in by a code: an address in capitals": async (t) => {
    await provenUser(t);
    await signInByCode(t, await ask(t), { email: "ADA@Example.COM" });
    await t.post("/email-otp/send-verification-otp", { email: "EVE@Example.COM", type: "sign-in" });
    const { code } = await t.message(EVE);
    await signInByCode(t, code, { email: "Eve@example.com", jar: "b", label: "a new user" });
  },

  "sign-in by a code: members of wrong types": async (t) => {
    for (const body of [
      {},
      { email: ADA },
      { otp: "123456" },
      { email: 1, otp: 2 },
      { email: null, otp: null },
      { email: ADA, otp: 123456 },
      { email: [ADA], otp: ["123456"] },
    ])
      await t.post(ROUTE, body, { jar: null, label: JSON.stringify(body) });
  },

  "sign-in by a code: no code was requested": async (t) => {
    await signInByCode(t, "123456", { label: "no user" });
    await provenUser(t);
    await signInByCode(t, "123456", { label: "a user" });
    for (const email of ["", "x", " ", "ada@"]) await signInByCode(t, "123456", { email, label: `address ${email}` });
    await signInByCode(t, "123456", { email: "ada\0@example.com", label: "an address with NUL" });
  },

  "sign-in by a code: wrong codes": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    for (const wrong of [WRONG, ""]) await signInByCode(t, wrong, { label: `wrong ${JSON.stringify(wrong)}` });
    await signInByCode(t, code, { label: "right" });
  },

  "sign-in by a code: codes with something more": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    await signInByCode(t, `${code}:0`, { label: "a separator" });
    await signInByCode(t, ` ${code}`, { label: "a space" });
    await signInByCode(t, code, { label: "right" });
  },

  "sign-in by a code: a code with NUL": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    await signInByCode(t, `${code}\0`, { label: "NUL" });
    await signInByCode(t, code, { label: "right" });
  },

  "sign-in by a code: three wrong codes": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    for (const number of [1, 2, 3]) await signInByCode(t, WRONG, { label: `wrong ${number}` });
    await signInByCode(t, code, { label: "right, too late" });
    await signInByCode(t, code, { label: "right, again" });
  },

  "sign-in by a code: four wrong codes": async (t) => {
    await provenUser(t);
    await ask(t);
    for (const number of [1, 2, 3, 4, 5]) await signInByCode(t, WRONG, { label: `wrong ${number}` });
  },

  "sign-in by a code: wrong codes of no user": async (t) => {
    const code = await ask(t);
    for (const number of [1, 2, 3]) await signInByCode(t, WRONG, { label: `wrong ${number}` });
    await signInByCode(t, code, { label: "right, too late" });
    await signInByCode(t, code, { label: "right, again" });
  },

  "sign-in by a code: the next code after three wrong ones": async (t) => {
    await provenUser(t);
    await ask(t);
    for (const number of [1, 2, 3]) await signInByCode(t, WRONG, { label: `wrong ${number}` });
    await signInByCode(t, await ask(t), { label: "the next" });
  },

  "sign-in by a code: a long code": async (t) => {
    await provenUser(t);
    await ask(t);
    await signInByCode(t, "1".repeat(4000), { label: "4000 digits" });
    await signInByCode(t, "1".repeat(5000), { label: "5000 digits" });
  },

  "sign-in by a code: an older code": async (t) => {
    await provenUser(t);
    const older = await ask(t);
    const newer = await ask(t);
    await signInByCode(t, older, { label: "the older" });
    await signInByCode(t, newer, { label: "the newer" });
  },

  "sign-in by a code: an older code after the newer": async (t) => {
    await provenUser(t);
    const older = await ask(t);
    const newer = await ask(t);
    await signInByCode(t, newer, { label: "the newer" });
    await signInByCode(t, older, { jar: "b", label: "the older" });
  },

  "sign-in by a code: an older code after too many wrong ones": async (t) => {
    await provenUser(t);
    const older = await ask(t);
    await ask(t);
    for (const number of [1, 2, 3, 4]) await signInByCode(t, WRONG, { label: `wrong ${number}` });
    await signInByCode(t, older, { label: "the older" });
  },

  "sign-in by a code: an older code after the newer expired": async (t) => {
    await provenUser(t);
    const older = await ask(t);
    const newer = await ask(t);
    await lapseNewest(t);
    await signInByCode(t, newer, { label: "the newer" });
    await signInByCode(t, older, { label: "the older" });
  },

  "sign-in by a code: an expired code": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    await t.lapse();
    await signInByCode(t, code, { label: "too late" });
    await signInByCode(t, code, { label: "again" });
    await signInByCode(t, await ask(t), { label: "the next" });
  },

  "sign-in by a code: a wrong code that expired": async (t) => {
    await provenUser(t);
    await ask(t);
    await t.lapse();
    await signInByCode(t, WRONG);
  },

  "sign-in by a code: used again": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    await signInByCode(t, code);
    await signInByCode(t, code, { label: "with the session" });
    await signInByCode(t, code, { jar: null, label: "without" });
  },

  "sign-in by a code: of another address": async (t) => {
    await provenUser(t);
    await t.signUp("eve", { jar: "eve" });
    const code = await ask(t);
    await ask(t, { to: EVE });
    await signInByCode(t, code, { email: EVE, label: "at the other" });
    await signInByCode(t, code, { label: "at its own" });
  },

  "sign-in by a code: of another type": async (t) => {
    await provenUser(t);
    for (const type of ["email-verification", "forget-password"])
      await signInByCode(t, await askCode(t, type), { label: `of ${type}` });
    const code = await ask(t);
    await t.post("/email-otp/verify-email", { email: ADA, otp: code }, { label: "at verify-email" });
    await t.post("/email-otp/reset-password", { email: ADA, otp: code, password: "password5678" }, { label: "at reset" });
    await signInByCode(t, code, { label: "at its own" });
  },

  "sign-in by a code: the user signed up in the meantime": async (t) => {
    const code = await ask(t);
    await t.signUp("ada", { jar: "own" });
    await signInByCode(t, code);
    await t.get("/get-session");
  },

  "sign-in by a code: the user was deleted": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    await t.sql(`delete from "user"`);
    await signInByCode(t, code);
  },

  "sign-in by a code: with a bearer token": async (t) => {
    const caller = bearer(await enterByCode(t, { jar: null }));
    await t.get("/get-session", caller);
    await t.get("/token", caller);
  },

  "sign-in by a code: from a foreign page without metadata": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    await signInByCode(t, code, { jar: null, headers: { origin: "https://evil.test" } });
  },

  "sign-in by a code: from a foreign page": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    const site = { origin: "https://evil.test", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };
    await signInByCode(t, code, { jar: null, headers: { ...site, "sec-fetch-dest": "empty" } });
  },

  "sign-in by a code: two users": async (t) => {
    await enterByCode(t, { jar: "ada" });
    await enterByCode(t, { to: EVE, jar: "eve" });
    await t.get("/get-session", { jar: "ada", label: "the first's session" });
    await t.get("/get-session", { jar: "eve", label: "the second's session" });
  },

  "sign-in by a code: then sign out": async (t) => {
    await enterByCode(t);
    await t.post("/sign-out");
    await t.get("/get-session");
    await enterByCode(t, { label: "again" });
  },
};
