// Scores of reCAPTCHA v3.
import { SIGN_IN, signedUp, solving } from "../support/captchas.mjs";

export const profile = "captcha-score";

export default {
  "captcha: scores": async (t) => {
    await signedUp(t, { label: "without a score" });
    for (const score of ["0.9", "0.7", "0.69", "0", "1", '"0.9"', "null"])
      await t.post("/sign-in/email", SIGN_IN, solving(`solved{"score":${score}}`, { jar: "b", label: `score ${score}` }));
  },
};
