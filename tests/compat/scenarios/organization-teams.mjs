// Teams of organizations.
import { requestChecks, session } from "../support/guards.mjs";
import {
  NO_ID,
  NO_TEXT,
  activate,
  create,
  each,
  enterTeam,
  firstTeam,
  founded,
  person,
  post,
  read,
  staffed,
  team,
} from "../support/organizations.mjs";

export const profile = "organization-teams";

const CREATE = "create-team";
const UPDATE = "update-team";
const REMOVE = "remove-team";

/** Ada's organization with a member and an admin, and its first team. */
async function withTeam(t, roles) {
  const people = await staffed(t, roles);
  return { ...people, first: await firstTeam(t) };
}

/** The organization of a user who is not a member of Ada's, with its first team. */
async function foreign(t) {
  await person(t, "ian");
  const ians = await create(t, { slug: "ians", name: "Ians" }, { who: "ian" });
  const [{ id }] = await t.sql(`select id from team where name = 'Ians'`);
  return { ians, theirs: { id } };
}

export default {
  ...requestChecks(`/organization/${CREATE}`, { name: "Blue" }),
  ...session("POST", `/organization/${CREATE}`, { name: "Blue" }),
  ...session("POST", `/organization/${UPDATE}`, { teamId: NO_ID, data: {} }),
  ...session("POST", `/organization/${REMOVE}`, { teamId: NO_ID }),
  ...session("GET", "/organization/list-teams"),

  "organization teams: the first one": async (t) => {
    await founded(t);
    await t.get("/get-session");
    await read(t, "list-teams");
    await read(t, "get-full-organization");
    await read(t, "list-user-teams");
    await read(t, "list-team-members");
  },

  "organization teams: the first one of an organization that does not become active": async (t) => {
    await person(t);
    await create(t, { keepCurrentActiveOrganization: true });
    await t.get("/get-session");
    await read(t, "list-user-teams");
  },

  "organization teams: created": async (t) => {
    await founded(t);
    await team(t);
    await team(t, "Blue", {}, { label: "the same name" });
    for (const name of ["", " ", "Ä 🦀", "x".repeat(256)])
      await team(t, name, {}, { label: `name "${name.slice(0, 9)}"` });
    await read(t, "list-teams");
    await read(t, "list-user-teams");
  },

  "organization teams: created by members": async (t) => {
    const { acme } = await withTeam(t, { bob: "member", cy: "admin", dan: "member,admin", eve: "unknown" });
    await foreign(t);
    for (const who of ["bob", "cy", "dan", "eve", "ian"])
      await team(t, `By ${who}`, { organizationId: acme.id }, { who, label: `by ${who}` });
  },

  "organization teams: created in another organization": async (t) => {
    const { acme } = await withTeam(t);
    const { ians } = await foreign(t);
    await create(t, { slug: "other" });
    await team(t, "Blue", { organizationId: acme.id }, { label: "by id" });
    await team(t, "Blue", { organizationId: ians.id }, { label: "another's" });
    await team(t, "Blue", { organizationId: NO_ID }, { label: "unknown" });
    await team(t, "Blue", { organizationId: "" }, { label: "empty" });
  },

  "organization teams: without an active organization": async (t) => {
    await person(t);
    await team(t);
    await post(t, UPDATE, { teamId: NO_ID, data: { name: "New" } });
    await post(t, REMOVE, { teamId: NO_ID });
    await post(t, REMOVE, { teamId: NO_ID, organizationId: NO_ID }, { label: "with the id of an organization" });
    await read(t, "list-teams");
    await read(t, "list-user-teams");
    await read(t, "list-team-members");
    for (const route of ["add-team-member", "remove-team-member"])
      await post(t, route, { teamId: NO_ID, userId: NO_ID });
    for (const teamId of [null, undefined, NO_ID])
      await post(t, "set-active-team", { teamId }, { label: `team ${teamId}` });
  },

  "organization teams: without a session": async (t) => {
    const { acme, first } = await withTeam(t);
    const out = { jar: null };
    await post(t, CREATE, { name: "Blue", organizationId: acme.id }, out);
    await post(t, UPDATE, { teamId: first.id, data: { organizationId: acme.id } }, out);
    await post(t, REMOVE, { teamId: first.id, organizationId: acme.id }, out);
    await post(t, REMOVE, { teamId: first.id }, { ...out, label: "without an organization" });
    await post(t, CREATE, { name: 1 }, { ...out, label: "a name of another type" });
    await read(t, "list-teams", { organizationId: acme.id }, out);
    await read(t, "list-user-teams", {}, out);
    await read(t, "list-team-members", { teamId: first.id }, out);
    await post(t, "set-active-team", { teamId: first.id }, out);
    for (const route of ["add-team-member", "remove-team-member"])
      await post(t, route, { teamId: first.id, userId: NO_ID }, out);
  },

  "organization teams: changed": async (t) => {
    const { acme, first } = await withTeam(t);
    await post(t, UPDATE, { teamId: first.id, data: { name: "New" } });
    await post(
      t,
      UPDATE,
      { teamId: first.id, data: { name: "", organizationId: acme.id } },
      { label: "with the organization" },
    );
    await read(t, "list-teams");
    for (const who of ["bob", "cy"])
      await post(t, UPDATE, { teamId: first.id, data: { name: `By ${who}` } }, { who, label: `by ${who}` });
    await post(t, UPDATE, { teamId: NO_ID, data: { name: "New" } }, { label: "an unknown one" });
    await post(t, UPDATE, { teamId: "", data: { name: "New" } }, { label: "an empty id" });
  },

  "organization teams: changed to nothing": async (t) => {
    const { first } = await withTeam(t);
    await post(t, UPDATE, { teamId: first.id, data: {} });
    await post(t, UPDATE, { teamId: first.id, data: { unknown: 1 } }, { label: "unknown members" });
  },

  "organization teams: changed to other members of the row": async (t) => {
    const { first } = await withTeam(t);
    await post(t, UPDATE, { teamId: first.id, data: { id: NO_ID } }, { label: "id" });
    await post(
      t,
      UPDATE,
      { teamId: first.id, data: { createdAt: "2020-01-01T00:00:00.000Z" } },
      { label: "createdAt" },
    );
    await post(
      t,
      UPDATE,
      { teamId: first.id, data: { updatedAt: "2020-01-01T00:00:00.000Z" } },
      { label: "updatedAt" },
    );
  },

  "organization teams: those of other organizations": async (t) => {
    const { acme, first, bob } = await withTeam(t);
    const { ians, theirs } = await foreign(t);
    await post(t, UPDATE, { teamId: theirs.id, data: { name: "New" } }, { label: "another's" });
    await post(
      t,
      UPDATE,
      { teamId: theirs.id, data: { name: "New", organizationId: ians.id } },
      { label: "another's with its id" },
    );
    await post(
      t,
      UPDATE,
      { teamId: first.id, data: { name: "New", organizationId: ians.id } },
      { who: "ian", label: "its own with another's team" },
    );
    await post(t, REMOVE, { teamId: theirs.id }, { label: "another's" });
    await post(t, REMOVE, { teamId: theirs.id, organizationId: ians.id }, { label: "another's with its id" });
    await post(t, REMOVE, { teamId: first.id }, { who: "ian", label: "its own with another's team" });
    for (const route of ["add-team-member", "remove-team-member"]) {
      await post(t, route, { teamId: theirs.id, userId: bob.id }, { label: "another's team" });
      await post(t, route, { teamId: first.id, userId: NO_ID }, { label: "an unknown user" });
      await post(t, route, { teamId: first.id, userId: bob.id }, { who: "ian", label: "by another's owner" });
    }
    await post(t, "set-active-team", { teamId: theirs.id }, { label: "another's" });
    await read(t, "list-team-members", { teamId: theirs.id }, { label: "another's" });
    await read(t, "list-teams", { organizationId: ians.id }, { label: "another's" });
    await read(t, "list-teams", { organizationId: acme.id }, { who: "ian", label: "of another" });
    await read(t, "list-teams", { organizationId: NO_ID }, { label: "unknown" });
    await read(t, "list-teams", { organizationId: "" }, { label: "empty" });
  },

  "organization teams: removed": async (t) => {
    const { ada, acme, first } = await withTeam(t);
    await post(t, REMOVE, { teamId: first.id }, { label: "the active one" });
    await activate(t, ada, { organization: acme, team: null });
    await post(t, REMOVE, { teamId: first.id }, { label: "the last one" });
    const blue = await team(t);
    await post(t, REMOVE, { teamId: blue.id }, { who: "bob", label: "by a member" });
    await post(t, REMOVE, { teamId: first.id }, { label: "one of two" });
    await post(t, REMOVE, { teamId: first.id }, { label: "again" });
    await post(t, REMOVE, { teamId: NO_ID }, { label: "unknown" });
    const green = await team(t, "Green");
    await post(t, REMOVE, { teamId: green.id, organizationId: acme.id }, { who: "cy", label: "by an admin" });
    await post(t, REMOVE, { teamId: "" }, { label: "empty" });
  },

  "organization teams: one that is active for another is removed": async (t) => {
    const { acme, first, bob } = await withTeam(t);
    await team(t);
    await enterTeam(t, first, bob);
    await activate(t, bob, { organization: acme, team: first });
    await post(t, REMOVE, { teamId: first.id }, { who: "cy", label: "by an admin" });
    await t.get("/get-session", { jar: "bob" });
    await read(t, "list-team-members", {}, { who: "bob" });
    await post(t, "set-active-team", {}, { who: "bob", label: "the same" });
    await read(t, "list-user-teams", {}, { who: "bob" });
  },

  "organization teams: values of wrong types": async (t) => {
    await withTeam(t);
    await each(t, CREATE, [{}, { name: "x", organizationId: 1 }, ...Object.values(NO_TEXT).map((name) => ({ name }))]);
    await each(t, UPDATE, [
      {},
      { teamId: NO_ID },
      { data: {} },
      { teamId: NO_ID, data: null },
      { teamId: NO_ID, data: "x" },
      { teamId: 1, data: {} },
      { teamId: NO_ID, data: { name: 1 } },
      { teamId: NO_ID, data: { name: null } },
      { teamId: NO_ID, data: { organizationId: 1 } },
      { teamId: NO_ID, data: { createdAt: "x" } },
      { teamId: NO_ID, data: { updatedAt: 1 } },
    ]);
    await each(t, REMOVE, [
      {},
      { teamId: NO_ID, organizationId: 1 },
      ...Object.values(NO_TEXT).map((teamId) => ({ teamId })),
    ]);
    for (const route of ["add-team-member", "remove-team-member"])
      await each(t, route, [{}, { teamId: NO_ID }, { userId: NO_ID }, { teamId: 1, userId: NO_ID }]);
    await each(t, "set-active-team", [{ teamId: 1 }, { teamId: true }, { teamId: {} }, { teamId: [] }]);
  },

  "organization teams: NUL in the name": async (t) => {
    await withTeam(t);
    await team(t, "a\u0000");
  },

  "organization teams: a long name": async (t) => {
    await withTeam(t);
    await team(t, "x".repeat(5000));
  },

  "organization teams: the organization is deleted": async (t) => {
    const { acme, first, bob } = await withTeam(t);
    await enterTeam(t, first, bob);
    await activate(t, bob, { organization: acme, team: first });
    await post(t, "delete", { organizationId: acme.id });
    await t.get("/get-session");
    await t.get("/get-session", { jar: "bob" });
    for (const who of ["ada", "bob"]) {
      await read(t, "list-user-teams", {}, { who, label: who });
      await post(t, "set-active-team", {}, { who, label: `${who}, the same` });
    }
  },
};
