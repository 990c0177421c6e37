// Lists of users.
import { session } from "../support/guards.mjs";
import { address, administrator, banned, get, person } from "../support/admin.mjs";

export const profile = "admin";

const list = (t, query, label) => get(t, "list-users", query, label);
/** As `list`, in an order that does not depend on the database. */
const sorted = (t, query, label = `list-users ${JSON.stringify(query)}`) => list(t, { sortBy: "email", ...query }, label);

/** `root`, and users with names in several capitals. Their addresses sort in the order of the list. */
async function createPeople(t) {
  await administrator(t);
  for (const [name, own] of [
    ["a1", "Ada Lovelace"],
    ["b2", "bob"],
    ["c_3", "BOBBY 100%"],
    ["c-4", "Cy_x"],
    ["d5", "Zoë"],
  ])
    await t.signUp(name, { jar: null, body: { name: own }, label: name });
}

export default {
  ...session("GET", "/admin/list-users"),

  "admin list-users: all": async (t) => {
    await createPeople(t);
    await sorted(t, {});
    await sorted(t, { sortDirection: "desc" });
    await sorted(t, { sortDirection: "asc" });
    await list(t, { sortBy: "name" });
    await list(t, { sortBy: "createdAt" });
    await list(t, { sortBy: "createdAt", sortDirection: "desc" });
  },

  "admin list-users: in no order": async (t) => {
    await createPeople(t);
    await list(t, {}, "without a query");
    await list(t, { sortDirection: "desc" });
    await list(t, { sortBy: "" });
  },

  "admin list-users: pages": async (t) => {
    await createPeople(t);
    await sorted(t, { limit: 2 });
    await sorted(t, { limit: 2, offset: 2 });
    await sorted(t, { limit: 2, offset: 5 });
    await sorted(t, { limit: 2, offset: 100 });
    await sorted(t, { offset: 4 });
    await sorted(t, { limit: 100 });
    await sorted(t, { limit: 1, sortDirection: "desc" });
  },

  "admin list-users: unusual pages": async (t) => {
    await createPeople(t);
    for (const value of ["0", "", "x", "1.5", "-1", "1e1", " 2 ", "0x2", "Infinity", "NaN", "99999999999999999999"]) {
      await sorted(t, { limit: value });
      await sorted(t, { offset: value });
    }
    await sorted(t, { limit: ["1", "2"] });
    await sorted(t, { limit: 0, offset: 0 });
  },

  "admin list-users: a search": async (t) => {
    await createPeople(t);
    await sorted(t, { searchValue: "b2" });
    await sorted(t, { searchValue: "@example.com" });
    await sorted(t, { searchValue: "none" });
    await sorted(t, { searchValue: "" });
    await sorted(t, { searchValue: "ob", searchField: "name" });
    await sorted(t, { searchValue: "c", searchOperator: "starts_with" });
    await sorted(t, { searchValue: "com", searchOperator: "ends_with" });
    await sorted(t, { searchValue: "com", searchOperator: "contains" });
    await sorted(t, { searchValue: "Ada", searchField: "name", searchOperator: "starts_with" });
    await sorted(t, { searchValue: "lace", searchField: "name", searchOperator: "ends_with" });
    await sorted(t, { searchValue: "ë", searchField: "name" });
    await sorted(t, { searchField: "name" });
    await sorted(t, { searchOperator: "starts_with" });
    await sorted(t, { searchValue: "example", limit: 2, offset: 1 });
  },

  "admin list-users: a search in other capitals": async (t) => {
    await createPeople(t);
    await sorted(t, { searchValue: "B2@Example" });
    await sorted(t, { searchValue: "bob", searchField: "name" });
    await sorted(t, { searchValue: "ADA", searchField: "name", searchOperator: "starts_with" });
    await sorted(t, { searchValue: "LACE", searchField: "name", searchOperator: "ends_with" });
  },

  "admin list-users: a search for wildcards": async (t) => {
    await createPeople(t);
    await sorted(t, { searchValue: "%" });
    await sorted(t, { searchValue: "c_", searchOperator: "starts_with" });
    await sorted(t, { searchValue: "%", searchField: "name" });
    await sorted(t, { searchValue: "y_x", searchField: "name" });
  },

  "admin list-users: a search for a backslash": async (t) => {
    await createPeople(t);
    await sorted(t, { searchValue: "\\" });
    await sorted(t, { searchValue: "\\b2" });
  },

  "admin list-users: texts that are no SQL": async (t) => {
    await createPeople(t);
    for (const text of ["'", "' or true --", '"', "$1", "a'b"]) {
      await sorted(t, { searchValue: text });
      await sorted(t, { filterValue: text });
    }
  },

  "admin list-users: filters by operator": async (t) => {
    await createPeople(t);
    for (const filterOperator of ["eq", "ne", "lt", "lte", "gt", "gte", "contains"])
      await sorted(t, { filterField: "email", filterValue: address("b2"), filterOperator });
    await sorted(t, { filterField: "email", filterValue: address("b2") });
    await sorted(t, { filterValue: address("b2") });
    await sorted(t, { filterField: "email" });
    await sorted(t, { filterValue: "" });
  },

  "admin list-users: filters by field": async (t) => {
    await createPeople(t);
    await t.sql(`update "user" set "emailVerified" = true where name like '%b%'`);
    await banned(t, "b2", "1 hour");
    for (const [filterField, filterValue] of [
      ["name", "bob"],
      ["name", "BOB"],
      ["role", "admin"],
      ["role", "user"],
      ["banReason", "by hand"],
      ["image", "x"],
      ["emailVerified", "true"],
      ["emailVerified", "false"],
      ["banned", "true"],
      ["banned", "false"],
    ])
      await sorted(t, { filterField, filterValue });
    await sorted(t, { filterField: "role", filterValue: "admin", filterOperator: "ne" });
    await sorted(t, { filterField: "role", filterValue: "min", filterOperator: "contains" });
  },

  "admin list-users: filters by id": async (t) => {
    await createPeople(t);
    const [{ id }] = await t.sql(`select id from "user" where email = $1`, [address("b2")]);
    await sorted(t, { filterField: "id", filterValue: id }, "one");
    await sorted(t, { filterField: "id", filterValue: id, filterOperator: "ne" }, "all others");
    await sorted(t, { filterField: "id", filterValue: "unknown" }, "none");
  },

  "admin list-users: filters by time": async (t) => {
    await createPeople(t);
    await t.sql(`update "user" set "createdAt" = "createdAt" - interval '3 days' where email like 'b%'`);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    for (const filterOperator of ["lt", "gte"])
      await sorted(t, { filterField: "createdAt", filterValue: yesterday, filterOperator }, filterOperator);
    await sorted(t, { filterField: "createdAt", filterValue: yesterday.slice(0, 10), filterOperator: "lt" }, "a day");
    await sorted(t, { filterField: "banExpires", filterValue: yesterday, filterOperator: "lt" }, "no ban");
  },

  "admin list-users: filters with values of another type": async (t) => {
    await createPeople(t);
    for (const [filterField, filterValue] of [
      ["createdAt", "x"],
      ["createdAt", ""],
      ["banned", "x"],
      ["emailVerified", "1"],
      ["emailVerified", ""],
    ])
      await sorted(t, { filterField, filterValue });
  },

  "admin list-users: filters that match part of a time or a truth": async (t) => {
    await createPeople(t);
    await sorted(t, { filterField: "createdAt", filterValue: "2", filterOperator: "contains" });
    await sorted(t, { filterField: "banned", filterValue: "t", filterOperator: "contains" });
    await sorted(t, { filterField: "banned", filterValue: "true", filterOperator: "gt" });
  },

  "admin list-users: fields that do not exist": async (t) => {
    await createPeople(t);
    for (const field of ["unknown", "password", "EMAIL", "user.email", "email desc", "constructor", "username"]) {
      await list(t, { sortBy: field });
      await sorted(t, { filterField: field, filterValue: "x" });
    }
    await sorted(t, { filterField: "", filterValue: address("b2") });
  },

  "admin list-users: a search and a filter": async (t) => {
    await createPeople(t);
    await sorted(t, { searchValue: "b", filterField: "name", filterValue: "bob" });
    await sorted(t, { searchValue: "c", filterField: "role", filterValue: "user", limit: 1 });
    await sorted(t, { searchValue: "c", filterField: "role", filterValue: "admin" });
  },

  "admin list-users: parameters of wrong values": async (t) => {
    await createPeople(t);
    for (const query of [
      { searchField: "role", searchValue: "x" },
      { searchField: "", searchValue: "x" },
      { searchOperator: "eq", searchValue: "x" },
      { searchOperator: "", searchValue: "x" },
      { sortDirection: "up" },
      { sortDirection: "" },
      { sortDirection: "DESC" },
      { filterOperator: "in", filterValue: "x" },
      { filterOperator: "starts_with", filterValue: "x" },
      { filterOperator: "" },
      { searchField: "x", searchOperator: "x", sortDirection: "x", filterOperator: "x" },
    ])
      await sorted(t, query);
    await t.get("/admin/list-users?sortDirection=up", { jar: null, label: "signed out" });
  },

  "admin list-users: parameters sent twice": async (t) => {
    await createPeople(t);
    for (const name of ["searchValue", "searchField", "sortBy", "filterField", "filterValue", "sortDirection"])
      await list(t, { [name]: ["email", "name"] });
  },

  "admin list-users: unknown parameters": async (t) => {
    await createPeople(t);
    await sorted(t, { other: "x", search: "b2" });
    await sorted(t, { searchvalue: "b2" });
  },

  "admin list-users: without the permission": async (t) => {
    await administrator(t);
    await person(t, "bob");
    await t.get("/admin/list-users", { jar: "bob" });
    await t.get("/admin/list-users?filterField=unknown&filterValue=x", { jar: "bob", label: "an unknown field" });
    await t.post("/admin/list-users", {}, { jar: "root", label: "another method" });
  },

  "admin list-users: users without roles": async (t) => {
    await createPeople(t);
    await t.sql(`update "user" set role = null, banned = null where email <> $1`, [address("root")]);
    await sorted(t, {});
    await sorted(t, { filterField: "role", filterValue: "user" });
    await sorted(t, { filterField: "role", filterValue: "admin", filterOperator: "ne" });
    await sorted(t, { filterField: "banned", filterValue: "false" });
  },

  "admin list-users: more than a hundred": async (t) => {
    await administrator(t);
    await t.sql(`insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
      select 'u' || lpad(n::text, 3, '0'), 'u', lpad(n::text, 3, '0') || '@example.com', false, now(), now()
      from generate_series(1, 149) n`);
    await sorted(t, {}, "no limit");
    await sorted(t, { limit: 120 });
    await sorted(t, { limit: 10, offset: 145 });
    await sorted(t, { offset: 60 });
    await sorted(t, { searchValue: "00" });
  },
};
