// Users with additional fields who sign up by proving a phone number.
import { NUMBER, prove, sent, verify } from "../support/phones.mjs";

export const profile = "phone-number-fields";

export default {
  "phone fields: a new user": async (t) => {
    await prove(t, { body: { locale: "en", nickname: "A", age: 3, isMember: true, tags: ["a"], hidden: "x" } });
    await t.get("/get-session");
  },

  "phone fields: a field is missing": async (t) => {
    await prove(t);
    await t.get("/get-session");
  },

  "phone fields: values of wrong types": async (t) => {
    for (const [index, body] of [
      { locale: 1 },
      { locale: "en", age: "x" },
      { locale: "en", plan: "other" },
      { locale: "en", internal: "x" },
      { locale: "en", tags: "x" },
    ].entries()) {
      const number = `${NUMBER}${index}`;
      const code = await sent(t, { to: number });
      await verify(t, code, { number, jar: null, body, label: JSON.stringify(body) });
      await verify(t, code, { number, jar: null, body: { locale: "en" }, label: "then with right ones" });
    }
  },

  "phone fields: of a user who exists": async (t) => {
    await t.signUp("ada", { jar: "own", body: { locale: "en" } });
    await t.sql(`update "user" set "phoneNumber" = $1, "phoneNumberVerified" = true`, [NUMBER]);
    await prove(t, { body: { locale: "fr", nickname: "B", internal: "x" } });
    await t.get("/get-session");
  },
};
