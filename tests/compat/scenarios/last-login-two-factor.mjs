// The method of the last sign-in of users with a second factor.
import { answer, enrolled } from "../support/two-factor.mjs";

export const profile = "last-login-two-factor";

export default {
  "last login and second factor: a challenge": async (t) => {
    const { app } = await enrolled(t);
    await t.sql(`update "user" set "lastLoginMethod" = null`);
    await t.signIn();
    await answer(t, app, { trustDevice: true });
    await t.get("/get-session");
    await t.post("/sign-out");
    await t.signIn("ada", { label: "on a trusted device" });
  },

  "last login and second factor: a challenge that is not met": async (t) => {
    await enrolled(t);
    await t.signIn();
    await t.post("/two-factor/verify-totp", { code: "abcdef" });
  },

  "last login and second factor: a challenge by name": async (t) => {
    const { app } = await enrolled(t, "ada", { body: { username: "ada_l" } });
    await t.post("/sign-in/username", { username: "ada_l", password: "password1234" });
    await answer(t, app);
  },
};
