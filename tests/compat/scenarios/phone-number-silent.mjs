// Phone numbers without a transport of messages.
import { NUMBER, signIn, verify } from "../support/phones.mjs";

export const profile = "phone-number-silent";

export default {
  "phone without messages: requests": async (t) => {
    await t.post("/phone-number/send-otp", { phoneNumber: NUMBER });
    await t.post("/phone-number/send-otp", {}, { label: "an empty body" });
    await t.post("/phone-number/request-password-reset", { phoneNumber: NUMBER });
  },

  "phone without messages: a sign-in": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await signIn(t);
  },

  "phone without messages: answers": async (t) => {
    await verify(t, "123456");
    const body = { phoneNumber: NUMBER, otp: "123456", newPassword: "password5678" };
    await t.post("/phone-number/reset-password", body);
  },
};
