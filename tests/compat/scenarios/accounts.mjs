import { requestChecks, session } from "../support/guards.mjs";

const LIST = "/list-accounts";
const UNLINK = "/unlink-account";

/** Inserts an account of a social provider. */
function linked(t, provider, account, scope = null) {
  const row = `insert into account (id, "accountId", "providerId", "userId", scope, "accessToken", "createdAt", "updatedAt")
    select $1, $2, $3, id, $4, 'secret', now() + interval '1 second', now() from "user" where email = 'ada@example.com'`;
  return t.sql(row, [`${provider}-${account}`, account, provider, scope]);
}

export default {
  ...session("GET", LIST),
  ...requestChecks(UNLINK, { providerId: "github" }),
  ...session("POST", UNLINK, { providerId: "github" }),

  "list accounts: good": async (t) => {
    await t.signUp();
    await t.signUp("bob", { jar: "bob" });
    await t.get(LIST, { label: "one" });
    await linked(t, "github", "4711");
    await t.get(LIST, { label: "two" });
    await t.get(LIST, { jar: "bob", label: "another's" });
    await t.sql("delete from account");
    await t.get(LIST, { label: "none" });
  },

  "list accounts: scopes": async (t) => {
    await t.signUp();
    for (const scope of [null, "", "a", "a,b", "a b", ",", "a,", "email,profile openid"]) {
      await t.sql(`update account set scope = $1`, [scope]);
      await t.get(LIST, { label: `scope ${JSON.stringify(scope)}` });
    }
  },

  "list accounts: origins, methods and paths": async (t) => {
    await t.signUp();
    for (const origin of ["https://evil.test", "http://localhost:5173", null])
      await t.get(LIST, { headers: { origin }, label: `from ${origin}` });
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"]) await t.call(method, LIST);
    await t.get(`${LIST}/`);
    await t.get(`${LIST}?a=b`);
  },

  "unlink account: good": async (t) => {
    await t.signUp();
    await linked(t, "github", "4711");
    await t.post(UNLINK, { providerId: "github" });
    await t.get(LIST);
    await t.post(UNLINK, { providerId: "credential" }, { label: "the last" });
  },

  "unlink account: one of several": async (t) => {
    await t.signUp();
    for (const account of ["1", "2", "3"]) await linked(t, "github", account);
    await linked(t, "google", "1");
    await t.post(UNLINK, { providerId: "github", accountId: "2" });
    await t.post(UNLINK, { providerId: "github", accountId: "2" }, { label: "again" });
    await t.post(UNLINK, { providerId: "google", accountId: "3" }, { label: "another's" });
    await t.post(UNLINK, { providerId: "github", accountId: "github-1" }, { label: "by the row's id" });
    await t.post(UNLINK, { providerId: "google" });
    await t.get(LIST);
  },

  "unlink account: the password": async (t) => {
    await t.signUp();
    await linked(t, "github", "4711");
    await t.post(UNLINK, { providerId: "credential" });
    await t.signIn("ada", { jar: "b" });
    await t.post("/change-password", { currentPassword: "password1234", newPassword: "password5678" });
  },

  "unlink account: refused": async (t) => {
    await t.signUp();
    await t.post(UNLINK, { providerId: "unknown" }, { label: "the last, unknown" });
    await linked(t, "github", "4711");
    for (const providerId of ["unknown", "", "GitHub", "x".repeat(300)])
      await t.post(UNLINK, { providerId }, { label: `provider ${providerId.slice(0, 9)}` });
    await t.post(UNLINK, { providerId: "github", accountId: "" }, { label: "an empty account" });
  },

  "unlink account: no accounts": async (t) => {
    await t.signUp();
    await t.sql("delete from account");
    await t.post(UNLINK, { providerId: "credential" });
  },

  "unlink account: fresh or not": async (t) => {
    await t.signUp();
    await linked(t, "github", "4711");
    await t.age("23 hours 58 minutes");
    await t.post(UNLINK, { providerId: "unknown" }, { label: "fresh" });
    await t.sql(`update session set "createdAt" = "createdAt" - interval '2 days', "updatedAt" = "updatedAt" - interval '3 minutes', "expiresAt" = now() + interval '7 days'`);
    await t.post(UNLINK, { providerId: "unknown" }, { label: "old" });
    await t.post(UNLINK, {}, { label: "old, with an empty body" });
  },

  "unlink account: begun long ago, renewed today": async (t) => {
    await t.signUp();
    await linked(t, "github", "4711");
    await t.sql(`update session set "createdAt" = now() - interval '3 days'`);
    await t.post(UNLINK, { providerId: "unknown" });
  },

  "unlink account: fields of wrong types": async (t) => {
    await t.signUp();
    for (const body of [{}, { providerId: 1 }, { providerId: null, accountId: null }, { providerId: "x", accountId: 1 }])
      await t.post(UNLINK, body, { label: JSON.stringify(body) });
    await t.post(UNLINK, {}, { jar: null, label: "without a session" });
  },
};
