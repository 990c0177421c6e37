// Roles of its own, and other values of all options.
import { address, administrator, banned, get, idOf, impersonate, person, post, stop } from "../support/admin.mjs";

export const profile = "admin-options";

const boss = (t) => administrator(t, "root", "boss");
/** Signs a user up whose id is one of `adminUserIds`. */
async function chosen(t, name = "root") {
  const id = await person(t, name);
  await t.sql(`insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", role)
    select 'chosen', name, 'chosen@example.com', false, "createdAt", "updatedAt", role from "user" where id = $1`, [id]);
  for (const table of ["account", "session"])
    await t.sql(`update ${table} set "userId" = 'chosen' where "userId" = $1`, [id]);
  await t.sql(`delete from "user" where id = $1`, [id]);
  await t.sql(`update "user" set email = $1 where id = 'chosen'`, [address(name)]);
}

export default {
  "admin options: the default role": async (t) => {
    await person(t, "bob");
    await t.get("/get-session", { jar: "bob" });
    await boss(t);
    await post(t, "create-user", { email: "cy@example.com", name: "Cy" });
  },

  "admin options: roles": async (t) => {
    await boss(t);
    const bob = await person(t, "bob");
    for (const role of ["support", ["writer", "support"], "admin", "user", "unknown", ["writer", "admin"], "", [], [""]])
      await post(t, "set-role", { userId: bob, role }, `set-role ${JSON.stringify(role)}`);
    for (const role of ["support", ["writer", "support"], "admin", ["writer", "unknown"], "", null])
      await post(t, "update-user", { userId: bob, data: { role } }, `update-user ${JSON.stringify(role)}`);
  },

  "admin options: a list of roles in a text": async (t) => {
    await boss(t);
    const bob = await person(t, "bob");
    await post(t, "set-role", { userId: bob, role: "writer,boss" }, "set-role");
    await post(t, "set-role", { userId: bob, role: ["writer,boss"] }, "set-role, in an item");
    await post(t, "update-user", { userId: bob, data: { role: "writer,boss" } }, "update-user");
  },

  "admin options: roles of new users": async (t) => {
    await boss(t);
    const cases = ["support", ["writer", "support"], "writer,support", "unknown", "admin"];
    for (const [at, role] of cases.entries())
      await post(t, "create-user", { email: `cy${at}@example.com`, name: "Cy", role }, JSON.stringify(role));
  },

  "admin options: names of objects": async (t) => {
    await boss(t);
    const bob = await person(t, "bob");
    for (const role of ["constructor", "toString", "__proto__"])
      await post(t, "set-role", { userId: bob, role }, `set-role ${role}`);
  },

  "admin options: permissions of a role": async (t) => {
    await administrator(t, "root", "support");
    const bob = await person(t, "bob");
    await get(t, "list-users", { sortBy: "email" });
    await get(t, "get-user", { id: bob }, "get-user");
    await post(t, "set-role", { userId: bob, role: "writer" });
    await post(t, "update-user", { userId: bob, data: { name: "Bob B." } });
    await post(t, "update-user", { userId: bob, data: { role: "writer" } }, "update-user with a role");
    await post(t, "list-user-sessions", { userId: bob });
    await post(t, "revoke-user-sessions", { userId: bob });
    await post(t, "revoke-user-session", { sessionToken: "x" });
    await post(t, "set-user-password", { userId: bob, newPassword: "password12345" });
    await post(t, "remove-user", { userId: bob });
    await post(t, "ban-user", { userId: bob });
    await post(t, "unban-user", { userId: bob });
    await impersonate(t, bob);
  },

  "admin options: a role in a user that a role without the permission creates": async (t) => {
    await administrator(t, "root", "support");
    await post(t, "create-user", { email: "cy@example.com", name: "Cy" }, "no role");
    await post(t, "create-user", { email: "dan@example.com", name: "Dan", role: "boss" }, "a role");
    await post(t, "create-user", { email: "eve@example.com", name: "Eve", data: { role: "boss" } }, "a role in data");
  },

  "admin options: two roles": async (t) => {
    await administrator(t, "root", "writer,support");
    const bob = await person(t, "bob");
    await get(t, "list-users", { sortBy: "email" });
    await post(t, "set-role", { userId: bob, role: "support" });
    await post(t, "has-permission", { permissions: { user: ["list"], project: ["share"] } }, "both of one role");
    await post(t, "has-permission", { permissions: { user: ["list"], project: ["create"] } }, "one of each role");
  },

  "admin options: permissions of other resources": async (t) => {
    await boss(t);
    await person(t, "bob");
    for (const permissions of [{ project: ["create", "share"] }, { project: ["delete"] }, { project: [] }, { other: [] }]) {
      await post(t, "has-permission", { permissions }, `root ${JSON.stringify(permissions)}`);
      await t.post("/admin/has-permission", { permissions }, { jar: "bob", label: `bob ${JSON.stringify(permissions)}` });
    }
  },

  "admin options: an administrator by id": async (t) => {
    await chosen(t);
    const bob = await person(t, "bob");
    await get(t, "list-users", { sortBy: "email" });
    await post(t, "has-permission", { permissions: { anything: ["at all"] } });
    await post(t, "has-permission", { permissions: {} }, "nothing");
    await post(t, "ban-user", { userId: bob });
    await post(t, "ban-user", { userId: "chosen" }, "the caller itself");
    await t.sql(`update "user" set role = 'unknown' where id = 'chosen'`);
    await post(t, "unban-user", { userId: bob }, "with an unknown role");
  },

  "admin options: bans": async (t) => {
    await boss(t);
    const bob = await person(t, "bob");
    const ban = (body, label) => post(t, "ban-user", { userId: bob, ...body }, label);
    await ban({}, "no values");
    await t.signIn("bob", { jar: "bob" });
    await ban({ banReason: "Spam", banExpiresIn: 7200 }, "both values");
    await ban({ banReason: "", banExpiresIn: 0 }, "empty values");
  },

  "admin options: a banned user's message": async (t) => {
    await person(t, "bob");
    await banned(t, "bob");
    await t.signIn("bob", { jar: "new" });
  },

  "admin options: impersonation": async (t) => {
    await boss(t);
    const bob = await person(t, "bob");
    await impersonate(t, bob);
    await t.get("/get-session", { jar: "root" });
    await stop(t);
  },

  "admin options: impersonation of administrators": async (t) => {
    await boss(t);
    await administrator(t, "other", "boss");
    await impersonate(t, await idOf(t, "other"));
    await get(t, "list-users", { sortBy: "email" });
    await stop(t);
  },

  "admin options: impersonation of an administrator by id": async (t) => {
    await boss(t);
    await chosen(t, "other");
    await impersonate(t, "chosen");
    await stop(t);
  },

  "admin options: impersonation of a user with more permissions": async (t) => {
    await administrator(t, "root", "support");
    await administrator(t, "other", "boss");
    await impersonate(t, await idOf(t, "other"));
  },
};
