// Phone numbers with other options: longer codes, more attempts, a format, resets that end sessions.
import { NUMBER, WRONG, askReset, owner, prove, sent, signIn, verify } from "../support/phones.mjs";

const NEW = "password5678";

export const profile = "phone-number-options";

export default {
  "phone options: a proof": async (t) => {
    await owner(t);
    const code = await sent(t);
    await verify(t, code.slice(2), { label: "six of its digits" });
    await verify(t, code);
    await t.get("/get-session");
  },

  "phone options: numbers of another format": async (t) => {
    for (const number of ["4915112345678", "+49 151 12345678", "", "abc", "+0123456789", `+${"1".repeat(16)}`]) {
      await t.post("/phone-number/send-otp", { phoneNumber: number }, { label: `send to ${number}` });
      await verify(t, "123456", { number, label: `verify ${number}` });
      await signIn(t, { number, label: `sign in by ${number}` });
      await t.post("/phone-number/request-password-reset", { phoneNumber: number }, { label: `reset of ${number}` });
    }
  },

  "phone options: a sign-up with a number of another format": async (t) => {
    await t.signUp("ada", { body: { phoneNumber: "0151" } });
  },

  "phone options: five wrong codes": async (t) => {
    await owner(t);
    const code = await sent(t);
    for (const number of [1, 2, 3, 4, 5]) await verify(t, WRONG, { label: `wrong ${number}` });
    await verify(t, code, { label: "right, too late" });
  },

  "phone options: four wrong codes": async (t) => {
    await owner(t);
    const code = await sent(t);
    for (const number of [1, 2, 3, 4]) await verify(t, WRONG, { label: `wrong ${number}` });
    await verify(t, code, { label: "right" });
  },

  "phone options: a reset ends sessions": async (t) => {
    await owner(t);
    await signIn(t, { jar: "b" });
    const otp = await askReset(t);
    const body = { phoneNumber: NUMBER, otp, newPassword: NEW };
    await t.post("/phone-number/reset-password", body, { jar: null, label: "reset" });
    for (const jar of ["own", "b"]) await t.get("/get-session", { jar, label: `the session of ${jar}` });
    await signIn(t, { jar: "new", password: NEW, label: "the new password" });
  },

  "phone options: an expired code": async (t) => {
    await owner(t);
    const code = await sent(t);
    await t.lapse();
    await verify(t, code);
    await prove(t, { label: "the next" });
  },
};
