// Organizations, members, invitations, teams and roles, begun at one server and completed at the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { WAYS } from "../pair.mjs";

/** @param start starts both servers with a profile, as `startPair` does */
export function organization(start) {
  let pair;
  before(async () => {
    pair = await start("shared-organization");
  });
  after(() => pair.stop());

  /** Asserts that a response is a success, and returns its body. */
  function bodyOf(answer) {
    assert.equal(answer.status, 200, answer.text);
    return JSON.parse(answer.text);
  }

  const post = async (client, route, body) => client.post(`/organization/${route}`, body);
  const done = async (client, route, body) => bodyOf(await post(client, route, body));
  const codeOf = async (client, route, body) => (await post(client, route, body)).json().code;
  const read = async (client, route, query = {}) => {
    const search = new URLSearchParams(query);
    return bodyOf(await client.get(`/organization/${route}?${search}`));
  };
  const sessionOf = async (client) => bodyOf(await client.get("/get-session")).session;

  async function signedUp(name, where) {
    const client = pair.at(where);
    const { user } = bodyOf(await client.signUp(name));
    return { client, user };
  }

  /** A new user at a server, and an organization that the user owns. */
  async function founder(name, where, changes = {}) {
    const { client, user } = await signedUp(name, where);
    const acme = await done(client, "create", { name: "Acme", slug: name, ...changes });
    return { client, user, acme };
  }

  /** A new user at `where` who has accepted an invitation of the owner. */
  async function invited(name, where, owner, role = "member") {
    const guest = await signedUp(name, where);
    const invitation = await done(owner.client, "invite-member", { email: guest.user.email, role });
    const { member } = await done(guest.client, "accept-invitation", { invitationId: invitation.id });
    return { ...guest, member };
  }

  for (const [here, there] of WAYS) {
    test(`an organization of ${here} is read, changed and deleted at ${there}`, async () => {
      const metadata = { plan: "pro", nested: { list: [1, null, "ü"] } };
      const { client, acme } = await founder(`life-${here}`, here, { metadata, logo: "/logo.png" });
      const other = pair.moved(client, there);
      assert.equal((await sessionOf(other)).activeOrganizationId, acme.id);

      const full = await read(other, "get-full-organization");
      assert.deepEqual(
        [full.id, full.slug, full.logo, JSON.parse(full.metadata)],
        [acme.id, acme.slug, acme.logo, metadata],
      );
      assert.deepEqual(full, await read(client, "get-full-organization"));
      const changed = await done(other, "update", { data: { name: "New", metadata: { seats: 2 } } });
      assert.deepEqual([changed.name, changed.metadata], ["New", { seats: 2 }]);
      assert.deepEqual(await read(client, "list"), await read(other, "list"));
      assert.equal(await codeOf(other, "create", { name: "Acme", slug: acme.slug }), "ORGANIZATION_ALREADY_EXISTS");

      await done(other, "delete", { organizationId: acme.id });
      assert.deepEqual(await read(client, "list"), []);
      assert.equal((await sessionOf(client)).activeOrganizationId, null);
    });

    test(`an organization that is selected at ${here} is active at ${there}`, async () => {
      const { client, acme } = await founder(`active-${here}`, here);
      await done(client, "create", { name: "Other", slug: `other-${here}` });
      await done(client, "set-active", { organizationId: acme.id });
      const other = pair.moved(client, there);
      assert.equal((await read(other, "get-full-organization")).id, acme.id);
      assert.equal(await done(other, "set-active", { organizationId: null }), null);
      assert.equal((await sessionOf(pair.moved(other, here))).activeOrganizationId, null);
    });

    test(`an invitation of ${here} is read and accepted at ${there}`, async () => {
      const owner = await founder(`invite-${here}`, here);
      const guest = await signedUp(`guest-${here}`, there);
      const { id } = await done(owner.client, "invite-member", { email: guest.user.email, role: ["member", "admin"] });
      const { url } = await pair.message(guest.user.email);
      assert.ok(url.includes(id), url);

      assert.equal((await read(guest.client, "get-invitation", { id })).inviterEmail, owner.user.email);
      assert.deepEqual(
        (await read(guest.client, "list-user-invitations")).map((found) => found.id),
        [id],
      );
      const { member } = await done(guest.client, "accept-invitation", { invitationId: id });

      assert.equal(member.role, "member,admin");
      assert.equal(
        await codeOf(pair.moved(guest.client, here), "accept-invitation", { invitationId: id }),
        "INVITATION_NOT_FOUND",
      );
      const { members } = await read(owner.client, "list-members");
      assert.deepEqual(members.map(({ userId }) => userId).sort(), [owner.user.id, guest.user.id].sort());
      const active = await read(pair.moved(guest.client, here), "get-active-member");
      assert.deepEqual([active.id, active.role], [member.id, "member,admin"]);
    });

    test(`an invitation of ${here} is sent again, canceled and rejected at ${there}`, async () => {
      const owner = await founder(`again-${here}`, here);
      const guest = await signedUp(`again-guest-${here}`, here);
      const other = pair.moved(owner.client, there);
      const to = { email: guest.user.email, role: "member" };
      const { id } = await done(owner.client, "invite-member", to);
      assert.equal(await codeOf(other, "invite-member", to), "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION");
      assert.equal((await done(other, "invite-member", { ...to, resend: true })).id, id);

      assert.equal((await done(other, "cancel-invitation", { invitationId: id })).status, "canceled");
      assert.equal(await codeOf(guest.client, "accept-invitation", { invitationId: id }), "INVITATION_NOT_FOUND");
      const second = await done(owner.client, "invite-member", to);
      const { invitation } = await done(pair.moved(guest.client, there), "reject-invitation", {
        invitationId: second.id,
      });
      assert.equal(invitation.status, "rejected");
      const all = await read(owner.client, "list-invitations");
      assert.deepEqual(all.map(({ status }) => status).sort(), ["canceled", "rejected"]);
    });

    test(`a member of ${here} gets another role and is removed at ${there}`, async () => {
      const owner = await founder(`member-${here}`, here);
      const bob = await invited(`bob-${here}`, here, owner);
      const other = pair.moved(owner.client, there);
      const change = { data: { name: "By Bob" } };
      assert.equal(await codeOf(bob.client, "update", change), "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION");

      await done(other, "update-member-role", { memberId: bob.member.id, role: "admin" });
      assert.equal((await done(bob.client, "update", change)).name, "By Bob");

      await done(other, "remove-member", { memberIdOrEmail: bob.user.email });
      assert.equal(await codeOf(bob.client, "update", change), "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
      const only = "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER";
      for (const client of [owner.client, other])
        assert.equal(await codeOf(client, "leave", { organizationId: owner.acme.id }), only);
    });

    test(`a team of ${here} gets a member, who works in it, at ${there}`, async () => {
      const owner = await founder(`team-${here}`, here);
      const bob = await invited(`team-bob-${here}`, here, owner);
      const [owners, bobs] = [pair.moved(owner.client, there), pair.moved(bob.client, there)];
      const { id: teamId } = await done(owner.client, "create-team", { name: "Blue" });

      await done(owners, "add-team-member", { teamId, userId: bob.user.id });
      assert.equal((await done(bobs, "set-active-team", { teamId })).name, "Blue");

      const back = pair.moved(bobs, here);
      assert.equal((await sessionOf(back)).activeTeamId, teamId);
      assert.deepEqual(
        (await read(back, "list-team-members")).map(({ userId }) => userId),
        [bob.user.id],
      );
      assert.deepEqual(await read(back, "list-user-teams"), await read(bobs, "list-user-teams"));
      await done(owners, "update-team", { teamId, data: { name: "Green" } });
      assert.deepEqual((await read(owner.client, "list-teams")).map(({ name }) => name).sort(), ["Acme", "Green"]);
      await done(owners, "remove-team-member", { teamId, userId: bob.user.id });
      assert.deepEqual(await read(bob.client, "list-user-teams"), []);
      await done(owners, "remove-team", { teamId });
      assert.deepEqual(
        (await read(owner.client, "list-teams")).map(({ name }) => name),
        ["Acme"],
      );
    });

    test(`an invitation of ${here} to two teams is accepted at ${there}`, async () => {
      const owner = await founder(`teams-${here}`, here);
      const blue = await done(owner.client, "create-team", { name: "Blue" });
      const [first] = await read(owner.client, "list-teams");
      const guest = await signedUp(`teams-guest-${here}`, there);
      const to = { email: guest.user.email, role: "member", teamId: [first.id, blue.id] };
      const { id } = await done(owner.client, "invite-member", to);
      await done(guest.client, "accept-invitation", { invitationId: id });
      const teams = await read(pair.moved(guest.client, here), "list-user-teams");
      assert.deepEqual(teams.map((team) => team.id).sort(), [first.id, blue.id].sort());
    });

    test(`a role that an organization creates at ${here} applies at ${there}`, async () => {
      const owner = await founder(`role-${here}`, here);
      const bob = await invited(`role-bob-${here}`, here, owner);
      const [owners, bobs] = [pair.moved(owner.client, there), pair.moved(bob.client, there)];
      const may = async (client, action) =>
        (await done(client, "has-permission", { permissions: { sale: [action] } })).success;
      const { roleData } = await done(owner.client, "create-role", {
        role: "Seller",
        permission: { sale: ["create"] },
      });

      await done(owners, "update-member-role", { memberId: bob.member.id, role: ["member", "seller"] });
      for (const client of [bob.client, bobs])
        assert.deepEqual([await may(client, "create"), await may(client, "delete")], [true, false]);

      await done(owners, "update-role", { roleId: roleData.id, data: { permission: { sale: ["delete"] } } });
      for (const client of [bob.client, bobs])
        assert.deepEqual([await may(client, "create"), await may(client, "delete")], [false, true]);
      assert.deepEqual(await read(owner.client, "list-roles"), await read(owners, "list-roles"));
      await done(owner.client, "update-member-role", { memberId: bob.member.id, role: "member" });
      await done(owners, "delete-role", { roleName: "seller" });
      assert.deepEqual(await read(owner.client, "list-roles"), []);
    });
  }

  test("of several organizations that are created at once with one slug, one is", async () => {
    for (let round = 0; round < 3; round += 1) {
      const clients = [];
      for (const where of ["ours", "reference", "ours", "reference"])
        clients.push((await signedUp(`slug-${round}-${clients.length}`, where)).client);
      const body = { name: "Acme", slug: `raced-${round}` };
      const answers = await Promise.all(clients.map((client) => post(client, "create", body)));
      assert.equal(
        answers.filter(({ status }) => status === 200).length,
        1,
        answers.map(({ text }) => text).join("\n"),
      );
      const rows = await pair.pool.query("select count(*)::int as count from organization where slug = $1", [
        body.slug,
      ]);
      assert.equal(rows.rows[0].count, 1);
    }
  });
}
