// Guests with another value for every option.
import { DELETE, ROUTE, arrive, remaining } from "../support/guests.mjs";

export const profile = "anonymous-options";

export default {
  "anonymous options: a guest": async (t) => {
    await arrive(t);
    await t.get("/get-session");
    await t.post(ROUTE, {}, { label: "again" });
  },

  "anonymous options: no deletion": async (t) => {
    await arrive(t);
    await t.post(DELETE);
    await t.signUp("ada", { jar: "ada" });
    await t.post(DELETE, {}, { jar: "ada", label: "by a user who is no guest" });
    await t.post(DELETE, {}, { jar: null, label: "without a session" });
    await remaining(t);
  },

  "anonymous options: a guest who signs in stays": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    await arrive(t);
    await t.signIn();
    await t.get("/get-session");
    await remaining(t);
  },

  "anonymous options: a guest who signs up stays": async (t) => {
    await arrive(t);
    await t.signUp();
    await remaining(t);
  },
};
