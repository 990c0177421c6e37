// Sign-up that must be verified.
import { KNOWN } from "../support/check-services.mjs";

export const profile = "have-i-been-pwned-verified";

export default {
  "pwned: a sign-up that must be verified": async (t) => {
    const ada = { name: "Ada", email: "ada@example.com" };
    await t.post("/sign-up/email", { ...ada, password: KNOWN });
    await t.post("/sign-up/email", { ...ada, password: "password1234" }, { label: "unknown" });
    await t.follow((await t.message(ada.email)).url);
  },
};
