// The active organization, and what members can read of it.
import { requestChecks, session } from "../support/guards.mjs";
import {
  NO_ID,
  NO_TEXT,
  activate,
  create,
  expire,
  founded,
  invite,
  joined,
  person,
  post,
  read,
} from "../support/organizations.mjs";

export const profile = "organization";

const ROUTE = "/organization/set-active";
const FULL = "get-full-organization";

export default {
  ...requestChecks(ROUTE, { organizationId: null }),
  ...session("POST", ROUTE, { organizationId: null }),
  ...session("GET", "/organization/get-full-organization"),
  ...session("GET", "/organization/list"),

  "organization: another becomes active": async (t) => {
    const { acme } = await founded(t, { metadata: { plan: "free" } });
    await create(t, { slug: "other" });
    await post(t, "set-active", { organizationId: acme.id }, { label: "by id" });
    await t.get("/get-session");
    await post(t, "set-active", { organizationSlug: "other" }, { label: "by slug" });
    await t.get("/get-session");
    await post(t, "set-active", { organizationId: acme.id, organizationSlug: "other" }, { label: "by id and slug" });
    await post(t, "set-active", {}, { label: "the same" });
    await post(t, "set-active", { organizationId: null }, { label: "none" });
    await t.get("/get-session", { label: "none" });
    await post(t, "set-active", {}, { label: "none, the same" });
    await post(t, "set-active", { organizationId: null }, { label: "none, again" });
    await post(t, "set-active", { organizationId: null, organizationSlug: "acme" }, { label: "none and a slug" });
  },

  "organization: one that cannot become active": async (t) => {
    const { acme } = await founded(t);
    await person(t, "bob");
    const bobs = await create(t, { slug: "bobs" }, { who: "bob" });
    await post(t, "set-active", { organizationId: bobs.id }, { label: "another's" });
    await t.get("/get-session");
    await post(t, "set-active", { organizationId: acme.id }, { label: "its own again" });
    await post(t, "set-active", { organizationSlug: "bobs" }, { label: "another's by slug" });
    await t.get("/get-session", { label: "by slug" });
    await post(t, "set-active", { organizationId: acme.id }, { label: "and again" });
    await post(t, "set-active", { organizationId: NO_ID }, { label: "unknown" });
    await post(t, "set-active", { organizationSlug: "unknown" }, { label: "an unknown slug" });
    await post(t, "set-active", { organizationSlug: "ACME" }, { label: "a slug in capitals" });
    await post(t, "set-active", { organizationId: "", organizationSlug: "" }, { label: "empty" });
    await t.get("/get-session", { label: "in the end" });
  },

  "organization: members of wrong types at the activation": async (t) => {
    await founded(t);
    for (const [label, value] of Object.entries(NO_TEXT)) {
      await post(t, "set-active", { organizationSlug: value }, { label: `slug ${label}` });
      if (value !== null) await post(t, "set-active", { organizationId: value }, { label: `id ${label}` });
    }
  },

  "organization: active in a session that is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    const acme = await create(t);
    await post(t, "set-active", { organizationId: acme.id });
    await t.get("/get-session");
  },

  "organization: active by a bearer token": async (t) => {
    const answer = await t.signUp("ada", { jar: null });
    const caller = { jar: null, headers: { authorization: `Bearer ${answer.headers["set-auth-token"]}` } };
    await t.post("/organization/create", { name: "Acme", slug: "acme", keepCurrentActiveOrganization: true }, caller);
    await t.post(ROUTE, { organizationSlug: "acme" }, caller);
    await t.get("/get-session", caller);
  },

  "organization: active, and then the session is renewed": async (t) => {
    await founded(t);
    await t.age("2 days");
    await post(t, "set-active", {}, { label: "the same" });
    await t.get("/get-session");
  },

  "organization: active, and the user signs out and in": async (t) => {
    await t.signUp();
    await create(t);
    await t.post("/sign-out");
    await t.signIn();
    await t.get("/get-session");
    await read(t, FULL);
    await read(t, "list");
  },

  "organization: active, and the user changes": async (t) => {
    await founded(t);
    await t.post("/update-user", { name: "Ada L." });
    await t.get("/get-session");
    await read(t, FULL);
    await read(t, "list-members");
  },

  "organization: fields of a session that clients cannot set": async (t) => {
    await founded(t);
    await t.post("/update-user", { activeOrganizationId: NO_ID });
    await t.post("/update-user", { name: "Ada", activeOrganizationId: null }, { label: "with a name" });
    await t.signUp("bob", { jar: "bob", body: { activeOrganizationId: NO_ID } });
    await t.get("/get-session", { jar: "bob" });
  },

  "organization: everything of one": async (t) => {
    const { acme } = await founded(t, { metadata: { plan: "free" }, logo: "/logo.png" });
    for (const [name, role] of Object.entries({ bob: "member", cy: "admin" })) await joined(t, acme, name, role);
    await t.sql(`update "user" set image = '/bob.png' where name = 'bob'`);
    await invite(t, "dan@example.com");
    await invite(t, "eve@example.com", { role: "admin" });
    await t.message("dan@example.com");
    await t.message("eve@example.com");
    for (const who of ["ada", "bob"]) await read(t, FULL, { organizationId: acme.id }, { who });
    await expire(t);
    await read(t, FULL);
    await read(t, FULL, { organizationSlug: "acme" });
    await read(t, FULL, { organizationSlug: "acme", organizationId: NO_ID });
    for (const membersLimit of ["2", "1", "3", "100"])
      await read(t, FULL, { membersLimit }, { label: `limit ${membersLimit}` });
  },

  "organization: everything of one that cannot be read": async (t) => {
    const { ada, acme } = await founded(t);
    await person(t, "bob");
    const bobs = await create(t, { slug: "bobs" }, { who: "bob" });
    await read(t, FULL, { organizationId: NO_ID }, { label: "unknown" });
    await read(t, FULL, { organizationSlug: "unknown" }, { label: "an unknown slug" });
    await t.get("/get-session");
    await read(t, FULL, { organizationId: bobs.id }, { label: "another's" });
    await t.get("/get-session", { label: "afterwards" });
    await read(t, FULL);
    await activate(t, ada, { organization: acme });
    await read(t, FULL, { organizationSlug: "bobs" }, { label: "another's slug" });
    await read(t, FULL, { organizationId: "" }, { label: "an empty id" });
  },

  "organization: unusual limits of members": async (t) => {
    await founded(t);
    for (const membersLimit of ["", "0", "abc", "2x"])
      await read(t, FULL, { membersLimit }, { label: `limit "${membersLimit}"` });
  },

  "organization: negative and fractional limits of members": async (t) => {
    await founded(t);
    for (const membersLimit of ["-1", "1.5", "1e3", "99999999999"])
      await read(t, FULL, { membersLimit }, { label: `limit "${membersLimit}"` });
  },

  "organization: none to list": async (t) => {
    await person(t);
    await read(t, "list");
    await read(t, FULL);
    await read(t, FULL, { membersLimit: "1" });
  },

  "organization: several to list": async (t) => {
    await founded(t);
    await create(t, { slug: "second", metadata: { a: 1 } });
    await person(t, "bob");
    const third = await create(t, { slug: "third", name: "Third" }, { who: "bob" });
    await joined(t, third, "cy", "member");
    for (const who of ["ada", "bob", "cy"]) await read(t, "list", {}, { who, label: `of ${who}` });
  },

  "organization: parameters that occur twice": async (t) => {
    const { acme } = await founded(t);
    await t.get(`/organization/${FULL}?organizationId=${acme.id}&organizationId=${acme.id}`, { label: "two ids" });
    await t.get(`/organization/${FULL}?organizationSlug=acme&organizationSlug=acme`, { label: "two slugs" });
    await t.get(`/organization/${FULL}?membersLimit=1&membersLimit=2`, { label: "two limits" });
  },
};
