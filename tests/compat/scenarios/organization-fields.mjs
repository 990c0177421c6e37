// Additional fields of organizations, members, invitations, teams and roles.
import { bodyOf, each, founded, invite, joined, person, post, read, team } from "../support/organizations.mjs";

export const profile = "organization-fields";

const SINCE = "2020-05-17T00:00:00.000Z";
/** The fields that clients may set, with a value for each. */
const ALL = { text: "x", number: 5, isOpen: true, code: "c", level: 3, hidden: "h" };
const ROW = { code: "c" };
const GRANT = { project: ["create"] };
/** Values that the declarations do not allow. */
const WRONG = {
  text: [1, true, {}, []],
  number: ["1", true],
  isOpen: ["true", 1],
  since: ["yesterday", 1, true],
  code: [1, null],
  level: ["1"],
  hidden: [1],
};
const wrong = bodies(WRONG);
/** Values that the declarations allow, and Better Auth rejects: it reads no times, and no `null` without a default. */
const lenient = bodies({ text: [null], number: [null], isOpen: [null], since: [null, SINCE] });
/** Values of the field that clients cannot set. */
const foreign = bodies({ internal: ["y", null, 1] });

function bodies(values) {
  return Object.entries(values).flatMap(([name, list]) => list.map((value) => ({ [name]: value })));
}

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
    await post(t, "update", { data: { ...ALL, text: "last" } }, { label: "all" });
  },

  "organization fields: values of wrong types in organizations": async (t) => {
    await person(t);
    for (const changes of wrong) await create(t, { ...ROW, ...changes }, JSON.stringify(changes));
    await create(t, ROW, "right");
    for (const data of wrong) await post(t, "update", { data }, { label: JSON.stringify(data) });
  },

  "organization fields: values that clients cannot set in organizations": async (t) => {
    await person(t);
    for (const [index, changes] of foreign.entries())
      await create(t, { ...ROW, slug: `slug-${index}`, ...changes }, JSON.stringify(changes));
    for (const changes of foreign)
      await post(
        t,
        "update",
        { data: { name: "New", ...changes } },
        { label: `with a name, ${JSON.stringify(changes)}` },
      );
    for (const data of foreign) await post(t, "update", { data }, { label: JSON.stringify(data) });
  },

  "organization fields: null and times in organizations": async (t) => {
    await founded(t, ROW);
    for (const data of lenient) await post(t, "update", { data }, { label: JSON.stringify(data) });
    for (const [index, changes] of lenient.entries())
      await create(t, { ...ROW, slug: `slug-${index}`, ...changes }, JSON.stringify(changes));
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
    await read(
      t,
      "list-members",
      { filterField: "text", filterValue: "x", sortBy: "createdAt" },
      { label: "by a field" },
    );
    await post(t, "leave", { organizationId: acme.id }, { who: "bob" });
  },

  "organization fields: values of wrong types in invitations": async (t) => {
    await founded(t, ROW);
    for (const changes of wrong)
      await invite(t, "bob@example.com", { ...ROW, ...changes }, { label: JSON.stringify(changes) });
    for (const [index, changes] of foreign.entries())
      await invite(t, `user${index}@example.com`, { ...ROW, ...changes }, { label: JSON.stringify(changes) });
    for (const { email } of await t.sql("select email from invitation")) await t.message(email, "a message");
  },

  "organization fields: null and times in invitations": async (t) => {
    await founded(t, ROW);
    for (const [index, changes] of lenient.entries())
      await invite(t, `user${index}@example.com`, { ...ROW, ...changes }, { label: JSON.stringify(changes) });
  },

  "organization fields: of teams": async (t) => {
    const { acme } = await founded(t, ROW);
    await read(t, "list-teams");
    const { code: _, ...all } = ALL;
    const blue = await team(t, "Blue", all);
    await team(t, "Green", {}, { label: "none" });
    await post(t, "update-team", { teamId: blue.id, data: { text: "new", level: 9 } });
    await post(
      t,
      "update-team",
      { teamId: blue.id, data: { name: "New", organizationId: acme.id } },
      { label: "the name" },
    );
    await read(t, "list-teams");
    await read(t, "get-full-organization");
    for (const changes of [...wrong, ...foreign]) await team(t, "Red", changes, { label: JSON.stringify(changes) });
    for (const data of wrong) await post(t, "update-team", { teamId: blue.id, data }, { label: JSON.stringify(data) });
    for (const data of foreign)
      await post(
        t,
        "update-team",
        { teamId: blue.id, data: { name: "Last", ...data } },
        { label: JSON.stringify(data) },
      );
  },

  "organization fields: null and times in teams": async (t) => {
    await founded(t, ROW);
    const blue = await team(t);
    for (const data of lenient)
      await post(t, "update-team", { teamId: blue.id, data }, { label: JSON.stringify(data) });
    for (const changes of lenient) await team(t, "Red", changes, { label: JSON.stringify(changes) });
  },

  "organization fields: of roles": async (t) => {
    await founded(t, ROW);
    const { code: _, ...all } = ALL;
    const { roleData = {} } = bodyOf(
      await post(t, "create-role", { role: "editor", permission: GRANT, additionalFields: all }),
    );
    await post(t, "create-role", { role: "writer", permission: GRANT }, { label: "none" });
    await post(t, "create-role", { role: "author", permission: GRANT, text: "x" }, { label: "beside the others" });
    await post(t, "update-role", { roleId: roleData.id, data: { text: "new", level: 9 } });
    await post(
      t,
      "update-role",
      { roleId: roleData.id, data: { additionalFields: { text: "newer" } } },
      { label: "within" },
    );
    await read(t, "get-role", { roleName: "editor" });
    await read(t, "list-roles");
  },

  "organization fields: values of wrong types in roles": async (t) => {
    await founded(t, ROW);
    await post(t, "create-role", { role: "editor", permission: GRANT });
    const all = [...wrong, ...foreign];
    await each(
      t,
      "create-role",
      all.map((additionalFields, index) => ({ role: `r${index}`, permission: GRANT, additionalFields })),
    );
    await each(
      t,
      "update-role",
      all.map((data) => ({ roleName: "editor", data: { permission: {}, ...data } })),
    );
  },

  "organization fields: null and times in roles": async (t) => {
    await founded(t, ROW);
    await post(t, "create-role", { role: "editor", permission: GRANT });
    await each(
      t,
      "update-role",
      lenient.map((data) => ({ roleName: "editor", data })),
    );
    await each(
      t,
      "create-role",
      lenient.map((additionalFields, index) => ({ role: `r${index}`, permission: GRANT, additionalFields })),
    );
  },

  "organization fields: of members of another type": async (t) => {
    const { acme } = await founded(t, ROW);
    await joined(t, acme, "bob", "member");
    await read(
      t,
      "list-members",
      { filterField: "level", filterValue: "1", sortBy: "createdAt" },
      { label: "by a number" },
    );
    await t.sql(`update member set text = role`);
    await read(t, "list-members", { sortBy: "text", sortDirection: "desc" }, { label: "in an order" });
  },
};
