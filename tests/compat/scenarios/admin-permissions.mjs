// Questions about permissions.
import { session } from "../support/guards.mjs";
import { NO_ID, OF_WRONG_TYPE, administrator, both, idOf, person, post } from "../support/admin.mjs";

export const profile = "admin";

const BODY = { permissions: { user: ["list"] } };
const ask = (t, body, label = JSON.stringify(body)) => post(t, "has-permission", body, label);
const askBob = (t, body, label = JSON.stringify(body)) => t.post("/admin/has-permission", body, { jar: "bob", label });

export default {
  ...session("POST", "/admin/has-permission", BODY),

  "admin has-permission: an administrator": async (t) => {
    await administrator(t);
    for (const permissions of [
      { user: ["list"] },
      { user: ["list", "ban"] },
      { user: ["list"], session: ["revoke"] },
      { user: ["list", "unknown"] },
      { user: ["list"], unknown: ["x"] },
      { unknown: ["list"], user: ["list"] },
      { session: ["delete"] },
      { user: [] },
      {},
      { constructor: ["x"] },
      { user: ["list", "list"] },
    ]) {
      await ask(t, { permissions });
      await ask(t, { permission: permissions });
    }
  },

  "admin has-permission: a user": async (t) => {
    await both(t);
    await askBob(t, BODY);
    await askBob(t, { permissions: { user: [] } });
    await askBob(t, { permissions: {} });
    await askBob(t, { permissions: { session: [], user: [] } });
  },

  "admin has-permission: other users and roles": async (t) => {
    const bob = await both(t);
    await askBob(t, { ...BODY, role: "admin" });
    await askBob(t, { ...BODY, userId: await idOf(t, "root") }, "of an administrator");
    await ask(t, { ...BODY, userId: bob }, "of a user");
    await ask(t, { ...BODY, role: "user" });
    await ask(t, { ...BODY, userId: NO_ID }, "of an unknown user");
    await ask(t, { ...BODY, role: "unknown" });
  },

  "admin has-permission: several roles": async (t) => {
    await administrator(t, "root", "user,admin");
    await ask(t, BODY);
    await t.sql(`update "user" set role = 'user, admin'`);
    await ask(t, BODY, "with a space");
    await t.sql(`update "user" set role = 'unknown,admin'`);
    await ask(t, BODY, "one unknown");
    await t.sql(`update "user" set role = ''`);
    await ask(t, BODY, "empty");
    await t.sql(`update "user" set role = null`);
    await ask(t, BODY, "none");
  },

  "admin has-permission: bodies": async (t) => {
    await administrator(t);
    for (const body of [
      {},
      { permission: { user: ["list"] }, permissions: { user: ["list"] } },
      { permission: null, permissions: { user: ["list"] } },
      { permission: { user: ["list"] }, permissions: null },
      { role: "admin" },
      { userId: "x" },
      { permissions: { user: "list" } },
      { permissions: { user: [1] } },
      { permissions: { user: null } },
      { permissions: { user: { actions: ["list"], connector: "OR" } } },
      { permissions: ["user"] },
      { permissions: "user" },
      { ...BODY, role: 1 },
      { ...BODY, role: null },
      { ...BODY, role: ["admin"] },
      { permissions: 1, permission: 1, role: 1 },
    ])
      await ask(t, body);
    for (const [name, value] of Object.entries(OF_WRONG_TYPE)) await ask(t, { ...BODY, userId: value }, `userId ${name}`);
  },

  "admin has-permission: signed out": async (t) => {
    await t.post("/admin/has-permission", BODY, { jar: null });
    await t.post("/admin/has-permission", { ...BODY, role: "admin" }, { jar: null, label: "a role" });
    await t.post("/admin/has-permission", {}, { jar: null, label: "an empty body" });
    await t.call("POST", "/admin/has-permission", { jar: null, label: "no body" });
    await t.get("/admin/has-permission", { jar: null, label: "another method" });
  },

  "admin has-permission: no body, with a session": async (t) => {
    await administrator(t);
    await t.call("POST", "/admin/has-permission", { jar: "root" });
  },

  "admin get-session: fields of users": async (t) => {
    await person(t, "bob");
    await t.get("/get-session", { jar: "bob" });
    await t.get("/token", { jar: "bob" });
  },
};
