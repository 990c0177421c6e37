// Administrators and additional fields of users.
import { PASSWORD, administrator, get, idOf, impersonate, post } from "../support/admin.mjs";

export const profile = "admin-fields";

const CY = { email: "cy@example.com", name: "Cy", password: PASSWORD };
const create = (t, data, label, body) => post(t, "create-user", { ...CY, ...body, data }, label);
const update = async (t, data, label = JSON.stringify(data)) =>
  post(t, "update-user", { userId: await idOf(t, "bob"), data }, label);

async function both(t) {
  await t.signUp("root", { jar: "root", body: { locale: "en" } });
  await t.sql(`update "user" set role = 'admin'`);
  await t.signUp("bob", { jar: "bob", body: { locale: "de", handle: "bob", hidden: "secret" } });
}

export default {
  "admin fields: users with fields": async (t) => {
    await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    await get(t, "get-user", { id: await idOf(t, "bob") }, "get-user");
    await get(t, "list-users", { sortBy: "email" });
    await impersonate(t, await idOf(t, "bob"));
  },

  "admin fields: a user that is created": async (t) => {
    await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    await create(t, { locale: "fr", nickname: "C", age: 7, plan: "paid", credit: 99, hidden: "x", handle: "cy" }, "all");
    await create(t, { locale: "fr" }, "only what is needed", { email: "dan@example.com" });
    await create(t, { locale: "fr", settings: { a: [1] } }, "JSON", { email: "eve@example.com" });
  },

  "admin fields: a user without a required field": async (t) => {
    await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    await create(t, {}, "none");
    await create(t, { locale: null }, "null", { email: "dan@example.com" });
  },

  "admin fields: values of wrong types": async (t) => {
    await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    const cases = { "age a text": { age: "x" }, "plan unknown": { plan: "gold" }, "nickname a number": { nickname: 1 } };
    for (const [at, [label, data]] of Object.entries(cases).entries()) {
      await create(t, { locale: "fr", ...data }, `create, ${label}`, { email: `cy${at}@example.com` });
      await update(t, data, `update, ${label}`);
    }
  },

  "admin fields: a handle that is taken": async (t) => {
    await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    await create(t, { locale: "fr", handle: "bob" }, "create");
    await post(t, "update-user", { userId: await idOf(t, "root"), data: { handle: "bob" } });
  },

  "admin fields: changes": async (t) => {
    await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    await update(t, { nickname: "B", age: 8 });
    await update(t, { nickname: null });
    await update(t, { credit: 99 });
    await update(t, { hidden: "other" });
    await update(t, { settings: { a: 1 } });
    await update(t, { bornOn: "2000-01-02T00:00:00.000Z" });
  },

  "admin fields: lists": async (t) => {
    await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    const list = (query) => get(t, "list-users", { sortBy: "email", ...query });
    await list({ filterField: "locale", filterValue: "de" });
    await list({ filterField: "credit", filterValue: "10" });
    await list({ filterField: "credit", filterValue: "9", filterOperator: "gt" });
    await list({ filterField: "plan", filterValue: "free" });
    await list({ filterField: "handle", filterValue: "ob", filterOperator: "contains" });
    await list({ sortBy: "locale" });
    await list({ sortBy: "credit" });
  },

  "admin fields: lists by fields that are not returned": async (t) => {
    await both(t);
    await t.get("/get-session?disableCookieCache=true", { jar: "root" });
    await get(t, "list-users", { filterField: "hidden", filterValue: "secret" });
    await get(t, "list-users", { filterField: "hidden", filterValue: "s", filterOperator: "contains" });
    await get(t, "list-users", { sortBy: "hidden" });
  },

  "admin fields: an administrator": async (t) => {
    await administrator(t, "root", "admin");
  },
};
