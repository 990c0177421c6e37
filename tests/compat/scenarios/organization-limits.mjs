// Limits of organizations, members, invitations, teams and roles.
import {
  activate,
  create,
  enterTeam,
  firstTeam,
  founded,
  invite,
  joined,
  person,
  post,
  read,
  team,
} from "../support/organizations.mjs";

export const profile = "organization-limits";

export default {
  "organization limits: organizations of a user": async (t) => {
    await founded(t);
    await create(t, { slug: "second" });
    await create(t, { slug: "third" }, { label: "one too many" });
    await create(t, { slug: "acme" }, { label: "one too many, slug taken" });
    await person(t, "bob");
    const bobs = await create(t, { slug: "bobs" }, { who: "bob" });
    await post(t, "delete", { organizationId: bobs.id }, { who: "bob" });
    for (const slug of ["b", "c", "d"]) await create(t, { slug }, { who: "bob", label: slug });
  },

  "organization limits: organizations of a user who was invited": async (t) => {
    const { acme } = await founded(t);
    await joined(t, acme, "bob", "member");
    await create(t, { slug: "bobs" }, { who: "bob" });
    await create(t, { slug: "more" }, { who: "bob", label: "one too many" });
  },

  "organization limits: members": async (t) => {
    const { acme } = await founded(t);
    const invitations = [];
    for (const name of ["bob", "cy", "dan"]) {
      await person(t, name);
      invitations.push([name, (await invite(t, `${name}@example.com`)).id]);
      await t.message(`${name}@example.com`);
    }
    for (const [who, invitationId] of invitations)
      await post(t, "accept-invitation", { invitationId }, { who, label: who });
    await post(t, "remove-member", { memberIdOrEmail: "bob@example.com" });
    const [, invitationId] = invitations[2];
    await post(t, "accept-invitation", { invitationId }, { who: "dan", label: "again" });
    await read(t, "list-members", { organizationId: acme.id, sortBy: "createdAt" });
  },

  "organization limits: members of a list": async (t) => {
    const { acme } = await founded(t);
    for (const name of ["bob", "cy", "dan", "eve"]) await joined(t, acme, name, "member");
    await read(t, "list-members", { sortBy: "createdAt" });
    await read(t, "list-members", { sortBy: "createdAt", limit: "4" }, { label: "limit 4" });
  },

  "organization limits: members of an organization that is read": async (t) => {
    const { acme } = await founded(t);
    for (const name of ["bob", "cy", "dan"]) await joined(t, acme, name, "member");
    await read(t, "get-full-organization");
  },

  "organization limits: invitations": async (t) => {
    await founded(t);
    for (const name of ["a", "b", "c", "d"]) await invite(t, `${name}@example.com`, {}, { label: name });
    for (const name of ["a", "b", "c"]) await t.message(`${name}@example.com`);
    await invite(t, "a@example.com", { resend: true }, { label: "resent" });
    await t.message("a@example.com");
    const [{ id }] = await t.sql(`select id from invitation where email = 'a@example.com'`);
    await post(t, "cancel-invitation", { invitationId: id });
    await invite(t, "d@example.com", {}, { label: "after a cancellation" });
    await t.message("d@example.com");
  },

  "organization limits: the time of an invitation": async (t) => {
    await founded(t);
    await invite(t, "bob@example.com");
    await t.message("bob@example.com");
    await invite(t, "bob@example.com", { resend: true }, { label: "resent" });
    await t.message("bob@example.com");
  },

  "organization limits: teams": async (t) => {
    const { acme } = await founded(t);
    for (const name of ["Blue", "Green", "Red"]) await team(t, name, {}, { label: name });
    const [{ id }] = await t.sql("select id from team where name = 'Blue'");
    await post(t, "remove-team", { teamId: id, organizationId: acme.id });
    await team(t, "Red", {}, { label: "after a removal" });
  },

  "organization limits: members of a team": async (t) => {
    const { acme } = await founded(t);
    const first = await firstTeam(t);
    for (const name of ["bob", "cy"]) {
      const user = await joined(t, acme, name, "member");
      await post(t, "add-team-member", { teamId: first.id, userId: user.id }, { label: name });
    }
  },

  "organization limits: an invitation to a team that is full": async (t) => {
    const { acme } = await founded(t);
    const first = await firstTeam(t);
    const blue = await team(t);
    const bob = await joined(t, acme, "bob", "member");
    await enterTeam(t, first, bob);
    await invite(t, "new@example.com", { teamId: first.id });
    await invite(t, "new@example.com", { teamId: [blue.id, first.id] }, { label: "one of two is full" });
    await invite(t, "new@example.com", { teamId: "unknown" }, { label: "unknown" });
    await invite(t, "new@example.com", { teamId: "" }, { label: "empty" });
    await t.message("new@example.com");
  },

  "organization limits: an invitation to a team that becomes full": async (t) => {
    const { acme } = await founded(t);
    const first = await firstTeam(t);
    await person(t, "new");
    const { id } = await invite(t, "new@example.com", { teamId: first.id });
    await t.message("new@example.com");
    await enterTeam(t, first, await joined(t, acme, "bob", "member"));
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
    await read(t, "list-members", { sortBy: "createdAt" });
  },

  "organization limits: an invitation to a team with one place left": async (t) => {
    await founded(t);
    const first = await firstTeam(t);
    await person(t, "new");
    const { id } = await invite(t, "new@example.com", { teamId: first.id });
    await t.message("new@example.com");
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
  },

  "organization limits: an invitation to an empty team": async (t) => {
    await founded(t);
    const blue = await team(t);
    await person(t, "new");
    const { id } = await invite(t, "new@example.com", { teamId: blue.id });
    await t.message("new@example.com");
    await post(t, "accept-invitation", { invitationId: id }, { who: "new" });
  },

  "organization limits: roles": async (t) => {
    const { ada, acme } = await founded(t);
    await activate(t, ada, { organization: acme });
    const permission = { team: ["create"] };
    for (const role of ["a", "b", "c"]) await post(t, "create-role", { role, permission }, { label: role });
    await post(t, "create-role", { role: "a", permission: { unknown: [] } }, { label: "too many, taken, invalid" });
    await post(t, "delete-role", { roleName: "a" });
    await post(t, "create-role", { role: "c", permission }, { label: "after a deletion" });
    await post(t, "create-role", { role: "d", permission: { project: ["create"] } }, { label: "too many" });
  },
};
