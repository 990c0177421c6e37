// Users who sign up by proving a phone number.
import { NUMBER, OTHER, WRONG, add, owner, prove, sent, signIn, verify } from "../support/phones.mjs";

const ADDRESS = `${NUMBER}@phone.example.com`;

export const profile = "phone-number-sign-up";

export default {
  "phone sign-up: a new user": async (t) => {
    await prove(t);
    await t.get("/get-session");
    await t.get("/list-accounts");
    await t.get("/list-sessions");
  },

  "phone sign-up: the user comes again": async (t) => {
    await prove(t);
    await t.post("/sign-out");
    await prove(t, { label: "again" });
    await t.get("/get-session");
    await signIn(t, { jar: "b", label: "with a password" });
  },

  "phone sign-up: without a session": async (t) => {
    await prove(t, { body: { disableSession: true } });
    await t.get("/get-session");
  },

  "phone sign-up: a wrong code": async (t) => {
    const code = await sent(t);
    await verify(t, WRONG, { label: "wrong" });
    await verify(t, code, { label: "right" });
    await verify(t, code, { jar: "b", label: "again" });
  },

  "phone sign-up: members of the user's row": async (t) => {
    const body = { name: "Ada", email: "eve@example.com", emailVerified: true, image: "/a.png", id: "x", more: 1 };
    await prove(t, { body });
    await t.get("/get-session");
  },

  "phone sign-up: the mark of a proof": async (t) => {
    await prove(t, { body: { phoneNumberVerified: false } });
  },

  "phone sign-up: in the browser of another user": async (t) => {
    await t.signUp();
    await prove(t);
    await t.get("/get-session");
  },

  "phone sign-up: the number is added to another user afterwards": async (t) => {
    await prove(t);
    await t.signUp("ada", { jar: "own" });
    await add(t, { jar: "own" });
  },

  "phone sign-up: the temporary address is taken": async (t) => {
    await t.signUp("ada", { jar: "own", body: { email: ADDRESS } });
    await prove(t);
    await t.get("/get-session");
  },

  "phone sign-up: the user has another number now": async (t) => {
    await prove(t);
    await add(t, { number: OTHER });
    await t.post("/sign-out");
    await prove(t, { label: "the old number" });
    await t.get("/get-session");
  },

  "phone sign-up: of a user with a number": async (t) => {
    await owner(t);
    await prove(t);
    await t.get("/get-session");
  },

  "phone sign-up: of a user with a number that was not proven": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await prove(t);
    await t.get("/get-session");
    await t.get("/get-session", { jar: "own", label: "the session from before" });
  },

  "phone sign-up: numbers of other forms": async (t) => {
    for (const number of ["abc", "4915112345678", "+49-151"]) await prove(t, { number, jar: number, label: number });
  },

  "phone sign-up: a number with a space": async (t) => {
    await prove(t, { number: "+49 151" });
  },
};
