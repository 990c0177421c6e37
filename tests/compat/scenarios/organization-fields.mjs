// Additional fields of organizations, members, invitations, teams and roles.
import { bodyOf, each, founded, invite, joined, person, post, read, team } from "../support/organizations.mjs";

export const profile = "organization-fields";

const SINCE = "2020-05-17T00:00:00.000Z";
/** The fields that clients may set, with a value for each. */
const ALL = { text: "x", number: 5, isOpen: true, code: "c", level: 3, hidden: "h" };
const ROW = { code: "c" };
/** Values that the declarations do not allow, and a time as a text, which these routes do not read. */
const WRONG = {
  text: [1, true, {}, []],
  number: ["1", true, null],
  isOpen: ["true", 1, null],
  since: [SINCE, "yesterday", 1, null, true],
  code: [1, null],
  level: ["1"],
  internal: ["y", null],
  hidden: [1],
};
const wrong = Object.entries(WRONG).flatMap(([name, values]) => values.map((value) => ({ [name]: value })));

const create = (t, changes, label) => post(t, "create", { name: "Acme", slug: "acme", ...changes }, { label });

export default {
  "organization fields: of organizations": async (t) => {
    await person(t);
    await create(t, {}, "without the required one");
    await create(t, ROW, "only the required one");
    await create(t, { ...ALL, slug: "second" }, "all");
    await create(t, { ...ALL, slug: "third", unknown: 1 }, "an unknown one");
    await read(t, "get-full-organization");
    await read(t, "list");
    await post(t, "set-active", { organizationSlug: "second" });
    await post(t, "update", { data: { text: "new", number: 0, isOpen: false } }, { label: "some" });
    await post(t, "update", { data: { name: "New" } }, { label: "none" });
    await post(t, "update", { data: { text: null } }, { label: "null" });
    await post(t, "update", { data: { ...ALL, text: "last" } }, { label: "all" });
  },

  "organization fields: values of wrong types in organizations": async (t) => {
    await person(t);
    for (const [index, changes] of wrong.entries())
      await create(t, { slug: `slug-${index}`, ...ROW, ...changes }, JSON.stringify(changes));
    await create(t, ROW, "right");
    for (const changes of wrong) await post(t, "update", { data: changes }, { label: JSON.stringify(changes) });
  },

  "organization fields: of invitations and members": async (t) => {
    const { acme } = await founded(t, ROW);
    await person(t, "bob");
    await invite(t, "bob@example.com", {}, { label: "without the required one" });
    const { id } = await invite(t, "bob@example.com", ALL);
    await t.message("bob@example.com");
    await invite(t, "bob@example.com", { ...ALL, text: "new", resend: true }, { label: "resent" });
    await t.message("bob@example.com");
    await read(t, "get-invitation", { id }, { who: "bob" });
    await read(t, "list-user-invitations", {}, { who: "bob" });
    await read(t, "list-invitations");
    await post(t, "accept-invitation", { invitationId: id }, { who: "bob" });
    await t.sql("update member set text = 'x', internal = 'y', hidden = 'z'");
    await read(t, "get-full-organization");
    await read(t, "get-active-member");
    await read(t, "list-members", { sortBy: "createdAt" });
    await read(t, "list-members", { filterField: "text", filterValue: "x", sortBy: "createdAt" }, { label: "by a field" });
    await post(t, "leave", { organizationId: acme.id }, { who: "bob" });
  },

  "organization fields: values of wrong types in invitations": async (t) => {
    await founded(t, ROW);
    for (const [index, changes] of wrong.entries())
      await invite(t, `user${index}@example.com`, { ...ROW, ...changes }, { label: JSON.stringify(changes) });
    for (const { email } of await t.sql("select email from invitation")) await t.message(email, "a message");
  },

  "organization fields: of teams": async (t) => {
    const { acme } = await founded(t, ROW);
    await read(t, "list-teams");
    const { code: _, ...all } = ALL;
    const blue = await team(t, "Blue", all);
    await team(t, "Green", {}, { label: "none" });
    await post(t, "update-team", { teamId: blue.id, data: { text: "new", level: 9 } });
    await post(t, "update-team", { teamId: blue.id, data: { name: "New", organizationId: acme.id, text: null } }, { label: "null" });
    await read(t, "list-teams");
    await read(t, "get-full-organization");
    for (const changes of wrong) await team(t, "Red", changes, { label: JSON.stringify(changes) });
    for (const data of wrong) await post(t, "update-team", { teamId: blue.id, data }, { label: JSON.stringify(data) });
  },

  "organization fields: of roles": async (t) => {
    await founded(t, ROW);
    const permission = { project: ["create"] };
    const { code: _, ...all } = ALL;
    const { roleData = {} } = bodyOf(await post(t, "create-role", { role: "editor", permission, additionalFields: all }));
    await post(t, "create-role", { role: "writer", permission }, { label: "none" });
    await post(t, "create-role", { role: "author", permission, text: "x" }, { label: "beside the others" });
    await post(t, "update-role", { roleId: roleData.id, data: { text: "new", level: 9 } });
    await post(t, "update-role", { roleId: roleData.id, data: { additionalFields: { text: "newer" } } }, { label: "within" });
    await read(t, "get-role", { roleName: "editor" });
    await read(t, "list-roles");
  },

  "organization fields: values of wrong types in roles": async (t) => {
    await founded(t, ROW);
    const permission = { project: ["create"] };
    await post(t, "create-role", { role: "editor", permission });
    await each(t, "create-role", wrong.map((additionalFields, index) => ({ role: `r${index}`, permission, additionalFields })));
    await each(t, "update-role", wrong.map((data) => ({ roleName: "editor", data })));
  },

  "organization fields: of members of another type": async (t) => {
    const { acme } = await founded(t, ROW);
    await joined(t, acme, "bob", "member");
    await read(t, "list-members", { filterField: "level", filterValue: "1", sortBy: "createdAt" }, { label: "by a number" });
    await read(t, "list-members", { sortBy: "text" }, { label: "in an order", limit: 1 });
  },
};
