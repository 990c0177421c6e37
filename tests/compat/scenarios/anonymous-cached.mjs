// Guests with the session cookie cache.
import { DELETE, ROUTE, arrive, remaining } from "../support/guests.mjs";
import { header } from "../support/two-factor.mjs";

export const profile = "anonymous-cached";

export default {
  "anonymous cached: a guest": async (t) => {
    await arrive(t);
    await t.get("/get-session");
    await t.post(ROUTE, {}, { label: "again" });
    await t.post(DELETE);
    await t.get("/get-session", { label: "afterwards" });
  },

  "anonymous cached: a guest who signs in": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    await arrive(t);
    const old = header(t.jar());
    await t.signIn();
    await t.get("/get-session");
    await t.get("/get-session", { jar: null, headers: { cookie: old }, label: "the guest's session" });
    await remaining(t);
  },

  "anonymous cached: a guest whose session is gone": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    await arrive(t);
    await t.sql(`delete from session where "userId" in (select id from "user" where "isAnonymous")`);
    await t.signIn();
    await remaining(t);
  },

  "anonymous cached: a deletion in a session that is gone": async (t) => {
    await arrive(t);
    await t.sql("delete from session");
    await t.post(DELETE);
    await remaining(t);
  },
};
