// Guests: their sign-in, what they can do, and their deletion.
import { requestChecks, session } from "../support/guards.mjs";
import { DELETE, ROUTE, arrive, remaining } from "../support/guests.mjs";
import { bearer } from "../support/two-factor.mjs";

export const profile = "anonymous";

const PASSWORD = "password1234";
const FIELDS = [true, false, null, "true", 1];

export default {
  ...requestChecks(ROUTE, {}),
  ...requestChecks(DELETE, {}),
  ...session("POST", DELETE, {}),

  "anonymous: a guest": async (t) => {
    await arrive(t, { headers: { "user-agent": "agent/1" } });
    await t.get("/get-session");
    await t.get("/list-sessions");
    await t.get("/list-accounts");
    await t.get("/token");
    await t.post("/sign-out");
    await t.get("/get-session", { label: "afterwards" });
    await remaining(t);
  },

  "anonymous: members of the body": async (t) => {
    const body = { name: "Eve", email: "eve@example.com", isAnonymous: false, emailVerified: true, id: "x", callbackURL: "/x" };
    await arrive(t, { body });
    for (const [label, other] of Object.entries({ array: [], text: "x", number: 1, null: null }))
      await t.call("POST", ROUTE, { jar: label, raw: JSON.stringify(other), headers: { "content-type": "application/json" }, label });
    await t.call("POST", ROUTE, { jar: "form", form: { name: "Eve" }, label: "a form" });
    await t.call("POST", ROUTE, { jar: "text", raw: "x", headers: { "content-type": "text/plain" }, label: "a text" });
  },

  "anonymous: a guest who is not to be remembered": async (t) => {
    await arrive(t, { body: { rememberMe: false } });
    await t.signUp("ada", { jar: "ada", body: { rememberMe: false } });
    await arrive(t, { jar: "ada", label: "in a browser that does not remember" });
    await t.get("/get-session", { jar: "ada" });
  },

  "anonymous: a guest twice": async (t) => {
    await arrive(t);
    await t.post(ROUTE, {}, { label: "again" });
    await t.get("/get-session");
    await remaining(t);
  },

  "anonymous: a guest twice, by a bearer token": async (t) => {
    const caller = bearer(await t.post(ROUTE, {}, { jar: null }));
    await t.get("/get-session", caller);
    await t.post(ROUTE, {}, { ...caller, label: "again" });
    await remaining(t);
  },

  "anonymous: guests in two browsers": async (t) => {
    await arrive(t);
    await arrive(t, { jar: "b", label: "another" });
    await t.get("/get-session");
    await remaining(t);
  },

  "anonymous: a guest in the session of a user": async (t) => {
    await t.signUp();
    await arrive(t);
    await t.get("/get-session");
    await remaining(t);
    await t.signIn();
    await remaining(t, "who is left in the end");
  },

  "anonymous: a guest whose session has ended": async (t) => {
    await arrive(t);
    await t.age("8 days");
    await arrive(t, { label: "again" });
    await remaining(t);
  },

  "anonymous: a guest whose session is due": async (t) => {
    await arrive(t);
    await t.age("2 days");
    await t.post(ROUTE, {}, { label: "again" });
    await t.get("/get-session");
  },

  "anonymous: a guest with a bad cookie": async (t) => {
    await arrive(t, { headers: { cookie: "better-auth.session_token=x.y" } });
    await remaining(t);
  },

  "anonymous: the mark is the server's": async (t) => {
    for (const [at, isAnonymous] of FIELDS.entries())
      await t.signUp(`user${at}`, { jar: `user${at}`, body: { isAnonymous }, label: `sign-up ${JSON.stringify(isAnonymous)}` });
    await arrive(t);
    for (const isAnonymous of FIELDS)
      await t.post("/update-user", { isAnonymous }, { label: `update ${JSON.stringify(isAnonymous)}` });
    await t.post("/update-user", { name: "Ada", isAnonymous: false }, { label: "with a name" });
    await t.get("/get-session");
    await remaining(t);
  },

  "anonymous: what a guest changes": async (t) => {
    await arrive(t);
    await t.post("/update-user", { name: "Ada", image: "https://example.com/a.png" });
    await t.post("/change-password", { currentPassword: PASSWORD, newPassword: "password5678" });
    await t.post("/verify-password", { password: PASSWORD });
    await t.get("/get-session");
  },

  "anonymous: a guest's new address": async (t) => {
    await arrive(t);
    await t.post("/change-email", { newEmail: "ada@example.com" });
    await t.get("/get-session");
    await t.post(DELETE);
    await remaining(t);
  },

  "anonymous: a guest's password": async (t) => {
    const { email } = await arrive(t);
    await t.post("/request-password-reset", { email });
    const { token } = await t.message(email, "a link for a password");
    await t.post("/reset-password", { token, newPassword: PASSWORD });
    await t.post("/sign-in/email", { email, password: PASSWORD }, { jar: "b" });
    await t.post("/sign-in/email", { email, password: PASSWORD }, { label: "in the guest's own session" });
    await remaining(t);
  },

  "anonymous: a guest's address is taken": async (t) => {
    const { email } = await arrive(t);
    await t.post("/sign-up/email", { name: "Eve", email, password: PASSWORD }, { jar: "eve" });
    await remaining(t);
  },

  "anonymous: a guest's deletion": async (t) => {
    await arrive(t);
    await t.post(DELETE);
    await t.get("/get-session");
    await t.post(DELETE, {}, { label: "again" });
    await remaining(t);
  },

  "anonymous: a deletion by a bearer token": async (t) => {
    const caller = bearer(await t.post(ROUTE, {}, { jar: null }));
    await t.post(DELETE, {}, caller);
    await t.post(DELETE, {}, { ...caller, label: "again" });
    await remaining(t);
  },

  "anonymous: a deletion of a user who is no guest": async (t) => {
    await t.signUp();
    await t.post(DELETE);
    await remaining(t);
  },

  "anonymous: a deletion in an old session": async (t) => {
    await arrive(t);
    await t.age("6 days");
    await t.post(DELETE);
    await remaining(t);
  },

  "anonymous: a deletion by the other route": async (t) => {
    await arrive(t);
    await t.post("/delete-user");
    await t.get("/get-session");
    await remaining(t);
  },

  "anonymous: a deletion with members": async (t) => {
    await t.signUp("ada", { jar: "ada" });
    const [{ id }] = await t.sql(`select id from "user"`);
    await arrive(t);
    await t.post(DELETE, { userId: id, id, password: "x" });
    await remaining(t);
  },

  "anonymous: from other pages": async (t) => {
    for (const [label, headers] of Object.entries({
      trusted: { origin: "http://localhost:5173" },
      foreign: { origin: "https://evil.test" },
      none: { origin: null },
      "none, to a navigation": { origin: null, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
      null: { origin: "null" },
    }))
      await t.post(ROUTE, {}, { jar: label, headers, label });
    await remaining(t);
  },
};
