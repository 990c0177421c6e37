// Sign-in by a phone number that must have been proven.
import { NUMBER, owner, prove, signIn, verify } from "../support/phones.mjs";

export const profile = "phone-number-required";

export default {
  "phone required: a number that was not proven": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await signIn(t);
    const { code } = await t.message(NUMBER);
    await verify(t, code);
    await t.get("/get-session");
    await signIn(t, { jar: "b", label: "after the proof" });
  },

  "phone required: a wrong password": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await signIn(t, { password: "wrong-password" });
    await t.silence();
  },

  "phone required: wrong codes after a sign-in": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await signIn(t);
    const { code } = await t.message(NUMBER);
    for (const number of [1, 2, 3]) await verify(t, "abcdef", { label: `wrong ${number}` });
    await verify(t, code, { label: "right, too late" });
  },

  "phone required: a number that was proven": async (t) => {
    await owner(t);
    await signIn(t);
    await signIn(t, { password: "wrong-password", label: "a wrong password" });
  },

  "phone required: an unknown number": async (t) => {
    await signIn(t);
  },

  "phone required: sign-in by the address": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await t.signIn();
  },

  "phone required: a user without a password": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await t.sql("delete from account");
    await signIn(t);
    await t.silence();
  },

  "phone required: a code on request": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await prove(t);
    await signIn(t, { jar: "b" });
  },
};
