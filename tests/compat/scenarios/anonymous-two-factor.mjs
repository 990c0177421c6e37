// Guests who sign in as users with a second factor.
import { arrive, remaining } from "../support/guests.mjs";
import { PASSWORD, answer, enrolled } from "../support/two-factor.mjs";

export const profile = "anonymous-two-factor";

export default {
  "anonymous and second factor: a sign-in": async (t) => {
    const { app } = await enrolled(t);
    await arrive(t);
    await t.signIn();
    await remaining(t, "who is left while challenged");
    await t.get("/get-session", { label: "while challenged" });
    await answer(t, app);
    await t.get("/get-session");
    await remaining(t);
  },

  "anonymous and second factor: a challenge that is not met": async (t) => {
    await enrolled(t);
    await arrive(t);
    await t.signIn();
    await t.post("/two-factor/verify-totp", { code: "abcdef" });
    await remaining(t);
  },

  "anonymous and second factor: a guest enrols": async (t) => {
    await arrive(t);
    await t.post("/two-factor/enable", { password: PASSWORD });
    await t.get("/get-session");
  },
};
