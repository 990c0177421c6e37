// Sessions of users, for administrators.
import { NO_ID, both, idOf, post, refusals } from "../support/admin.mjs";

export const profile = "admin";

const list = (t, userId, label) => post(t, "list-user-sessions", { userId }, label);
const tokenOf = async (t, name) => {
  const [row] = await t.sql(`select token from session where "userId" = $1`, [await idOf(t, name)]);
  return row.token;
};

export default {
  ...refusals("list-user-sessions", { userId: NO_ID }),
  ...refusals("revoke-user-session", { sessionToken: NO_ID }),
  ...refusals("revoke-user-sessions", { userId: NO_ID }),

  "admin list-user-sessions: one session": async (t) => {
    const bob = await both(t);
    await list(t, bob, "one");
    await list(t, await idOf(t, "root"), "the caller's own");
    await list(t, NO_ID, "an unknown user");
    await list(t, "", "an empty id");
  },

  "admin list-user-sessions: expired sessions": async (t) => {
    const bob = await both(t);
    await t.sql(`update session set "expiresAt" = now() - interval '1 day' where "userId" = $1`, [bob]);
    await list(t, bob);
  },

  "admin list-user-sessions: several sessions": async (t) => {
    const bob = await both(t);
    await t.signIn("bob", { jar: "two", headers: { "user-agent": "agent/2" } });
    await t.signIn("bob", { jar: "three", headers: { "user-agent": "agent/3" }, body: { rememberMe: false } });
    await list(t, bob);
    await post(t, "revoke-user-sessions", { userId: bob });
    await list(t, bob, "none left");
  },

  "admin revoke-user-session: a session": async (t) => {
    await both(t);
    await t.signIn("bob", { jar: "two" });
    await t.get("/get-session", { jar: "bob" });
    await post(t, "revoke-user-session", { sessionToken: await tokenOf(t, "bob") });
    await t.get("/get-session", { jar: "bob", label: "after it" });
    await t.get("/get-session", { jar: "two", label: "the other session" });
  },

  "admin revoke-user-session: no session": async (t) => {
    await both(t);
    await post(t, "revoke-user-session", { sessionToken: NO_ID }, "unknown");
    await post(t, "revoke-user-session", { sessionToken: "" }, "empty");
    await post(t, "revoke-user-session", { sessionToken: "a".repeat(5000) }, "long");
    const [{ id }] = await t.sql("select id from session limit 1");
    await post(t, "revoke-user-session", { sessionToken: id }, "an id");
  },

  "admin revoke-user-session: the caller's own": async (t) => {
    await both(t);
    await post(t, "revoke-user-session", { sessionToken: await tokenOf(t, "root") });
    await t.get("/get-session", { jar: "root" });
  },

  "admin revoke-user-session: an expired session": async (t) => {
    const bob = await both(t);
    await t.sql(`update session set "expiresAt" = now() - interval '1 day' where "userId" = $1`, [bob]);
    await post(t, "revoke-user-session", { sessionToken: await tokenOf(t, "bob") });
  },

  "admin revoke-user-sessions: all": async (t) => {
    const bob = await both(t);
    await t.signIn("bob", { jar: "two" });
    await post(t, "revoke-user-sessions", { userId: bob });
    await t.get("/get-session", { jar: "bob" });
    await t.get("/get-session", { jar: "two", label: "the second" });
    await t.get("/get-session", { jar: "root", label: "the administrator's" });
    await post(t, "revoke-user-sessions", { userId: bob }, "again");
    await post(t, "revoke-user-sessions", { userId: NO_ID }, "an unknown user");
    await post(t, "revoke-user-sessions", { userId: "" }, "an empty id");
  },

  "admin revoke-user-sessions: the caller's own": async (t) => {
    await both(t);
    await post(t, "revoke-user-sessions", { userId: await idOf(t, "root") });
    await t.get("/get-session", { jar: "root" });
  },

  "admin list-sessions: the user's own route": async (t) => {
    await both(t);
    await t.get("/list-sessions", { jar: "bob" });
    const ids = [await idOf(t, "root"), await idOf(t, "bob")];
    await t.sql(`update session set "impersonatedBy" = $1 where "userId" = $2`, ids);
    await t.get("/list-sessions", { jar: "bob", label: "of an impersonation" });
  },
};
