// The method of the last sign-in and guests.
import { ROUTE, arrive, remaining } from "../support/guests.mjs";

export const profile = "last-login-anonymous";

export default {
  "last login and anonymous: a guest who signs up": async (t) => {
    await arrive(t);
    await t.post(ROUTE, {}, { label: "again" });
    await t.signUp();
    await t.get("/get-session");
    await remaining(t);
  },
};
