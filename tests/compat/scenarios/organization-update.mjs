// Changes and deletion of organizations.
import { requestChecks, session } from "../support/guards.mjs";
import {
  NO_ID,
  NO_TEXT,
  activate,
  create,
  each,
  founded,
  invite,
  joined,
  person,
  post,
  read,
} from "../support/organizations.mjs";

export const profile = "organization";

const UPDATE = "/organization/update";
const DELETE = "/organization/delete";

export default {
  ...requestChecks(UPDATE, { data: { name: "New" } }),
  ...session("POST", UPDATE, { data: { name: "New" } }),
  ...session("POST", DELETE, { organizationId: NO_ID }),

  "organization: changed": async (t) => {
    await founded(t, { metadata: { plan: "free" }, logo: "/logo.png" });
    await post(t, "update", { data: { name: "New" } }, { label: "name" });
    await post(t, "update", { data: { slug: "new" } }, { label: "slug" });
    await post(t, "update", { data: { logo: "https://a.test/x.png" } }, { label: "logo" });
    await post(t, "update", { data: { metadata: { seats: 3, list: [1, { a: null }] } } }, { label: "metadata" });
    await post(t, "update", { data: { name: "All", slug: "all", logo: "", metadata: {} } }, { label: "all" });
    await read(t, "get-full-organization");
  },

  "organization: changed by its id": async (t) => {
    const { acme } = await founded(t);
    await create(t, { slug: "other" });
    await post(t, "update", { organizationId: acme.id, data: { name: "New" } });
    await post(t, "update", { organizationId: NO_ID, data: { name: "New" } }, { label: "an unknown id" });
    await post(t, "update", { organizationId: "", data: { name: "Other" } }, { label: "an empty id" });
    await read(t, "list");
  },

  "organization: changed to nothing": async (t) => {
    await founded(t, { metadata: { plan: "free" } });
    await post(t, "update", { data: {} });
  },

  "organization: changed to unknown members": async (t) => {
    await founded(t);
    await post(t, "update", { data: { name: "New", unknown: 1, createdAt: "2020-01-01T00:00:00.000Z" } });
    await post(t, "update", { data: { unknown: 1 } }, { label: "only unknown ones" });
  },

  "organization: changed to another id": async (t) => {
    await founded(t);
    await post(t, "update", { data: { name: "New", id: NO_ID } });
    await read(t, "list");
  },

  "organization: changed to a slug that is taken": async (t) => {
    const { acme } = await founded(t);
    await create(t, { slug: "other" });
    await post(t, "update", { data: { slug: "acme" } }, { label: "another's" });
    await post(t, "update", { data: { slug: "other" } }, { label: "its own" });
    await post(t, "update", { data: { slug: "ACME" } }, { label: "in capitals" });
    await post(t, "update", { organizationId: acme.id, data: { slug: "other" } }, { label: "now free" });
  },

  "organization: members of wrong types in a change": async (t) => {
    await founded(t);
    await each(t, "update", [
      {},
      { data: null },
      { data: "x" },
      { data: [] },
      { name: "New" },
      { data: { name: "" } },
      { data: { slug: "" } },
      { data: { name: "New" }, organizationId: 1 },
      { data: { name: "New" }, organizationId: null },
      { data: { metadata: "x" } },
      { data: { metadata: [] } },
      { data: { metadata: null } },
    ]);
    for (const member of ["name", "slug", "logo"])
      for (const [label, value] of Object.entries(NO_TEXT))
        await post(t, "update", { data: { [member]: value } }, { label: `${member} ${label}` });
  },

  "organization: changed without an active one": async (t) => {
    await person(t);
    await post(t, "update", { data: { name: "New" } });
    await post(t, "update", { data: {} }, { label: "nothing" });
  },

  "organization: changed by members": async (t) => {
    const { acme } = await founded(t);
    const change = { organizationId: acme.id, data: { name: "New" } };
    await joined(t, acme, "bob", "member");
    await joined(t, acme, "cy", "admin");
    await joined(t, acme, "dan", "member,admin");
    await joined(t, acme, "eve", "owner");
    await joined(t, acme, "fay", "unknown");
    await joined(t, acme, "gus", "");
    await joined(t, acme, "hal", "admin, member");
    await person(t, "ian");
    for (const who of ["bob", "cy", "dan", "eve", "fay", "gus", "hal", "ian"])
      await post(t, "update", change, { who, label: `by ${who}` });
  },

  "organization: the order of checks of a change": async (t) => {
    const { acme } = await founded(t);
    await joined(t, acme, "bob", "member");
    await create(t, { slug: "other" });
    const taken = { organizationId: acme.id, data: { slug: "other" } };
    await post(t, "update", taken, { who: "bob", label: "no permission, slug taken" });
    await person(t, "cy");
    await post(t, "update", taken, { who: "cy", label: "no member, slug taken" });
    await post(t, "update", { data: { slug: 1 } }, { jar: null, label: "no session, wrong type" });
    await post(t, "update", taken, { jar: null, label: "no session, slug taken" });
  },

  "organization: a change with NUL": async (t) => {
    await founded(t);
    for (const member of ["name", "slug", "logo"])
      await post(t, "update", { data: { [member]: "a\u0000" } }, { label: member });
  },

  "organization: deleted": async (t) => {
    const { acme } = await founded(t, { metadata: { plan: "free" } });
    await joined(t, acme, "bob", "member");
    await invite(t, "cy@example.com");
    await post(t, "delete", { organizationId: acme.id });
    await t.get("/get-session");
    await read(t, "list");
    await read(t, "list", {}, { who: "bob" });
    await post(t, "delete", { organizationId: acme.id }, { label: "again" });
    await create(t, {}, { label: "the slug is free" });
    await t.message("cy@example.com");
  },

  "organization: deleted while another is active": async (t) => {
    const { acme } = await founded(t);
    await create(t, { slug: "other" });
    await post(t, "delete", { organizationId: acme.id });
    await t.get("/get-session");
  },

  "organization: deleted while it is active for others": async (t) => {
    const { acme } = await founded(t);
    const bob = await joined(t, acme, "bob", "member");
    await activate(t, bob, { organization: acme });
    await post(t, "delete", { organizationId: acme.id });
    await t.get("/get-session", { jar: "bob" });
    await read(t, "get-full-organization", {}, { who: "bob" });
    await read(t, "get-active-member", {}, { who: "bob" });
    await read(t, "list-members", {}, { who: "bob" });
    await post(t, "set-active", {}, { who: "bob", label: "the same" });
    await t.get("/get-session", { jar: "bob", label: "afterwards" });
  },

  "organization: deleted by members": async (t) => {
    const { acme } = await founded(t);
    await joined(t, acme, "bob", "member");
    await joined(t, acme, "cy", "admin");
    await person(t, "dan");
    await joined(t, acme, "eve", "admin,owner");
    for (const who of ["bob", "cy", "dan", "eve"])
      await post(t, "delete", { organizationId: acme.id }, { who, label: `by ${who}` });
  },

  "organization: members of wrong types in a deletion": async (t) => {
    await founded(t);
    await each(t, "delete", [{}, { organizationId: "" }, { organizationId: NO_ID }]);
    for (const [label, organizationId] of Object.entries(NO_TEXT))
      await post(t, "delete", { organizationId }, { label });
    await post(t, "delete", {}, { jar: null, label: "no session, no id" });
    await post(t, "delete", { organizationId: NO_ID }, { jar: null, label: "no session" });
  },
};
