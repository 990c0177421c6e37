// Organizations, members and invitations, with the official client and its plugin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { configuration, founder, invitationFor, invited, newSlug, newUser } from "./support/organizations.mjs";
import { startServer } from "./support/server.mjs";
import { dataOf, refusal } from "./support/visitor.mjs";

const NO_MEMBER = {
  status: 403,
  code: "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
  message: "User is not a member of the organization",
};

let server;
before(async () => {
  server = await startServer({ configuration: configuration() });
});
after(() => server?.stop());

const codeOf = async (answer) => (await refusal(answer)).code;
const activeOf = async ({ auth }) => dataOf(await auth.getSession()).session.activeOrganizationId;

test("a user creates an organization, owns it, and it becomes the active one", async () => {
  const { auth, user } = await newUser(server);
  const slug = newSlug();

  const acme = dataOf(
    await auth.organization.create({ name: "Acme", slug, metadata: { plan: "pro" }, logo: "/logo.png" }),
  );

  assert.deepEqual([acme.name, acme.slug, acme.logo, acme.metadata], ["Acme", slug, "/logo.png", { plan: "pro" }]);
  assert.ok(acme.createdAt instanceof Date);
  assert.deepEqual(
    acme.members.map(({ userId, role }) => [userId, role]),
    [[user.id, "owner"]],
  );
  assert.equal(await activeOf({ auth }), acme.id);
  assert.deepEqual(
    dataOf(await auth.organization.list()).map(({ id }) => id),
    [acme.id],
  );
});

test("a slug belongs to one organization", async () => {
  const { acme } = await founder(server);
  const { auth } = await newUser(server);
  assert.equal(await codeOf(auth.organization.checkSlug({ slug: acme.slug })), "SLUG_IS_TAKEN");
  assert.deepEqual(dataOf(await auth.organization.checkSlug({ slug: newSlug() })), { status: true });
  const taken = auth.organization.create({ name: "Other", slug: acme.slug });
  assert.deepEqual(await refusal(taken), {
    status: 400,
    code: "ORGANIZATION_ALREADY_EXISTS",
    message: "Organization already exists",
  });
});

test("an owner changes an organization, and a member does not", async () => {
  const owner = await founder(server);
  const { auth } = await invited(server, owner);
  const slug = newSlug();

  const changed = dataOf(await owner.auth.organization.update({ data: { name: "New", slug, metadata: { a: 1 } } }));

  assert.deepEqual([changed.id, changed.name, changed.slug, changed.metadata], [owner.acme.id, "New", slug, { a: 1 }]);
  const attempt = auth.organization.update({ data: { name: "Mine" }, organizationId: owner.acme.id });
  assert.equal(await codeOf(attempt), "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION");
});

test("a user selects the active organization by id and by slug, and none", async () => {
  const owner = await founder(server);
  const other = dataOf(await owner.auth.organization.create({ name: "Other", slug: newSlug() }));
  const { organization } = owner.auth;

  assert.equal(dataOf(await organization.setActive({ organizationId: owner.acme.id })).id, owner.acme.id);
  assert.equal(await activeOf(owner), owner.acme.id);
  assert.equal(dataOf(await organization.setActive({ organizationSlug: other.slug })).id, other.id);
  assert.equal(await activeOf(owner), other.id);
  assert.equal(dataOf(await organization.setActive({ organizationId: null })), null);
  assert.equal(await activeOf(owner), null);
  assert.equal(dataOf(await organization.getFullOrganization()), null);
});

test("members read everything of an organization, and other users nothing", async () => {
  const owner = await founder(server);
  const { auth, user } = await invited(server, owner);
  const query = { organizationId: owner.acme.id };

  const full = dataOf(await auth.organization.getFullOrganization({ query }));

  assert.deepEqual(
    full.members.map(({ user: { id }, role }) => [id, role]).sort(),
    [
      [owner.user.id, "owner"],
      [user.id, "member"],
    ].sort(),
  );
  assert.deepEqual(
    full.invitations.map(({ status }) => status),
    ["accepted"],
  );
  assert.deepEqual(
    full.teams.map(({ name }) => name),
    ["Acme"],
  );
  const stranger = await newUser(server);
  assert.deepEqual(await refusal(stranger.auth.organization.getFullOrganization({ query })), NO_MEMBER);
  assert.deepEqual(await refusal(stranger.auth.organization.setActive(query)), NO_MEMBER);
});

test("an invited user follows the mail, reads the invitation and accepts it", async () => {
  const owner = await founder(server);
  const { auth, person, user } = await newUser(server);
  const sent = dataOf(await owner.auth.organization.inviteMember({ email: person.email, role: ["member", "admin"] }));
  assert.deepEqual([sent.email, sent.role, sent.status], [person.email, "member,admin", "pending"]);

  const { id } = await invitationFor(server, person.email);

  assert.equal(id, sent.id);
  const seen = dataOf(await auth.organization.getInvitation({ query: { id } }));
  assert.deepEqual(
    [seen.organizationName, seen.organizationSlug, seen.inviterEmail],
    ["Acme", owner.acme.slug, owner.person.email],
  );
  const [received, ...rest] = dataOf(await auth.organization.listUserInvitations());
  assert.deepEqual([received.id, received.organizationName, rest], [id, "Acme", []]);
  const { member, invitation } = dataOf(await auth.organization.acceptInvitation({ invitationId: id }));
  assert.deepEqual([member.userId, member.role, invitation.status], [user.id, "member,admin", "accepted"]);
  assert.equal(await activeOf({ auth }), owner.acme.id);
  assert.equal(await codeOf(auth.organization.acceptInvitation({ invitationId: id })), "INVITATION_NOT_FOUND");
});

test("an invitation is for its recipient only", async () => {
  const owner = await founder(server);
  const { person } = await newUser(server);
  const { id } = dataOf(await owner.auth.organization.inviteMember({ email: person.email, role: "member" }));
  const { auth } = await newUser(server);
  const rejected = "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION";
  assert.equal(await codeOf(auth.organization.acceptInvitation({ invitationId: id })), rejected);
  assert.equal(await codeOf(auth.organization.rejectInvitation({ invitationId: id })), rejected);
  assert.equal(await codeOf(auth.organization.getInvitation({ query: { id } })), rejected);
});

test("an invitation is rejected by its recipient or canceled by its sender", async () => {
  const owner = await founder(server);
  const { auth, person } = await newUser(server);
  const invite = async () =>
    dataOf(await owner.auth.organization.inviteMember({ email: person.email, role: "member" })).id;

  const { invitation, member } = dataOf(await auth.organization.rejectInvitation({ invitationId: await invite() }));
  assert.deepEqual([invitation.status, member], ["rejected", null]);
  const invitationId = await invite();
  assert.equal(dataOf(await owner.auth.organization.cancelInvitation({ invitationId })).status, "canceled");

  assert.equal(await codeOf(auth.organization.acceptInvitation({ invitationId })), "INVITATION_NOT_FOUND");
  assert.deepEqual(dataOf(await auth.organization.listUserInvitations()), []);
  const all = dataOf(await owner.auth.organization.listInvitations());
  assert.deepEqual(all.map(({ status }) => status).sort(), ["canceled", "rejected"]);
});

test("an invitation is sent again only on request", async () => {
  const owner = await founder(server);
  const { person } = await newUser(server);
  const again = { email: person.email, role: "member" };
  const { id } = dataOf(await owner.auth.organization.inviteMember(again));
  assert.equal(
    await codeOf(owner.auth.organization.inviteMember(again)),
    "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION",
  );
  assert.equal(dataOf(await owner.auth.organization.inviteMember({ ...again, resend: true })).id, id);
});

test("the active member and the role of each member are returned", async () => {
  const owner = await founder(server);
  const { auth, user, member } = await invited(server, owner);
  assert.equal(dataOf(await auth.organization.getActiveMember()).id, member.id);
  assert.deepEqual(dataOf(await auth.organization.getActiveMemberRole()), { role: "member" });
  const query = { userId: user.id };
  assert.deepEqual(dataOf(await owner.auth.organization.getActiveMemberRole({ query })), { role: "member" });
});

test("members are listed by pages, in an order, and by a value", async () => {
  const owner = await founder(server);
  for (const role of ["member", "admin"]) await invited(server, owner, { role });
  const list = async (query) => dataOf(await owner.auth.organization.listMembers({ query }));

  const { members, total } = await list({ limit: 2, offset: 1, sortBy: "createdAt", sortDirection: "desc" });

  assert.deepEqual([members.map(({ role }) => role), total], [["member", "owner"], 3]);
  const admins = await list({ filterField: "role", filterOperator: "eq", filterValue: "admin" });
  assert.deepEqual([admins.members.map(({ role }) => role), admins.total], [["admin"], 1]);
});

test("roles change, and the last owner stays one", async () => {
  const owner = await founder(server);
  const { auth, member } = await invited(server, owner);
  const [{ id: own }] = owner.acme.members;

  assert.equal(
    dataOf(await owner.auth.organization.updateMemberRole({ memberId: member.id, role: "admin" })).role,
    "admin",
  );
  const attempt = auth.organization.updateMemberRole({ memberId: member.id, role: "owner" });
  assert.equal(await codeOf(attempt), "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
  const last = owner.auth.organization.updateMemberRole({ memberId: own, role: "member" });
  assert.equal(await codeOf(last), "YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER");
});

test("members are removed, and leave, but the last owner does neither", async () => {
  const owner = await founder(server);
  const [removed, leaving] = [await invited(server, owner), await invited(server, owner)];

  const { member } = dataOf(await owner.auth.organization.removeMember({ memberIdOrEmail: removed.person.email }));
  dataOf(await leaving.auth.organization.leave({ organizationId: owner.acme.id }));

  assert.equal(member.id, removed.member.id);
  assert.equal(await activeOf(leaving), null);
  const query = { organizationId: owner.acme.id };
  for (const { auth } of [removed, leaving])
    assert.equal(await codeOf(auth.organization.listMembers({ query })), "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION");
  const only = "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER";
  assert.equal(await codeOf(owner.auth.organization.leave(query)), only);
  assert.equal(await codeOf(owner.auth.organization.removeMember({ memberIdOrEmail: owner.acme.members[0].id })), only);
});

test("permissions are those of the role, at the server and in the client", async () => {
  const owner = await founder(server);
  const { auth } = await invited(server, owner);
  const may = async (client, permissions) => dataOf(await client.organization.hasPermission({ permissions })).success;

  assert.equal(await may(owner.auth, { organization: ["delete"], project: ["share"] }), true);
  assert.equal(await may(auth, { project: ["create"] }), true);
  assert.equal(await may(auth, { project: ["share"] }), false);
  const asked = { project: ["share"] };
  assert.equal(auth.organization.checkRolePermission({ role: "member", permissions: asked }), false);
  assert.equal(auth.organization.checkRolePermission({ role: "owner", permissions: asked }), true);
});

test("an owner deletes an organization", async () => {
  const owner = await founder(server);
  const { auth } = await invited(server, owner, { role: "admin" });
  const attempt = auth.organization.delete({ organizationId: owner.acme.id });
  assert.equal(await codeOf(attempt), "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION");

  dataOf(await owner.auth.organization.delete({ organizationId: owner.acme.id }));

  assert.equal(await activeOf(owner), null);
  for (const client of [owner.auth, auth]) assert.deepEqual(dataOf(await client.organization.list()), []);
});

test("the client's stores show the organizations, the active one, and the caller's membership in it", async () => {
  const { auth, acme } = await founder(server);
  const shown = async (store) => {
    await store.get().refetch();
    const { data, error } = store.get();
    assert.equal(error, null);
    return data;
  };
  assert.deepEqual(
    (await shown(auth.useListOrganizations)).map(({ id }) => id),
    [acme.id],
  );
  assert.deepEqual(
    (await shown(auth.useActiveOrganization)).members.map(({ id }) => id),
    [acme.members[0].id],
  );
  assert.equal((await shown(auth.useActiveMember)).id, acme.members[0].id);
  assert.deepEqual(await shown(auth.useActiveMemberRole), { role: "owner" });

  dataOf(await auth.organization.setActive({ organizationId: null }));

  assert.equal(await shown(auth.useActiveOrganization), null);
  assert.equal(await shown(auth.useActiveMember), null);
});
