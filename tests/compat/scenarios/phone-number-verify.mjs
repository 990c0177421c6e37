// Users who prove a phone number.
import { NUMBER, OTHER, add, owner, prove, sent, signIn, verify } from "../support/phones.mjs";
import { bearer } from "../support/two-factor.mjs";

export const profile = "phone-number";

export default {
  "phone: a number is added to a user": async (t) => {
    await t.signUp();
    await add(t);
    await t.get("/get-session");
    await t.get("/list-sessions");
    await signIn(t, { jar: "b" });
  },

  "phone: a number is added in a session that is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await add(t);
    await t.get("/get-session");
  },

  "phone: a number is added without a session": async (t) => {
    await add(t);
    await add(t, { body: { disableSession: true }, label: "and without a session to come" });
  },

  "phone: a number is added by a bearer token": async (t) => {
    const caller = bearer(await t.signUp("ada", { jar: null }));
    await verify(t, await sent(t, { jar: null }), { body: { updatePhoneNumber: true }, ...caller });
    await t.get("/get-session", caller);
  },

  "phone: a number is replaced by another": async (t) => {
    await owner(t);
    await add(t, { number: OTHER, jar: "own" });
    await t.get("/get-session", { jar: "own" });
    await signIn(t, { jar: "b", label: "the old number" });
    await signIn(t, { number: OTHER, jar: "b", label: "the new number" });
  },

  "phone: a number that the user has already": async (t) => {
    await owner(t);
    await add(t, { jar: "own" });
    await t.get("/get-session", { jar: "own" });
  },

  "phone: a number that another user has": async (t) => {
    await owner(t);
    await t.signUp("bob");
    await add(t);
    await t.get("/get-session");
  },

  "phone: a number that another user has not proven": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await t.signUp("bob");
    await add(t);
    await t.get("/get-session");
    await t.get("/get-session", { jar: "own", label: "the other user" });
  },

  "phone: a sign-up with a number": async (t) => {
    await t.signUp("ada", { body: { phoneNumber: NUMBER } });
    await t.get("/get-session");
    await signIn(t, { jar: "b" });
  },

  "phone: a number of the sign-up is proven": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await prove(t);
    await t.get("/get-session");
    await t.get("/get-session", { jar: "own", label: "the session from before" });
  },

  "phone: a number of the sign-up is proven in its browser": async (t) => {
    await t.signUp("ada", { body: { phoneNumber: NUMBER } });
    await prove(t);
    await t.get("/get-session");
  },

  "phone: a sign-up with a number that is taken": async (t) => {
    await owner(t);
    await t.signUp("bob", { body: { phoneNumber: NUMBER } });
  },

  "phone: a sign-up with a number that another user has not proven": async (t) => {
    await t.signUp("ada", { jar: "own", body: { phoneNumber: NUMBER } });
    await t.signUp("bob", { body: { phoneNumber: NUMBER } });
  },

  "phone: sign-ups with numbers of wrong types": async (t) => {
    for (const [index, phoneNumber] of [null, "", 1, true, ["1"], { a: 1 }].entries())
      await t.signUp(`user-${index}`, { jar: null, body: { phoneNumber }, label: JSON.stringify(phoneNumber) });
  },

  "phone: sign-ups with the mark of a proof": async (t) => {
    for (const [index, phoneNumberVerified] of [true, false, null, "x"].entries())
      await t.signUp(`user-${index}`, {
        jar: null,
        body: { phoneNumber: `${NUMBER}${index}`, phoneNumberVerified },
        label: JSON.stringify(phoneNumberVerified),
      });
  },

  "phone: changes of the user": async (t) => {
    await t.signUp();
    for (const body of [
      { phoneNumber: NUMBER },
      { phoneNumber: null },
      { phoneNumber: 1 },
      { name: "Ada", phoneNumber: "" },
      { phoneNumberVerified: true },
      { name: "New", phoneNumberVerified: null },
      { name: "Newest" },
    ])
      await t.post("/update-user", body, { label: JSON.stringify(body) });
    await t.post("/update-user", { phoneNumber: NUMBER }, { jar: null, label: "without a session" });
    await t.post("/update-user", { phoneNumberVerified: true }, { jar: null, label: "the mark, without a session" });
    await t.get("/get-session");
  },

  "phone: a change of the user without a body": async (t) => {
    await t.signUp();
    await t.call("POST", "/update-user", { label: "nothing" });
  },

  "phone: a sign-in by a code": async (t) => {
    await owner(t);
    await prove(t, { headers: { "user-agent": "agent/1" } });
    await t.get("/get-session");
    await t.get("/list-sessions");
    await t.get("/list-accounts");
  },

  "phone: a sign-in by a code, with members of a sign-up": async (t) => {
    await owner(t);
    await prove(t, { body: { name: "Other", email: "eve@example.com", role: "admin", rememberMe: false } });
    await t.get("/get-session");
  },

  "phone: a sign-in by a code, with a bearer token": async (t) => {
    await owner(t);
    const caller = bearer(await prove(t, { jar: null }));
    await t.get("/get-session", caller);
    await t.get("/token", caller);
  },

  "phone: a proof without a session": async (t) => {
    await owner(t);
    await prove(t, { body: { disableSession: true } });
    await t.get("/get-session");
    await prove(t, { body: { disableSession: false }, label: "with a session" });
  },

  "phone: a proof in the browser of another user": async (t) => {
    await owner(t);
    await t.signUp("bob");
    await prove(t);
    await t.get("/get-session");
  },

  "phone: a proof in a browser whose session is not remembered": async (t) => {
    await owner(t);
    await t.signIn("ada", { body: { rememberMe: false } });
    await prove(t);
    await t.get("/get-session");
  },

  "phone: a number of no user": async (t) => {
    const code = await sent(t);
    await verify(t, code);
    await verify(t, code, { label: "again" });
    await prove(t, { body: { disableSession: true }, label: "without a session" });
  },

  "phone: a proof from a foreign page without metadata": async (t) => {
    await owner(t);
    const code = await sent(t, { jar: null });
    await verify(t, code, { jar: null, headers: { origin: "https://evil.test" } });
  },

  "phone: a proof from a foreign page": async (t) => {
    await owner(t);
    const code = await sent(t, { jar: null });
    const site = { origin: "https://evil.test", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" };
    await verify(t, code, { jar: null, headers: { ...site, "sec-fetch-dest": "empty" } });
  },
};
