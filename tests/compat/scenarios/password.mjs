import { requestChecks, session } from "../support/guards.mjs";

const CHANGE = "/change-password";
const VERIFY = "/verify-password";
const GOOD = { currentPassword: "password1234", newPassword: "password5678" };

const signIns = async (t, password) => {
  await t.signIn("ada", { jar: "new", body: { password: GOOD.newPassword }, label: "the new one" });
  await t.signIn("ada", { jar: "old", body: { password }, label: "the old one" });
};

export default {
  ...requestChecks(CHANGE, GOOD),
  ...session("POST", CHANGE, GOOD),
  ...requestChecks(VERIFY, { password: "password1234" }),
  ...session("POST", VERIFY, { password: "password1234" }),

  "change password: good": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: "b" });
    await t.post(CHANGE, GOOD);
    await t.get("/get-session");
    await t.get("/get-session", { jar: "b", label: "the other session" });
    await signIns(t, GOOD.currentPassword);
  },

  "change password: other sessions revoked": async (t) => {
    await t.signUp("ada", { headers: { "user-agent": "agent/1" } });
    const old = new Map(t.jar());
    await t.signIn("ada", { jar: "b" });
    await t.signUp("bob", { jar: "bob" });
    await t.post(CHANGE, { ...GOOD, revokeOtherSessions: true }, { headers: { "user-agent": "agent/2" } });
    await t.get("/get-session");
    const cookie = [...old].map((pair) => pair.join("=")).join("; ");
    await t.get("/get-session", { headers: { cookie }, label: "the old cookie" });
    await t.get("/get-session", { jar: "b", label: "the other session" });
    await t.get("/get-session", { jar: "bob", label: "another's" });
  },

  "change password: other sessions kept": async (t) => {
    await t.signUp();
    await t.post(CHANGE, { ...GOOD, revokeOtherSessions: false });
  },

  "change password: other sessions revoked, not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await t.post(CHANGE, { ...GOOD, revokeOtherSessions: true });
    await t.get("/get-session");
  },

  "change password: refused": async (t) => {
    await t.signUp();
    for (const [label, body] of Object.entries({
      wrong: { ...GOOD, currentPassword: "wrong-password" },
      "wrong and short": { ...GOOD, currentPassword: "x" },
      empty: { ...GOOD, currentPassword: "" },
      "too short": { ...GOOD, newPassword: "1234567" },
      "too long": { ...GOOD, newPassword: "x".repeat(129) },
      nothing: { ...GOOD, newPassword: "" },
      "too short and wrong": { newPassword: "1234567", currentPassword: "wrong-password" },
    }))
      await t.post(CHANGE, body, { label });
    await t.post(CHANGE, { ...GOOD, newPassword: GOOD.currentPassword }, { label: "the same" });
  },

  "change password: a current one that is too long": async (t) => {
    await t.signUp();
    await t.post(CHANGE, { ...GOOD, currentPassword: "x".repeat(129) });
  },

  "change password: fields of wrong types": async (t) => {
    await t.signUp();
    for (const body of [
      {},
      { newPassword: 1, currentPassword: 2 },
      { ...GOOD, revokeOtherSessions: "true" },
      { ...GOOD, revokeOtherSessions: null },
      { ...GOOD, revokeOtherSessions: 1 },
      { newPassword: "password5678" },
    ])
      await t.post(CHANGE, body, { label: JSON.stringify(body) });
    await t.post(CHANGE, {}, { jar: null, label: "without a session" });
  },

  "change password: no stored password": async (t) => {
    await t.signUp();
    await t.sql("update account set password = null");
    await t.post(CHANGE, GOOD, { label: "no password" });
    await t.sql(`update account set "providerId" = 'github'`);
    await t.post(CHANGE, GOOD, { label: "another provider" });
    await t.sql("delete from account");
    await t.post(CHANGE, GOOD, { label: "no account" });
  },

  "verify password: right and wrong": async (t) => {
    await t.signUp();
    for (const password of ["password1234", "wrong-password", "", "PASSWORD1234"])
      await t.post(VERIFY, { password }, { label: `"${password}"` });
  },

  "verify password: one that is too long": async (t) => {
    await t.signUp();
    await t.post(VERIFY, { password: "x".repeat(129) });
  },

  "verify password: fields of wrong types": async (t) => {
    await t.signUp();
    for (const body of [{}, { password: null }, { password: 1 }])
      await t.post(VERIFY, body, { label: JSON.stringify(body) });
  },

  "verify password: no stored password": async (t) => {
    await t.signUp();
    await t.sql("update account set password = null");
    await t.post(VERIFY, { password: "password1234" }, { label: "no password" });
    await t.sql("delete from account");
    await t.post(VERIFY, { password: "password1234" }, { label: "no account" });
  },
};
