// Teams and roles of organizations, with the official client and its plugin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { configuration, founder, invited } from "./support/organizations.mjs";
import { startServer } from "./support/server.mjs";
import { dataOf, refusal } from "./support/visitor.mjs";

let server;
before(async () => {
  server = await startServer({ configuration: configuration() });
});
after(() => server?.stop());

const codeOf = async (answer) => (await refusal(answer)).code;
const activeTeamOf = async ({ auth }) => dataOf(await auth.getSession()).session.activeTeamId;

test("an organization has a first team, which its creator works in", async () => {
  const { auth, user } = await founder(server);
  const [team, ...rest] = dataOf(await auth.organization.listTeams());
  assert.deepEqual([team.name, rest], ["Acme", []]);
  assert.equal(await activeTeamOf({ auth }), team.id);
  assert.deepEqual(
    dataOf(await auth.organization.listUserTeams()).map(({ id }) => id),
    [team.id],
  );
  assert.deepEqual(
    dataOf(await auth.organization.listTeamMembers()).map(({ userId }) => userId),
    [user.id],
  );
});

test("an owner creates, renames and removes a team, but not the last one", async () => {
  const { auth, acme } = await founder(server);
  const [first] = dataOf(await auth.organization.listTeams());
  const blue = dataOf(await auth.organization.createTeam({ name: "Blue" }));
  assert.deepEqual([blue.name, blue.organizationId], ["Blue", acme.id]);

  assert.equal(dataOf(await auth.organization.updateTeam({ teamId: blue.id, data: { name: "Green" } })).name, "Green");
  const removed = dataOf(await auth.organization.removeTeam({ teamId: blue.id }));

  assert.deepEqual(removed, { message: "Team removed successfully." });
  assert.equal(dataOf(await auth.organization.setActiveTeam({ teamId: null })), null);
  assert.equal(await codeOf(auth.organization.removeTeam({ teamId: first.id })), "UNABLE_TO_REMOVE_LAST_TEAM");
});

test("a member works in a team after having been added, until removed", async () => {
  const owner = await founder(server);
  const { auth, user } = await invited(server, owner);
  const { id: teamId } = dataOf(await owner.auth.organization.createTeam({ name: "Blue" }));
  assert.equal(await codeOf(auth.organization.setActiveTeam({ teamId })), "USER_IS_NOT_A_MEMBER_OF_THE_TEAM");

  const added = dataOf(await owner.auth.organization.addTeamMember({ teamId, userId: user.id }));

  assert.deepEqual([added.teamId, added.userId], [teamId, user.id]);
  assert.equal(dataOf(await auth.organization.setActiveTeam({ teamId })).name, "Blue");
  assert.equal(await activeTeamOf({ auth }), teamId);
  const query = { teamId };
  assert.deepEqual(
    dataOf(await auth.organization.listTeamMembers({ query })).map(({ userId }) => userId),
    [user.id],
  );
  const removed = dataOf(await owner.auth.organization.removeTeamMember({ teamId, userId: user.id }));
  assert.deepEqual(removed, { message: "Team member removed successfully." });
  assert.deepEqual(dataOf(await auth.organization.listUserTeams()), []);
  assert.equal(await codeOf(auth.organization.listTeamMembers({ query })), "USER_IS_NOT_A_MEMBER_OF_THE_TEAM");
});

test("an invitation to a team leads into the team", async () => {
  const owner = await founder(server);
  const { id: teamId } = dataOf(await owner.auth.organization.createTeam({ name: "Blue" }));
  const guest = await invited(server, owner, { teamId });
  assert.equal(await activeTeamOf(guest), teamId);
  assert.deepEqual(
    dataOf(await guest.auth.organization.listUserTeams()).map(({ name }) => name),
    ["Blue"],
  );
});

test("an owner creates a role, members with it have its permissions, and it is deleted when no member has it", async () => {
  const owner = await founder(server);
  const { auth, member } = await invited(server, owner);
  const { organization } = owner.auth;
  const may = async (permissions) => dataOf(await auth.organization.hasPermission({ permissions })).success;

  const { success, roleData } = dataOf(
    await organization.createRole({ role: "Sharer", permission: { project: ["share"] } }),
  );

  assert.deepEqual([success, roleData.role, roleData.permission], [true, "sharer", { project: ["share"] }]);
  dataOf(await organization.updateMemberRole({ memberId: member.id, role: ["member", "sharer"] }));
  assert.equal(await may({ project: ["share"] }), true);
  const assigned =
    "CANNOT_DELETE_A_ROLE_THAT_IS_ASSIGNED_TO_MEMBERS_PLEASE_REASSIGN_THE_MEMBERS_TO_A_DIFFERENT_ROLE_FIRST";
  assert.equal(await codeOf(organization.deleteRole({ roleName: "sharer" })), assigned);
  dataOf(await organization.updateMemberRole({ memberId: member.id, role: "member" }));
  assert.equal(await may({ project: ["share"] }), false);
  assert.deepEqual(dataOf(await organization.deleteRole({ roleId: roleData.id })), { success: true });
  assert.deepEqual(dataOf(await organization.listRoles()), []);
});

test("a role is read, listed and changed by its name and its id", async () => {
  const { auth } = await founder(server);
  const { organization } = auth;
  const { roleData } = dataOf(await organization.createRole({ role: "sharer", permission: { project: ["share"] } }));

  const changed = dataOf(
    await organization.updateRole({
      roleName: "sharer",
      data: { roleName: "maker", permission: { project: ["create"] } },
    }),
  );

  assert.deepEqual([changed.roleData.id, changed.roleData.role], [roleData.id, "maker"]);
  for (const query of [{ roleName: "maker" }, { roleId: roleData.id }])
    assert.deepEqual(dataOf(await organization.getRole({ query })).permission, { project: ["create"] });
  assert.deepEqual(
    dataOf(await organization.listRoles()).map(({ role }) => role),
    ["maker"],
  );
  assert.equal(await codeOf(organization.getRole({ query: { roleName: "sharer" } })), "ROLE_NOT_FOUND");
});

test("members grant no more than they have", async () => {
  const owner = await founder(server);
  const { auth } = await invited(server, owner, { role: "admin" });
  const attempt = await auth.organization.createRole({ role: "sharer", permission: { project: ["create", "share"] } });
  const { status, code, missingPermissions } = attempt.error;
  assert.deepEqual(
    [status, code, missingPermissions],
    [403, "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_ROLE", ["project:share"]],
  );
});
