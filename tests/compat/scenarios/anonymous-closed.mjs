// Guests of a deployment without sign-up.
import { arrive, remaining } from "../support/guests.mjs";

export const profile = "anonymous-closed";

export default {
  "anonymous without sign-up: a guest": async (t) => {
    await arrive(t);
    await t.signUp();
    await t.get("/get-session");
    await remaining(t);
  },
};
