// Guests over HTTPS.
import { DELETE, arrive, remaining } from "../support/guests.mjs";

export const profile = "anonymous-secure";

export default {
  "anonymous over HTTPS: a guest": async (t) => {
    await arrive(t);
    await t.get("/get-session");
    await t.post(DELETE);
  },

  "anonymous over HTTPS: a guest who signs up": async (t) => {
    await arrive(t);
    await t.signUp();
    await remaining(t);
  },
};
