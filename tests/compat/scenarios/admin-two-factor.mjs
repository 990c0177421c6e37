// Administrators, the second factor and user names.
import { NO_ID, PASSWORD, administrator, banned, both, get, idOf, impersonate, post, stop } from "../support/admin.mjs";
import { answer, enrol } from "../support/two-factor.mjs";

export const profile = "admin-two-factor";

export default {
  "admin two factor: a ban before the second step": async (t) => {
    await both(t);
    const { app } = await enrol(t, { jar: "bob" });
    await banned(t, "bob");
    await t.signIn("bob", { jar: "new" });
    await answer(t, app, {}, { jar: "new" });
  },

  "admin two factor: a ban between the steps": async (t) => {
    await both(t);
    const { app } = await enrol(t, { jar: "bob" });
    await t.signIn("bob", { jar: "new" });
    await banned(t, "bob");
    await answer(t, app, {}, { jar: "new" });
    await t.get("/get-session", { jar: "new" });
  },

  "admin two factor: an expired ban": async (t) => {
    await both(t);
    const { app } = await enrol(t, { jar: "bob" });
    await banned(t, "bob", "-1 hour");
    await t.signIn("bob", { jar: "new" });
    await answer(t, app, {}, { jar: "new" });
    await t.get("/get-session", { jar: "new" });
  },

  "admin two factor: an impersonation of a user with a second factor": async (t) => {
    const bob = await both(t);
    await enrol(t, { jar: "bob" });
    await impersonate(t, bob);
    await t.get("/get-session", { jar: "root" });
    await stop(t);
  },

  "admin two factor: changes of the second factor during an impersonation": async (t) => {
    const bob = await both(t);
    await impersonate(t, bob);
    await t.post("/two-factor/enable", { password: PASSWORD }, { jar: "root" });
    await t.post("/two-factor/disable", { password: PASSWORD }, { jar: "root" });
  },

  "admin two factor: the second factor of a new user": async (t) => {
    await administrator(t);
    const cy = { email: "cy@example.com", name: "Cy", password: PASSWORD };
    await post(t, "create-user", { ...cy, data: { twoFactorEnabled: true } }, "enabled in data");
    await t.signIn("cy", { jar: "cy" });
  },

  "admin two factor: the second factor in data": async (t) => {
    const bob = await both(t);
    await enrol(t, { jar: "bob" });
    await post(t, "update-user", { userId: bob, data: { twoFactorEnabled: false } });
    await t.signIn("bob", { jar: "new" });
  },

  "admin two factor: users with names": async (t) => {
    const bob = await both(t);
    await post(t, "update-user", { userId: bob, data: { username: "bob_b", displayUsername: "Bob B." } });
    await t.post("/sign-in/username", { username: "bob_b", password: PASSWORD }, { jar: "new" });
    await get(t, "list-users", { sortBy: "email" });
    await get(t, "list-users", { filterField: "username", filterValue: "bob_b" });
  },

  "admin two factor: names of wrong forms": async (t) => {
    const bob = await both(t);
    for (const username of ["a", "Bob_B", "a b", 1, null])
      await post(t, "update-user", { userId: bob, data: { username } }, `username ${JSON.stringify(username)}`);
  },

  "admin two factor: a name that is taken": async (t) => {
    const bob = await both(t);
    await t.post("/update-user", { username: "root_r" }, { jar: "root" });
    await post(t, "update-user", { userId: bob, data: { username: "root_r" } });
  },

  "admin two factor: a new user with a name": async (t) => {
    await administrator(t);
    const cy = { email: "cy@example.com", name: "Cy", password: PASSWORD };
    await post(t, "create-user", { ...cy, data: { username: "cy_c" } });
    await t.post("/sign-in/username", { username: "cy_c", password: PASSWORD }, { jar: "cy" });
  },

  "admin two factor: a banned user with a name": async (t) => {
    await t.signUp("bob", { jar: "bob", body: { username: "bob_b" } });
    await banned(t, "bob");
    await t.post("/sign-in/username", { username: "bob_b", password: PASSWORD }, { jar: "new" });
    await t.post("/sign-in/username", { username: "bob_b", password: "wrong-password" }, { jar: "new", label: "wrong" });
    await banned(t, "bob", "-1 hour");
    await t.post("/sign-in/username", { username: "bob_b", password: PASSWORD }, { jar: "new", label: "expired" });
  },

  "admin two factor: removal of a user with a second factor": async (t) => {
    await both(t);
    await enrol(t, { jar: "bob" });
    await post(t, "remove-user", { userId: await idOf(t, "bob") });
    await post(t, "remove-user", { userId: NO_ID }, "unknown");
  },
};
