// Lists of members: paging, order, filters. Whether a caller may do something.
import { requestChecks, session } from "../support/guards.mjs";
import {
  NO_ID,
  activate,
  create,
  each,
  enter,
  founded,
  joined,
  person,
  post,
  read,
} from "../support/organizations.mjs";

export const profile = "organization";

const LIST = "list-members";
const PERMISSION = "has-permission";

/** Ada's organization with five members. */
async function populated(t) {
  const { ada, acme } = await founded(t);
  for (const [name, role] of Object.entries({
    bob: "member",
    cy: "admin",
    dan: "member",
    eve: "admin,member",
    fay: "guest",
  }))
    await joined(t, acme, name, role);
  return { ada, acme };
}

/** Lists with each of the queries, sorted by the time of joining if no order is given. */
async function lists(t, queries) {
  for (const query of queries) await read(t, LIST, { sortBy: "createdAt", ...query }, { label: JSON.stringify(query) });
}

export default {
  ...session("GET", `/organization/${LIST}`),
  ...requestChecks(`/organization/${PERMISSION}`, { permissions: { team: ["create"] } }),
  ...session("POST", `/organization/${PERMISSION}`, { permissions: { team: ["create"] } }),

  "organization: a list of members": async (t) => {
    const { acme } = await populated(t);
    await read(t, LIST);
    await read(t, LIST, { organizationId: acme.id }, { who: "bob" });
    await read(t, LIST, { organizationSlug: "acme" }, { who: "bob" });
    await read(t, LIST, { organizationSlug: "acme", organizationId: NO_ID });
  },

  "organization: a list of members that cannot be read": async (t) => {
    const { acme } = await populated(t);
    await person(t, "ian");
    await read(t, LIST, {}, { who: "ian", label: "none is active" });
    await read(t, LIST, { organizationId: acme.id }, { who: "ian", label: "by a user who is no member" });
    await read(t, LIST, { organizationSlug: "acme" }, { who: "ian", label: "by slug" });
    await read(t, LIST, { organizationId: NO_ID }, { label: "unknown" });
    await read(t, LIST, { organizationSlug: "unknown" }, { label: "an unknown slug" });
    await read(t, LIST, { organizationId: "", organizationSlug: "" }, { label: "empty" });
    await read(t, LIST, { organizationId: acme.id }, { jar: null, label: "no session" });
  },

  "organization: members by pages": async (t) => {
    await populated(t);
    await lists(t, [
      { limit: 2 },
      { limit: 2, offset: 2 },
      { limit: 2, offset: 4 },
      { offset: 5 },
      { limit: 100 },
      { limit: 0 },
      { limit: "" },
      { offset: "" },
    ]);
  },

  "organization: members after the last page": async (t) => {
    await populated(t);
    await lists(t, [{ limit: 2, offset: 6 }, { offset: 100 }]);
  },

  "organization: members with an invalid limit": async (t) => {
    await populated(t);
    await lists(t, [
      { limit: "abc" },
      { limit: "-1" },
      { limit: "1.5" },
      { limit: "2e0" },
      { limit: "0x2" },
      { limit: " 2 " },
      { offset: "abc" },
      { offset: "-1" },
      { offset: "1.5" },
      { limit: "99999999999999999999" },
    ]);
  },

  "organization: members in an order": async (t) => {
    await populated(t);
    await lists(t, [
      { sortBy: "createdAt", sortDirection: "asc" },
      { sortBy: "createdAt", sortDirection: "desc" },
      { sortBy: "createdAt", limit: 3, sortDirection: "desc" },
    ]);
    await t.sql(`update member set role = role || (select u.name from "user" u where u.id = "userId")`);
    await lists(t, [
      { sortBy: "role" },
      { sortBy: "role", sortDirection: "desc" },
      { sortBy: "role", sortDirection: "asc", limit: 2 },
    ]);
  },

  "organization: members in an invalid order": async (t) => {
    await populated(t);
    await lists(t, [
      { sortDirection: "up" },
      { sortDirection: "" },
      { sortBy: "unknown" },
      { sortBy: "email" },
      { sortBy: "" },
      { sortBy: 'role"; drop table member' },
    ]);
  },

  "organization: members with a value": async (t) => {
    const { ada } = await populated(t);
    const [{ id }] = await t.sql(`select id from member where "userId" = $1`, [ada.id]);
    await lists(t, [
      { filterField: "role", filterValue: "member" },
      { filterField: "role", filterValue: "member", filterOperator: "eq" },
      { filterField: "role", filterValue: "member", filterOperator: "ne" },
      { filterField: "role", filterValue: "m", filterOperator: "gt" },
      { filterField: "role", filterValue: "member", filterOperator: "gte" },
      { filterField: "role", filterValue: "m", filterOperator: "lt" },
      { filterField: "role", filterValue: "admin", filterOperator: "lte" },
      { filterField: "role", filterValue: "admin", filterOperator: "contains" },
      { filterField: "role", filterValue: "member", filterOperator: "contains", limit: 2 },
      { filterValue: "member" },
      { filterOperator: "ne" },
      { filterField: "", filterValue: "member" },
    ]);
    await read(t, LIST, { filterField: "userId", filterValue: ada.id }, { label: "by user" });
    await read(t, LIST, { filterField: "id", filterValue: id }, { label: "by id" });
    await read(
      t,
      LIST,
      { filterField: "createdAt", filterValue: "2020-01-01T00:00:00.000Z", filterOperator: "gt", sortBy: "createdAt" },
      { label: "by time" },
    );
  },

  "organization: members of another organization by a filter": async (t) => {
    await populated(t);
    await person(t, "ian");
    const ians = await create(t, { slug: "ians" }, { who: "ian" });
    await read(t, LIST, { filterField: "organizationId", filterValue: ians.id }, { label: "equal" });
    await read(
      t,
      LIST,
      { filterField: "organizationId", filterValue: "x", filterOperator: "ne", sortBy: "createdAt" },
      { label: "not equal" },
    );
  },

  "organization: members with a value that none has": async (t) => {
    await populated(t);
    await lists(t, [
      { filterField: "role", filterValue: "unknown" },
      { filterField: "role", filterValue: "" },
    ]);
  },

  "organization: members with a part of a value in other capitals": async (t) => {
    await populated(t);
    await lists(t, [{ filterField: "role", filterValue: "Member", filterOperator: "contains" }]);
  },

  "organization: members with a pattern as a value": async (t) => {
    await populated(t);
    for (const filterValue of ["%", "_", "m_mber", "%min", "\\"])
      await lists(t, [{ filterField: "role", filterValue, filterOperator: "contains" }]);
  },

  "organization: members with an invalid filter": async (t) => {
    await populated(t);
    await lists(t, [
      { filterField: "unknown", filterValue: "x" },
      { filterField: "email", filterValue: "ada@example.com" },
      { filterField: "role", filterValue: "x", filterOperator: "like" },
      { filterField: "role", filterValue: "x", filterOperator: "in" },
      { filterField: "role", filterValue: "x", filterOperator: "" },
      { filterField: "role" },
      { filterField: "createdAt", filterValue: "yesterday" },
    ]);
  },

  "organization: more than a hundred members": async (t) => {
    const { acme } = await founded(t);
    await t.sql(
      `insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
       select 'user-' || n, 'user ' || n, n || '@example.com', false, now() + n * interval '1 millisecond', now() from generate_series(1, 120) n`,
    );
    await t.sql(
      `insert into member (id, "organizationId", "userId", role, "createdAt")
       select 'member-' || n, $1, 'user-' || n, 'member', now() + n * interval '1 millisecond' from generate_series(1, 120) n`,
      [acme.id],
    );
    await lists(t, [{}, { limit: 100 }, { offset: 100 }, { limit: 50, offset: 80 }]);
    await lists(t, [{ limit: 101 }, { limit: 200 }]);
    await read(t, "get-full-organization");
    await read(t, "get-full-organization", { membersLimit: "100" }, { label: "limit 100" });
    await read(t, "get-full-organization", { membersLimit: "200" }, { label: "limit 200" });
  },

  "organization: permissions of the caller": async (t) => {
    const { acme } = await founded(t);
    const callers = { bob: "member", cy: "admin", dan: "member,admin", eve: "unknown", fay: "member, admin", gus: "" };
    for (const [name, role] of Object.entries(callers))
      await activate(t, await joined(t, acme, name, role), { organization: acme });
    for (const who of ["ada", ...Object.keys(callers)])
      for (const permissions of [
        { organization: ["update"] },
        { organization: ["delete"] },
        { organization: ["update", "delete"] },
        { member: ["create", "update", "delete"] },
        { invitation: ["create"], team: ["delete"] },
        { ac: ["read"] },
        { ac: ["create"] },
        { organization: [] },
        { organization: ["unknown"] },
        { unknown: ["create"] },
        { unknown: [], organization: ["update"] },
        {},
      ])
        await post(t, PERMISSION, { permissions }, { who, label: `${who} ${JSON.stringify(permissions)}` });
  },

  "organization: permissions in each form": async (t) => {
    const { acme } = await founded(t);
    const asked = { organization: ["update"] };
    await each(t, PERMISSION, [
      { permission: asked },
      { permissions: asked },
      { permission: asked, permissions: asked },
      { permission: { organization: ["unknown"] }, permissions: asked },
      {},
      { permissions: null },
      { permission: null },
      { permissions: "x" },
      { permissions: [] },
      { permissions: ["organization"] },
      { permissions: { organization: "update" } },
      { permissions: { organization: [1] } },
      { permissions: { organization: null } },
      { permissions: { organization: { actions: ["update"], connector: "OR" } } },
      { permissions: asked, organizationId: 1 },
      { permissions: asked, organizationId: null },
    ]);
    await post(t, PERMISSION, { permissions: asked, organizationId: acme.id }, { label: "with the id" });
    await post(t, PERMISSION, { permissions: asked, organizationId: "" }, { label: "with an empty id" });
    await post(t, PERMISSION, { permissions: asked, organizationId: NO_ID }, { label: "with an unknown id" });
    await post(t, PERMISSION, {}, { jar: null, label: "no session, nothing" });
    await person(t, "ian");
    await post(t, PERMISSION, { permissions: asked }, { who: "ian", label: "none is active" });
    await post(t, PERMISSION, { permissions: asked, organizationId: acme.id }, { who: "ian", label: "no member" });
  },

  "organization: permissions of a user who is a member twice": async (t) => {
    const { acme } = await founded(t);
    const bob = await joined(t, acme, "bob", "member");
    await enter(t, acme, bob, "admin");
    await read(t, LIST, { sortBy: "createdAt" });
    await read(t, "list", {}, { who: "bob" });
  },
};
