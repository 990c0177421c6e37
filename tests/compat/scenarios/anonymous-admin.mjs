// Guests and administrators.
import { administrator, impersonate } from "../support/admin.mjs";
import { DELETE, arrive, remaining } from "../support/guests.mjs";

export const profile = "anonymous-admin";

export default {
  "anonymous and admin: a guest's role": async (t) => {
    await arrive(t);
    await t.get("/get-session");
    await administrator(t);
    await t.get("/admin/list-users?sortBy=createdAt", { jar: "root" });
  },

  "anonymous and admin: a banned guest": async (t) => {
    const { id } = await arrive(t);
    await administrator(t);
    await t.post("/admin/ban-user", { userId: id }, { jar: "root" });
    await t.get("/get-session");
    await t.signUp("bob");
    await remaining(t);
  },

  "anonymous and admin: a sign-in as a banned user": async (t) => {
    await t.signUp("bob", { jar: "bob" });
    await t.sql(`update "user" set banned = true`);
    await arrive(t);
    await t.signIn("bob");
    await remaining(t);
  },

  "anonymous and admin: an impersonated guest": async (t) => {
    await t.signUp("bob", { jar: "bob" });
    const { id } = await arrive(t);
    await administrator(t);
    await impersonate(t, id);
    await t.post(DELETE, {}, { jar: "root" });
    await remaining(t);
  },

  "anonymous and admin: a sign-in while a guest is impersonated": async (t) => {
    await t.signUp("bob", { jar: "bob" });
    const { id } = await arrive(t);
    await administrator(t);
    await impersonate(t, id);
    await t.signIn("bob", { jar: "root" });
    await t.get("/get-session", { label: "the guest's session" });
    await remaining(t);
  },

  "anonymous and admin: the end of an impersonation of a guest": async (t) => {
    const { id } = await arrive(t);
    await administrator(t);
    await impersonate(t, id);
    await t.post("/admin/stop-impersonating", {}, { jar: "root" });
    await remaining(t);
  },

  "anonymous and admin: a guest becomes an administrator's creation": async (t) => {
    await administrator(t);
    const body = { email: "eve@example.com", password: "password1234", name: "Eve", data: { isAnonymous: true } };
    await t.post("/admin/create-user", body, { jar: "root" });
    await t.signIn("eve", { jar: "eve" });
    await t.post("/sign-in/anonymous", {}, { jar: "eve" });
    await t.post(DELETE, {}, { jar: "eve" });
    await remaining(t);
  },
};
