// Codes by which a user sets a new password.
import { requestChecks } from "../support/guards.mjs";
import { ADA, WRONG, askCode, enterByCode, provenUser } from "../support/proven-addresses.mjs";

const ASK = "/email-otp/request-password-reset";
const OLD_ASK = "/forget-password/email-otp";
const RESET = "/email-otp/reset-password";
const NEW = "password5678";
const EVE = "eve@example.com";

export const profile = "email-otp";

/** Asks for a code of a reset, and returns it. */
async function ask(t, { route = ASK, email = ADA, jar = null } = {}) {
  await t.post(route, { email }, { jar, label: "ask" });
  return (await t.message(ADA)).code;
}

const reset = (t, otp, { email = ADA, password = NEW, ...options } = {}) =>
  t.post(RESET, { email, otp, password }, { jar: null, ...options });

async function signIns(t) {
  await t.signIn("ada", { jar: "new", body: { password: NEW }, label: "the new password" });
  await t.signIn("ada", { jar: "old", label: "the old password" });
}

export default {
  ...requestChecks(ASK, { email: ADA }),
  ...requestChecks(OLD_ASK, { email: ADA }),
  ...requestChecks(RESET, { email: ADA, otp: "123456", password: NEW }),

  "reset by a code: good": async (t) => {
    await provenUser(t);
    await reset(t, await ask(t));
    await signIns(t);
    await t.get("/get-session", { jar: "own", label: "the session from before" });
    await t.get("/list-accounts", { jar: "own" });
  },

  "reset by a code: by the older route": async (t) => {
    await provenUser(t);
    await reset(t, await ask(t, { route: OLD_ASK }));
    await signIns(t);
  },

  "reset by a code: by the route for every type": async (t) => {
    await provenUser(t);
    await reset(t, await askCode(t, "forget-password"));
    await signIns(t);
  },

  "reset by a code: in the user's browser": async (t) => {
    await t.signUp();
    await reset(t, await ask(t, { jar: "default" }), { jar: "default" });
    await t.get("/get-session");
  },

  "reset by a code: an address that was not verified": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await reset(t, await ask(t));
    await t.get("/get-session", { jar: "own", label: "the session from before" });
    await signIns(t);
  },

  "reset by a code: a user without a password": async (t) => {
    await enterByCode(t, { jar: "own" });
    await reset(t, await ask(t));
    await t.get("/list-accounts", { jar: "own" });
    await signIns(t);
  },

  "reset by a code: a user of another provider": async (t) => {
    await provenUser(t);
    await t.sql(`update account set "providerId" = 'github', password = null`);
    await reset(t, await ask(t));
    await signIns(t);
  },

  "reset by a code: an account without a password": async (t) => {
    await provenUser(t);
    await t.sql("update account set password = null");
    await reset(t, await ask(t));
    await signIns(t);
  },

  "reset by a code: addresses of requests": async (t) => {
    await t.signUp("ada", { jar: "own" });
    for (const [label, email] of Object.entries({
      "no user": EVE,
      "no address": "x",
      empty: "",
      blank: " ",
      "spaces around": ` ${ADA} `,
    }))
      for (const route of [ASK, OLD_ASK]) await t.post(route, { email }, { jar: null, label: `${label} at ${route}` });
  },

  "reset by a code: an address in capitals": async (t) => {
    await provenUser(t);
    await t.post(ASK, { email: "ADA@Example.COM" }, { jar: null });
    const { code } = await t.message("ADA@Example.COM");
    await reset(t, code, { label: "with the address in lower case" });
    await reset(t, code, { email: "ADA@Example.COM", label: "with the same spelling" });
    await signIns(t);
  },

  "reset by a code: an address in capitals at the reset": async (t) => {
    await provenUser(t);
    await reset(t, await ask(t), { email: "ADA@Example.COM" });
  },

  "reset by a code: bodies of requests": async (t) => {
    for (const body of [{}, { email: 1 }, { email: null }, { email: [ADA] }, { email: "ada\0@example.com" }])
      for (const route of [ASK, OLD_ASK])
        await t.post(route, body, { jar: null, label: `${JSON.stringify(body)} at ${route}` });
  },

  "reset by a code: other members of requests": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await t.post(ASK, { email: ADA, type: "sign-in", redirectTo: "/reset" }, { jar: null });
    await t.message(ADA);
  },

  "reset by a code: bodies of wrong types": async (t) => {
    for (const body of [
      {},
      { email: ADA, otp: "1" },
      { email: ADA, password: NEW },
      { otp: "1", password: NEW },
      { email: 1, otp: 2, password: 3 },
      { email: null, otp: null, password: null },
      { email: "x", otp: "1", password: NEW },
      { email: "ada\0@example.com", otp: "1", password: NEW },
    ])
      await t.post(RESET, body, { jar: null, label: JSON.stringify(body) });
  },

  "reset by a code: none was requested": async (t) => {
    await t.signUp("ada", { jar: "own" });
    await reset(t, "123456", { label: "a user" });
    await reset(t, "123456", { email: EVE, label: "no user" });
    await reset(t, "123456", { password: "x", label: "a short password" });
  },

  "reset by a code: wrong codes": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    await reset(t, WRONG, { label: "wrong" });
    await reset(t, WRONG, { password: "x", label: "wrong, with a short password" });
    await reset(t, code, { label: "right" });
    await reset(t, code, { label: "again" });
    await signIns(t);
  },

  "reset by a code: too many wrong codes": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    for (const number of [1, 2, 3]) await reset(t, WRONG, { label: `wrong ${number}` });
    await reset(t, code, { label: "right, too late" });
    await reset(t, code, { label: "right, again" });
    await signIns(t);
  },

  "reset by a code: an expired code": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    await t.lapse();
    await reset(t, code);
    await reset(t, code, { label: "again" });
  },

  "reset by a code: an older code": async (t) => {
    await provenUser(t);
    const older = await ask(t);
    const newer = await ask(t);
    await reset(t, older, { label: "the older" });
    await reset(t, newer, { label: "the newer" });
    await reset(t, older, { label: "the older after the newer" });
  },

  "reset by a code: passwords of wrong lengths": async (t) => {
    await provenUser(t);
    await reset(t, await ask(t), { password: "1234567", label: "too short" });
    await reset(t, await ask(t), { password: "x".repeat(129), label: "too long" });
    await reset(t, await ask(t), { password: "", label: "empty" });
    await signIns(t);
  },

  "reset by a code: a longer password after a short one": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    await reset(t, code, { password: "1234567", label: "too short" });
    await reset(t, code, { label: "long enough" });
    await signIns(t);
  },

  "reset by a code: the user was deleted": async (t) => {
    await provenUser(t);
    const code = await ask(t);
    await t.sql(`delete from "user"`);
    await reset(t, code);
    await reset(t, code, { label: "again" });
  },

  "reset by a code: of another user": async (t) => {
    await provenUser(t);
    await t.signUp("eve", { jar: "eve" });
    const code = await ask(t);
    await t.post(ASK, { email: EVE }, { jar: null });
    await t.message(EVE);
    await reset(t, code, { email: EVE });
    await reset(t, code, { label: "at its own" });
  },

  "reset by a code: of another type": async (t) => {
    await provenUser(t);
    for (const type of ["sign-in", "email-verification"]) await reset(t, await askCode(t, type), { label: `of ${type}` });
  },
};
