// Captchas of captchafox.
import { CAPTCHAS } from "../support/check-services.mjs";
import { asked } from "../support/captchas.mjs";

export const profile = "captcha-captchafox";

export default asked("captchafox", CAPTCHAS.captchafox);
