// Phone numbers with the session cookie cache.
import { NUMBER, add, owner, prove, signIn } from "../support/phones.mjs";

export const profile = "phone-number-cached";

export default {
  "phone cached: a number is added": async (t) => {
    await t.signUp();
    await add(t);
    await t.get("/get-session");
  },

  "phone cached: a sign-in by a password": async (t) => {
    await owner(t);
    await signIn(t);
    await t.get("/get-session");
  },

  "phone cached: a sign-in by a code": async (t) => {
    await owner(t);
    await prove(t);
    await t.get("/get-session");
  },

  "phone cached: a number of the sign-up is proven": async (t) => {
    await t.signUp("ada", { body: { phoneNumber: NUMBER } });
    await prove(t, { body: { disableSession: true } });
    await t.get("/get-session");
  },
};
