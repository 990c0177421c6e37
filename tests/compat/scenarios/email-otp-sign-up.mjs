// Hashed codes, of which one is sent on each sign-up.
import { ADA, WRONG, askCode, enterByCode, signInByCode } from "../support/proven-addresses.mjs";

const VERIFY = "/email-otp/verify-email";

export const profile = "email-otp-sign-up";

export default {
  "email otp on sign-up: a code verifies the address": async (t) => {
    await t.signUp();
    const { code } = await t.message(ADA);
    await t.post(VERIFY, { email: ADA, otp: WRONG }, { label: "wrong" });
    await t.post(VERIFY, { email: ADA, otp: code });
    await t.get("/get-session");
  },

  "email otp on sign-up: an address in capitals": async (t) => {
    await t.signUp("ada", { body: { email: "ADA@Example.COM" } });
    const { code } = await t.message(ADA);
    await t.post(VERIFY, { email: ADA, otp: code });
  },

  "email otp on sign-up: sign-ups that fail": async (t) => {
    await t.signUp("ada", { body: { password: "x" }, label: "a short password" });
    await t.signUp("ada", { body: { email: "x" }, label: "an invalid address" });
    await t.signUp();
    await t.message(ADA);
    await t.signUp("ada", { jar: "b", label: "an address that is taken" });
    await t.silence();
  },

  "email otp on sign-up: the code is no code of another type": async (t) => {
    await t.signUp();
    const { code } = await t.message(ADA);
    await signInByCode(t, code, { jar: "b", label: "a sign-in" });
    await t.post("/email-otp/reset-password", { email: ADA, otp: code, password: "password5678" }, { label: "a reset" });
  },

  "email otp on sign-up: a sign-up by a code": async (t) => {
    await enterByCode(t);
    await t.silence();
  },

  "email otp on sign-up: the next code": async (t) => {
    await t.signUp();
    const { code: older } = await t.message(ADA);
    const newer = await askCode(t, "email-verification");
    await t.post(VERIFY, { email: ADA, otp: older }, { label: "the older" });
    await t.post(VERIFY, { email: ADA, otp: newer }, { label: "the newer" });
  },

  "email otp on sign-up: the stored form of a code": async (t) => {
    await t.signUp();
    await t.message(ADA);
    const [{ value }] = await t.sql("select value from verification");
    await t.post(VERIFY, { email: ADA, otp: value.split(":")[0] });
  },

  "email otp on sign-up: links that verify addresses": async (t) => {
    await t.signUp();
    await t.message(ADA, "the code");
    await t.post("/send-verification-email", { email: ADA });
    const { url } = await t.message(ADA, "the link");
    await t.follow(url);
    await t.get("/get-session");
  },
};
