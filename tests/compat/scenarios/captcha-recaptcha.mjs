// Captchas of google-recaptcha.
import { CAPTCHAS } from "../support/check-services.mjs";
import { asked } from "../support/captchas.mjs";

export const profile = "captcha-recaptcha";

export default asked("google-recaptcha", CAPTCHAS["google-recaptcha"]);
