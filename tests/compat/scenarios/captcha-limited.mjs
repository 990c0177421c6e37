// Captchas and rate limits.
import { SIGN_IN, solving } from "../support/captchas.mjs";

export const profile = "captcha-limited";

export default {
  "captcha: missing ones are not counted": async (t) => {
    for (const number of [1, 2, 3, 4, 5]) await t.post("/sign-in/email", SIGN_IN, { label: `missing ${number}` });
    for (const number of [1, 2, 3, 4])
      await t.post("/sign-in/email", SIGN_IN, solving("solved", { label: `solved ${number}` }));
    await t.post("/sign-in/email", SIGN_IN, { label: "missing, above the limit" });
  },

  "captcha: guesses are counted": async (t) => {
    for (const number of [1, 2, 3, 4, 5])
      await t.post("/sign-in/email", SIGN_IN, solving("guessed", { label: `guess ${number}` }));
  },
};
