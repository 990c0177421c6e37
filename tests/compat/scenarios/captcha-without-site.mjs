// Captchas without a site key.
import { signedUp } from "../support/captchas.mjs";

export const profile = "captcha-without-site";

export default {
  "captcha: without a site key": async (t) => {
    await signedUp(t);
  },
};
