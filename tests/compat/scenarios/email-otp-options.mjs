// Codes by mail with other options: encrypted, longer, for existing users only.
import { ADA, PASSWORD, WRONG, askCode, provenUser, signInByCode } from "../support/proven-addresses.mjs";

const NEW = "password5678";
const SEND = "/email-otp/send-verification-otp";

export const profile = "email-otp-options";

export default {
  "email otp options: a sign-in": async (t) => {
    await provenUser(t);
    const code = await askCode(t, "sign-in");
    await signInByCode(t, code.slice(2), { label: "six of its digits" });
    await signInByCode(t, code);
    await t.get("/get-session");
    await signInByCode(t, code, { label: "again" });
  },

  "email otp options: requests of no user": async (t) => {
    for (const type of ["sign-in", "email-verification", "forget-password"])
      await t.post(SEND, { email: ADA, type }, { label: type });
    await signInByCode(t, "12345678", { label: "a sign-in" });
  },

  "email otp options: the user was deleted": async (t) => {
    await provenUser(t);
    const code = await askCode(t, "sign-in");
    await t.sql(`delete from "user"`);
    await signInByCode(t, WRONG, { label: "a wrong code" });
    await signInByCode(t, code, { label: "the right code" });
    await signInByCode(t, code, { label: "again" });
  },

  "email otp options: five wrong codes": async (t) => {
    await provenUser(t);
    const code = await askCode(t, "sign-in");
    for (const number of [1, 2, 3, 4, 5]) await signInByCode(t, WRONG, { label: `wrong ${number}` });
    await signInByCode(t, code, { label: "right, too late" });
  },

  "email otp options: four wrong codes": async (t) => {
    await provenUser(t);
    const code = await askCode(t, "sign-in");
    for (const number of [1, 2, 3, 4]) await signInByCode(t, WRONG, { label: `wrong ${number}` });
    await signInByCode(t, code, { label: "right" });
  },

  "email otp options: a verification": async (t) => {
    await t.signUp();
    const code = await askCode(t, "email-verification");
    await t.post("/email-otp/check-verification-otp", { email: ADA, type: "email-verification", otp: code });
    await t.post("/email-otp/verify-email", { email: ADA, otp: code });
    await t.get("/get-session");
  },

  "email otp options: a reset ends sessions": async (t) => {
    await provenUser(t);
    await t.signIn("ada", { jar: "b" });
    await t.post("/email-otp/request-password-reset", { email: ADA }, { jar: null });
    const { code } = await t.message(ADA);
    await t.post("/email-otp/reset-password", { email: ADA, otp: code, password: NEW }, { jar: null });
    for (const jar of ["own", "b"]) await t.get("/get-session", { jar, label: `the session of ${jar}` });
    await t.signIn("ada", { jar: "new", body: { password: NEW }, label: "the new password" });
    await t.signIn("ada", { jar: "old", body: { password: PASSWORD }, label: "the old password" });
  },

  "email otp options: an expired code": async (t) => {
    await provenUser(t);
    const code = await askCode(t, "sign-in");
    await t.lapse();
    await signInByCode(t, code);
  },
};
