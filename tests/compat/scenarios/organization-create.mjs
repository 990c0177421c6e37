// Creation of organizations.
import { requestChecks, session } from "../support/guards.mjs";
import { NO_ID, NO_TEXT, bodyOf, create, each, founded, person, post, read } from "../support/organizations.mjs";

export const profile = "organization";

const ROUTE = "/organization/create";
const ACME = { name: "Acme", slug: "acme" };

export default {
  ...requestChecks(ROUTE, ACME),
  ...session("POST", ROUTE, ACME),

  "organization: one with a name and a slug": async (t) => {
    await person(t);
    await create(t);
    await t.get("/get-session");
    await read(t, "get-full-organization");
    await read(t, "list");
  },

  "organization: one with everything": async (t) => {
    await person(t);
    const metadata = { plan: "pro", seats: 5, nested: { a: [1, null, { b: "ü 🦀" }], empty: {} }, "a b": true };
    await create(t, { logo: "https://example.com/logo.png", metadata, keepCurrentActiveOrganization: false });
    await read(t, "get-full-organization");
  },

  "organization: names": async (t) => {
    await person(t);
    for (const [index, name] of [" ", " Acme ", "Ä 🦀 <b>", "x".repeat(256), "a\nb", "a,b"].entries())
      await post(t, "create", { name, slug: `slug-${index}` }, { label: `name ${name.slice(0, 12)}` });
  },

  "organization: slugs": async (t) => {
    await person(t);
    for (const slug of ["Acme", "acme", "ACME", "a b", "ä", "../x", "a/b?c", "-", " ", "x".repeat(200), "1"])
      await post(t, "create", { name: "Acme", slug }, { label: `slug ${slug.slice(0, 12)}` });
  },

  "organization: a slug that is taken": async (t) => {
    await founded(t);
    await post(t, "create", ACME, { label: "by the same user" });
    await person(t, "bob");
    await post(t, "create", { name: "Other", slug: "acme" }, { who: "bob", label: "by another user" });
    await post(t, "create", { name: "Other", slug: "acme " }, { who: "bob", label: "with a space" });
  },

  "organization: metadata": async (t) => {
    await person(t);
    const values = [
      {},
      { a: null },
      null,
      [],
      "x",
      1,
      true,
      { list: [] },
      { __proto__x: 1 },
      { date: "2020-01-01T00:00:00.000Z" },
    ];
    for (const [index, metadata] of values.entries())
      await post(
        t,
        "create",
        { name: "Acme", slug: `slug-${index}`, metadata },
        { label: `metadata ${JSON.stringify(metadata)}` },
      );
    await read(t, "list");
  },

  "organization: logos": async (t) => {
    await person(t);
    for (const [index, logo] of ["", "x", "/logo.png", "http://a.test/?b", null].entries())
      await post(t, "create", { name: "Acme", slug: `slug-${index}`, logo }, { label: `logo ${logo}` });
  },

  "organization: a logo with another scheme": async (t) => {
    await person(t);
    await create(t, { logo: "javascript:alert(1)" });
  },

  "organization: members of wrong types at the creation": async (t) => {
    await person(t);
    await each(t, "create", [
      {},
      { name: "Acme" },
      { slug: "acme" },
      { name: "", slug: "" },
      { name: "Acme", slug: "" },
      { ...ACME, keepCurrentActiveOrganization: "true" },
      { ...ACME, keepCurrentActiveOrganization: null },
    ]);
    for (const member of ["name", "slug", "logo"])
      for (const [label, value] of Object.entries(NO_TEXT))
        await post(t, "create", { ...ACME, [member]: value }, { label: `${member} ${label}` });
    await read(t, "list");
  },

  "organization: members that are not known": async (t) => {
    await person(t);
    const more = { id: NO_ID, createdAt: "2020-01-01T00:00:00.000Z", members: [], unknown: 1 };
    for (const [name, value] of Object.entries(more))
      await post(t, "create", { name: "Acme", slug: name, [name]: value }, { label: name });
  },

  "organization: one for another user": async (t) => {
    await person(t);
    const bob = await person(t, "bob");
    await create(t, { userId: bob.id });
    await create(t, { userId: bob.id, slug: "other" }, { jar: null, label: "without a session" });
    await create(t, { userId: 1, slug: "number" }, { label: "a number" });
    await create(t, { userId: null, slug: "null" }, { label: "null" });
    await read(t, "list", {}, { who: "bob" });
  },

  "organization: a second one": async (t) => {
    await founded(t);
    await create(t, { slug: "second" }, { label: "becomes the active one" });
    await t.get("/get-session");
    await create(t, { slug: "third", keepCurrentActiveOrganization: true }, { label: "the active one stays" });
    await t.get("/get-session");
    await read(t, "list");
  },

  "organization: the first one, which does not become active": async (t) => {
    await person(t);
    await create(t, { keepCurrentActiveOrganization: true });
    await t.get("/get-session");
    await read(t, "get-full-organization");
  },

  "organization: one by a bearer token": async (t) => {
    const answer = await t.signUp("ada", { jar: null });
    const caller = { jar: null, headers: { authorization: `Bearer ${answer.headers["set-auth-token"]}` } };
    await t.post(ROUTE, ACME, caller);
    await t.get("/get-session", caller);
    await t.get("/token", { ...caller, label: "a JWT" });
  },

  "organization: two sessions of one user": async (t) => {
    await t.signUp();
    await t.signIn("ada", { jar: "b" });
    await t.post(ROUTE, ACME);
    await t.get("/get-session");
    await t.get("/get-session", { jar: "b", label: "the other session" });
    await t.get("/list-sessions");
    const again = bodyOf(await t.signIn("ada", { jar: "c" }));
    await t.get("/get-session", { jar: "c", label: `a new session ${again ? "" : "fails"}` });
  },

  "organization: a session that is renewed": async (t) => {
    await founded(t);
    await t.age("2 days");
    await t.get("/get-session");
  },

  "organization: a creation with NUL": async (t) => {
    await person(t);
    await create(t, { name: "a\u0000" }, { label: "name" });
    await create(t, { slug: "a\u0000" }, { label: "slug" });
    await create(t, { logo: "a\u0000" }, { label: "logo" });
    await create(t, { metadata: { a: "a\u0000" } }, { label: "metadata" });
  },

  "organization: a creation with long texts": async (t) => {
    await person(t);
    await create(t, { name: "x".repeat(5000) }, { label: "name" });
    await create(t, { slug: "x".repeat(5000) }, { label: "slug" });
    await create(t, { logo: `https://a.test/${"x".repeat(5000)}`, slug: "logo" }, { label: "logo" });
  },

  "organization: whether slugs are available": async (t) => {
    await founded(t);
    await person(t, "bob");
    for (const slug of ["acme", "Acme", "acme ", "other", "", " "])
      await post(t, "check-slug", { slug }, { who: "bob", label: `slug "${slug}"` });
    await each(t, "check-slug", [{}, ...Object.values(NO_TEXT).map((slug) => ({ slug }))]);
    await post(t, "check-slug", { slug: "acme" }, { jar: null, label: "without a session" });
    await post(t, "check-slug", {}, { jar: null, label: "without a session and a slug" });
  },
};
