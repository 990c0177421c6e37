// Passwords that administrators set are not looked up.
import { KNOWN } from "../support/check-services.mjs";

export const profile = "have-i-been-pwned-admin";

export default {
  "pwned: passwords of administrators": async (t) => {
    await t.signUp("ada");
    await t.sql(`update "user" set role = 'admin'`);
    const answer = await t.post("/admin/create-user", { name: "Bob", email: "bob@example.com", password: KNOWN });
    await t.post("/admin/set-user-password", { userId: answer.json().user.id, newPassword: KNOWN });
    await t.post("/sign-in/email", { email: "bob@example.com", password: KNOWN }, { jar: "b" });
  },
};
