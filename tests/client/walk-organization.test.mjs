// An organization in a real browser: an owner invites a user, who follows the mail, accepts, works in a team, and is
// removed.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, test } from "node:test";

import { Person } from "./support/person.mjs";
import { startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";

const PASSWORD = "correct horse battery";

let server, site;
before(async () => {
  site = await startSite();
  server = await startServer({
    trustedOrigins: [site.origin],
    configuration: { plugins: { organization: { invitation_url: `${site.origin}/`, teams: { enabled: true } } } },
  });
});
after(() => Promise.all([server?.stop(), site?.stop()]));

/** Asserts that the client reported no error, and returns its data. */
function dataOf({ data, error }) {
  assert.equal(error, null);
  return data;
}

/** Sends a form on the current page, and returns the client's data. */
async function done({ person }, form, fields) {
  return dataOf(await person.sendHere(form, fields));
}

/** Opens the front end, and signs a user up. */
async function signUp(user, name) {
  const email = `${name.toLowerCase()}-${randomInt(1e12)}@example.com`;
  const { user: created } = dataOf(await user.person.send("sign-up", { name, email, password: PASSWORD }));
  Object.assign(user, { email, id: created.id });
}

/** Steps in order. Each continues in the state that the previous one left. */
const steps = {
  async "an owner signs up and creates an organization"({ owner, slug }) {
    await signUp(owner, "Ada");
    const acme = await done(owner, "create-organization", { name: "Acme", slug });
    assert.deepEqual(
      acme.members.map(({ userId, role }) => [userId, role]),
      [[owner.id, "owner"]],
    );
  },

  async "the owner invites a user, who signs up"({ owner, guest }) {
    await signUp(guest, "Bob");
    const { status } = await done(owner, "invite-member", { email: guest.email, role: "member" });
    assert.equal(status, "pending");
    assert.deepEqual(await done(guest, "list-organizations"), []);
  },

  async "the invited user follows the mail and accepts"({ guest, slug }) {
    const { origin, searchParams } = await guest.person.followMail("invitation", guest.email);
    assert.equal(origin, site.origin);
    const { invitation, member } = await done(guest, "accept-invitation");
    assert.equal(invitation.id, searchParams.get("invitationId"));
    assert.deepEqual([member.userId, member.role], [guest.id, "member"]);
    const full = await done(guest, "full-organization");
    assert.deepEqual([full.slug, full.members.length], [slug, 2]);
  },

  async "the owner adds the member to a team, in which the member works"(walk) {
    const { owner, guest } = walk;
    walk.team = await done(owner, "create-team", { name: "Blue" });
    await done(owner, "add-team-member", { teamId: walk.team.id, userId: guest.id });
    assert.equal((await done(guest, "set-active-team", { teamId: walk.team.id })).name, "Blue");
    assert.deepEqual(
      (await done(guest, "list-team-members")).map(({ userId }) => userId),
      [guest.id],
    );
    assert.equal((await done(guest, "session")).session.activeTeamId, walk.team.id);
  },

  async "the owner removes the member, who reads nothing more"({ owner, guest }) {
    const { member } = await done(owner, "remove-member", { memberIdOrEmail: guest.email });
    assert.equal(member.userId, guest.id);
    assert.deepEqual(await done(guest, "list-organizations"), []);
    const { error } = await guest.person.sendHere("full-organization");
    assert.deepEqual([error.status, error.code], [403, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"]);
    const { error: inTeam } = await guest.person.sendHere("list-team-members");
    assert.deepEqual([inTeam.status, inTeam.code], [400, "USER_IS_NOT_A_MEMBER_OF_THE_TEAM"]);
  },
};

test("an organization from its creation to the removal of a member", async (walk) => {
  const [owner, guest] = [{ person: await Person.come(server, site) }, { person: await Person.come(server, site) }];
  const state = { owner, guest, slug: `acme-${randomInt(1e12)}` };
  try {
    for (const [name, step] of Object.entries(steps)) await walk.test(name, () => step(state));
    for (const { person } of [owner, guest]) assert.deepEqual(person.tab.troubles, []);
  } finally {
    for (const { person } of [owner, guest]) await person.leave();
  }
});
