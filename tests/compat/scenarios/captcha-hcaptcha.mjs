// Captchas of hcaptcha.
import { CAPTCHAS } from "../support/check-services.mjs";
import { asked } from "../support/captchas.mjs";

export const profile = "captcha-hcaptcha";

export default asked("hcaptcha", CAPTCHAS.hcaptcha);
