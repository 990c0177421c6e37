// Changes of roles.
import { requestChecks, session } from "../support/guards.mjs";
import { NO_ID, administrator, both, idOf, person, post, refusals } from "../support/admin.mjs";

export const profile = "admin";

const BODY = { userId: NO_ID, role: "user" };
const setRole = (t, userId, role, label) => post(t, "set-role", { userId, role }, label);

export default {
  ...refusals("set-role", BODY),
  ...requestChecks("/admin/set-role", BODY),
  ...session("POST", "/admin/set-role", BODY),

  "admin set-role: one role": async (t) => {
    const bob = await both(t);
    await t.get("/admin/list-users?sortBy=email", { jar: "bob", label: "not yet" });
    await setRole(t, bob, "admin", "admin");
    await t.get("/admin/list-users?sortBy=email", { jar: "bob", label: "at once" });
    await setRole(t, bob, "user", "user");
    await t.get("/admin/list-users?sortBy=email", { jar: "bob", label: "no more" });
    await t.get("/get-session", { jar: "bob" });
  },

  "admin set-role: several roles": async (t) => {
    const bob = await both(t);
    await setRole(t, bob, ["user", "admin"], "two");
    await t.get("/admin/list-users?sortBy=email", { jar: "bob", label: "one of them permits it" });
    await setRole(t, bob, ["user"], "one");
    await setRole(t, bob, ["user", "user"], "one twice");
    await setRole(t, bob, "user,admin", "a list in a text");
    await setRole(t, bob, ["user,admin", "user"], "a list in an item");
  },

  "admin set-role: roles that do not exist": async (t) => {
    const bob = await both(t);
    for (const role of ["unknown", "ADMIN", " admin", "constructor", "__proto__"])
      await setRole(t, bob, role, `role "${role}"`);
    await setRole(t, bob, ["user", "unknown"], "one of two");
    await setRole(t, bob, "user,unknown", "one of a list");
  },

  "admin set-role: empty roles": async (t) => {
    const bob = await both(t);
    await setRole(t, bob, "", "an empty text");
    await setRole(t, bob, [], "an empty list");
    await setRole(t, bob, [""], "an empty item");
    await setRole(t, bob, ["", "user"], "an empty item of two");
    await setRole(t, bob, "user,", "a comma at the end");
  },

  "admin set-role: a list with an item of a wrong type": async (t) => {
    const bob = await both(t);
    for (const role of [["user", 1], [null], [["user"]], [{}]]) await setRole(t, bob, role, JSON.stringify(role));
  },

  "admin set-role: a user that does not exist": async (t) => {
    await both(t);
    await setRole(t, NO_ID, "user", "an unknown id");
    await setRole(t, "", "user", "an empty id");
    await setRole(t, "undefined", "user", "undefined");
  },

  "admin set-role: the caller's own": async (t) => {
    const root = await administrator(t);
    await administrator(t, "other");
    await setRole(t, root, ["admin", "user"], "more");
    await setRole(t, root, "user", "less");
    await setRole(t, root, "admin", "back");
    await t.get("/get-session", { jar: "root" });
  },

  "admin set-role: of another administrator": async (t) => {
    await administrator(t);
    const other = await administrator(t, "other");
    await setRole(t, other, "user");
    await t.get("/admin/list-users", { jar: "other" });
  },

  "admin set-role: a role with several parts": async (t) => {
    await administrator(t, "root", "user,admin");
    const bob = await person(t, "bob");
    await setRole(t, bob, "admin");
    await t.sql(`update "user" set role = 'user, admin' where id = $1`, [await idOf(t, "root")]);
    await setRole(t, bob, "user", "with a space");
  },

  "admin set-role: members that are not known": async (t) => {
    const bob = await both(t);
    await post(t, "set-role", { userId: bob, role: "user", banned: true, name: "x", id: "y" });
  },
};
