// Members of teams, the active team, and invitations to teams.
import { requestChecks, session } from "../support/guards.mjs";
import {
  NO_ID,
  activate,
  create,
  enterTeam,
  firstTeam,
  invite,
  person,
  post,
  read,
  staffed,
  team,
} from "../support/organizations.mjs";

export const profile = "organization-teams";

const ADD = "add-team-member";
const REMOVE = "remove-team-member";
const ACTIVE = "set-active-team";

/** Ada's organization with a member and an admin, and two teams. */
async function withTeams(t, roles) {
  const people = await staffed(t, roles);
  return { ...people, first: await firstTeam(t), blue: await team(t) };
}

const inTeam = (t, route, { id }, user, options) => post(t, route, { teamId: id, userId: user.id }, options);

export default {
  ...requestChecks(`/organization/${ACTIVE}`, { teamId: null }),
  ...session("POST", `/organization/${ACTIVE}`, { teamId: null }),
  ...session("POST", `/organization/${ADD}`, { teamId: NO_ID, userId: NO_ID }),
  ...session("POST", `/organization/${REMOVE}`, { teamId: NO_ID, userId: NO_ID }),
  ...session("GET", "/organization/list-user-teams"),
  ...session("GET", "/organization/list-team-members"),

  "organization teams: a member is added": async (t) => {
    const { blue, bob } = await withTeams(t);
    await inTeam(t, ADD, blue, bob);
    await inTeam(t, ADD, blue, bob, { label: "again" });
    await read(t, "list-user-teams", {}, { who: "bob" });
    await read(t, "list-team-members", { teamId: blue.id }, { who: "bob" });
    await read(t, "list-team-members", { teamId: blue.id });
    await inTeam(t, REMOVE, blue, bob);
    await inTeam(t, REMOVE, blue, bob, { label: "again" });
    await read(t, "list-user-teams", {}, { who: "bob", label: "afterwards" });
  },

  "organization teams: members are added by members": async (t) => {
    const { blue, ada, bob, cy } = await withTeams(t, { bob: "member", cy: "admin", eve: "unknown" });
    const ian = await person(t, "ian");
    for (const route of [ADD, REMOVE]) {
      await inTeam(t, route, blue, bob, { who: "bob", label: "by a member" });
      await inTeam(t, route, blue, bob, { who: "eve", label: "by an unknown role" });
      await inTeam(t, route, blue, cy, { who: "cy", label: "by an admin, itself" });
      await inTeam(t, route, blue, ada, { who: "cy", label: "by an admin, the owner" });
      await inTeam(t, route, blue, ian, { label: "a user who is no member" });
      await inTeam(t, route, { id: NO_ID }, bob, { label: "an unknown team" });
      await inTeam(t, route, { id: "" }, bob, { label: "an empty id" });
      await post(t, route, { teamId: blue.id, userId: 1 }, { label: "a number as the user" });
      await post(t, route, { teamId: blue.id, userId: null }, { label: "null as the user" });
      await post(
        t,
        route,
        { teamId: blue.id, userId: bob.id, organizationId: NO_ID },
        { label: "with another organization" },
      );
    }
  },

  "organization teams: members of several teams": async (t) => {
    const { first, blue, bob, cy } = await withTeams(t);
    for (const user of [bob, cy]) for (const to of [first, blue]) await inTeam(t, ADD, to, user);
    for (const who of ["ada", "bob", "cy"]) {
      await read(t, "list-user-teams", {}, { who, label: who });
      await read(t, "list-team-members", { teamId: first.id }, { who, label: who });
    }
  },

  "organization teams: a member of teams is removed from the organization": async (t) => {
    const { acme, first, blue, bob } = await withTeams(t);
    for (const to of [first, blue]) await enterTeam(t, to, bob);
    await activate(t, bob, { organization: acme, team: blue });
    await post(t, "remove-member", { memberIdOrEmail: bob.email });
    await t.get("/get-session", { jar: "bob" });
    await read(t, "list-user-teams", {}, { who: "bob" });
    await read(t, "list-team-members", {}, { who: "bob" });
  },

  "organization teams: a member of teams leaves": async (t) => {
    const { acme, blue, bob } = await withTeams(t);
    await enterTeam(t, blue, bob);
    await activate(t, bob, { organization: acme, team: blue });
    await post(t, "leave", { organizationId: acme.id }, { who: "bob" });
    await t.get("/get-session", { jar: "bob" });
  },

  "organization teams: a team becomes active": async (t) => {
    const { first, blue, bob, cy } = await withTeams(t);
    await post(t, ACTIVE, { teamId: first.id });
    await post(t, ACTIVE, {}, { label: "the same" });
    await post(t, ACTIVE, { teamId: blue.id }, { label: "one that the owner is not in" });
    await enterTeam(t, blue, bob);
    await post(t, ACTIVE, { teamId: blue.id }, { who: "bob", label: "by a member" });
    await t.get("/get-session", { jar: "bob" });
    await read(t, "list-team-members", {}, { who: "bob" });
    await post(t, ACTIVE, { teamId: null }, { who: "bob", label: "none" });
    await t.get("/get-session", { jar: "bob", label: "none" });
    await post(t, ACTIVE, { teamId: null }, { who: "bob", label: "none, again" });
    await post(t, ACTIVE, {}, { who: "bob", label: "none, the same" });
    await post(t, ACTIVE, { teamId: NO_ID }, { label: "unknown" });
    await post(t, ACTIVE, { teamId: "" }, { label: "empty" });
    await post(t, ACTIVE, { teamId: blue.id }, { who: "cy", label: `by ${cy.name}, who is in no team` });
  },

  "organization teams: a team of another organization becomes active": async (t) => {
    const { acme, first } = await withTeams(t);
    await create(t, { slug: "other", name: "Other" });
    await post(t, ACTIVE, { teamId: first.id });
    await t.get("/get-session");
    await post(t, "set-active", { organizationId: acme.id });
    await t.get("/get-session", { label: "afterwards" });
    await post(t, "set-active", { organizationId: null }, { label: "none" });
    await t.get("/get-session", { label: "none" });
  },

  "organization teams: an active team in a session that is not remembered": async (t) => {
    await t.signUp("ada", { body: { rememberMe: false } });
    await create(t);
    await post(t, ACTIVE, {}, { label: "the same" });
    await t.get("/get-session");
  },

  "organization teams: an invitation to a team": async (t) => {
    const { blue } = await withTeams(t);
    await person(t, "new");
    const { id } = await invite(t, "new@example.com", { teamId: blue.id });
    await t.message("new@example.com");
    await read(t, "list-user-invitations", {}, { who: "new" });
    await read(t, "get-invitation", { id }, { who: "new" });
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
    await t.get("/get-session", { jar: "new" });
    await read(t, "list-user-teams", {}, { who: "new" });
    await read(t, "get-full-organization");
  },

  "organization teams: an invitation to several teams": async (t) => {
    const { first, blue } = await withTeams(t);
    await person(t, "new");
    const { id } = await invite(t, "new@example.com", { teamId: [first.id, blue.id] });
    await t.message("new@example.com");
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
    await t.get("/get-session", { jar: "new" });
    await read(t, "list-user-teams", {}, { who: "new" });
  },

  "organization teams: an invitation to a team in a session that is not remembered": async (t) => {
    const { blue } = await withTeams(t);
    await t.signUp("new", { jar: "new", body: { rememberMe: false } });
    const { id } = await invite(t, "new@example.com", { teamId: blue.id });
    await t.message("new@example.com");
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
  },

  "organization teams: invitations to unusual teams": async (t) => {
    const { first } = await withTeams(t);
    for (const [label, teamId] of Object.entries({
      none: [],
      empty: "",
      "an array with one": [first.id],
      null: null,
      number: 1,
    })) {
      await invite(t, `${label.replaceAll(" ", "-")}@example.com`, { teamId }, { label });
    }
    for (const { email } of await t.sql("select email from invitation")) await t.message(email, "a message");
  },

  "organization teams: an invitation to an unknown team": async (t) => {
    const { first } = await withTeams(t);
    await invite(t, "new@example.com", { teamId: NO_ID });
    await invite(t, "other@example.com", { teamId: [first.id, NO_ID] }, { label: "one of two" });
  },

  "organization teams: an invitation to a team of another organization": async (t) => {
    await withTeams(t);
    await person(t, "ian");
    await create(t, { slug: "ians", name: "Ians" }, { who: "ian" });
    const [{ id: teamId }] = await t.sql(`select id from team where name = 'Ians'`);
    await invite(t, "new@example.com", { teamId });
  },

  "organization teams: an invitation with a team that does not exist in its row": async (t) => {
    const { blue } = await withTeams(t);
    await person(t, "new");
    const { id } = await invite(t, "new@example.com", { teamId: blue.id });
    await t.message("new@example.com");
    await t.sql(`update invitation set "teamId" = $1`, [NO_ID]);
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
  },

  "organization teams: an invitation to a team twice": async (t) => {
    const { first } = await withTeams(t);
    await person(t, "new");
    const { id } = await invite(t, "new@example.com", { teamId: [first.id, first.id] });
    await t.message("new@example.com");
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
  },

  "organization teams: an invitation to a team that is removed": async (t) => {
    const { blue } = await withTeams(t);
    await person(t, "new");
    const { id } = await invite(t, "new@example.com", { teamId: blue.id });
    await t.message("new@example.com");
    await post(t, "remove-team", { teamId: blue.id });
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
  },

  "organization teams: an invitation that is resent to another team": async (t) => {
    const { first, blue } = await withTeams(t);
    await invite(t, "new@example.com", { teamId: blue.id });
    await t.message("new@example.com");
    await invite(t, "new@example.com", { teamId: first.id, resend: true }, { label: "resent" });
    await t.message("new@example.com");
  },

  "organization teams: a user in a team is deleted": async (t) => {
    const { acme, blue } = await withTeams(t);
    await t.signUp("new", { jar: "new" });
    const { id } = await invite(t, "new@example.com", { organizationId: acme.id, teamId: blue.id });
    await t.message("new@example.com");
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
    await t.post("/delete-user", { password: "password1234" }, { jar: "new" });
    await read(t, "list-members");
  },
};
