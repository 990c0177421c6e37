// Removal of users, and their passwords.
import { NO_ID, PASSWORD, administrator, both, get, person, post, refusals } from "../support/admin.mjs";

export const profile = "admin";

const NEW = "password12345";
const remove = (t, userId, label = "remove-user") => post(t, "remove-user", { userId }, label);
const setPassword = (t, userId, newPassword = NEW, label = "set-user-password") =>
  post(t, "set-user-password", { userId, newPassword }, label);

export default {
  ...refusals("remove-user", { userId: NO_ID }),
  ...refusals("set-user-password", { userId: NO_ID, newPassword: NEW }),

  "admin remove-user: a user": async (t) => {
    const bob = await both(t);
    await remove(t, bob);
    await t.get("/get-session", { jar: "bob" });
    await t.signIn("bob", { jar: "bob" });
    await get(t, "get-user", { id: bob }, "get-user");
    await remove(t, bob, "again");
    await person(t, "bob");
  },

  "admin remove-user: no user": async (t) => {
    await both(t);
    await remove(t, NO_ID, "unknown");
    await remove(t, "", "an empty id");
  },

  "admin remove-user: the caller itself": async (t) => {
    const root = await administrator(t);
    await remove(t, root);
    await administrator(t, "other");
    await remove(t, root, "with another administrator");
  },

  "admin remove-user: another administrator": async (t) => {
    await administrator(t);
    const other = await administrator(t, "other");
    await remove(t, other);
    await t.get("/get-session", { jar: "other" });
  },

  "admin remove-user: a user with a link in a message": async (t) => {
    const bob = await both(t);
    await t.post("/request-password-reset", { email: "bob@example.com" }, { jar: null });
    const { token } = await t.message("bob@example.com");
    await remove(t, bob);
    await t.post("/reset-password", { token, newPassword: NEW }, { jar: null });
  },

  "admin set-user-password: a password": async (t) => {
    const bob = await both(t);
    await setPassword(t, bob);
    await t.get("/get-session", { jar: "bob" });
    await t.signIn("bob", { jar: "old", label: "the old password" });
    await t.signIn("bob", { jar: "new", body: { password: NEW }, label: "the new password" });
  },

  "admin set-user-password: the caller's own": async (t) => {
    const root = await administrator(t);
    await setPassword(t, root);
    await t.get("/get-session", { jar: "root" });
  },

  "admin set-user-password: passwords against the rules": async (t) => {
    const bob = await both(t);
    await setPassword(t, bob, "x", "too short");
    await setPassword(t, bob, "x".repeat(7), "7 characters");
    await setPassword(t, bob, "x".repeat(8), "8 characters");
    await setPassword(t, bob, "x".repeat(128), "128 characters");
    await setPassword(t, bob, "x".repeat(129), "129 characters");
    await setPassword(t, bob, "", "empty");
    await post(t, "set-user-password", { userId: "", newPassword: "" }, "both empty");
    await setPassword(t, NO_ID, "x", "too short, of an unknown user");
  },

  "admin set-user-password: a user without a password": async (t) => {
    await both(t);
    await post(t, "create-user", { email: "cy@example.com", name: "Cy" });
    const [{ id }] = await t.sql(`select id from "user" where email = 'cy@example.com'`);
    await setPassword(t, id);
    await t.signIn("cy", { jar: "cy", body: { password: NEW } });
  },

  "admin set-user-password: no user": async (t) => {
    await both(t);
    await setPassword(t, NO_ID, NEW, "unknown");
  },

  "admin set-user-password: another account": async (t) => {
    const bob = await both(t);
    await t.sql(`update account set "providerId" = 'github', password = null where "userId" = $1`, [bob]);
    await setPassword(t, bob);
    await t.signIn("bob", { jar: "new", body: { password: NEW } });
  },

  "admin set-user-password: without the permission": async (t) => {
    const bob = await both(t);
    await t.post("/admin/set-user-password", { userId: bob, newPassword: "x" }, { jar: "bob", label: "too short" });
    await t.signIn("bob", { jar: "new", body: { password: PASSWORD } });
  },
};
