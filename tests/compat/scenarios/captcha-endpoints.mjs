// Captchas on other routes.
import { PERSON, SIGN_IN, solving } from "../support/captchas.mjs";

export const profile = "captcha-endpoints";

export default {
  "captcha: other endpoints": async (t) => {
    await t.post("/sign-up/email", PERSON);
    await t.post("/request-password-reset", { email: PERSON.email });
    await t.post("/sign-in/email", SIGN_IN, { jar: "b" });
    await t.post("/sign-in/email", SIGN_IN, solving("solved", { jar: "b", label: "solved" }));
    await t.post("/update-user", { name: "Countess" });
    await t.post("/update-user", { name: "Countess" }, solving("guessed", { label: "a guess" }));
    await t.post("/update-user", { name: "Countess" }, solving("solved", { label: "update, solved" }));
    await t.post("/update-user", { name: "Countess" }, { jar: null, label: "signed out" });
    await t.post("/update-user", { name: "Countess" }, solving("solved", { jar: null, label: "signed out, solved" }));
  },
};
