// Changes that an administrator makes at one server are in effect at the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { WAYS } from "../pair.mjs";

const NO_SESSION = "null";

/** @param {(profile: string) => Promise<object>} start starts the pair of servers */
export function admin(start) {
  let pair;
  let count = 0;
  before(async () => {
    pair = await start("shared-admin");
  });
  after(() => pair?.stop());

  /** Signs up an administrator and a user at a server. */
  async function both(server) {
    const names = ["root", "bob"].map((name) => `${name}${(count += 1)}`);
    const [root, bob] = names.map(() => pair.at(server));
    const users = [];
    for (const [at, client] of [root, bob].entries()) users.push((await client.signUp(names[at])).json().user);
    await pair.pool.query(`update "user" set role = 'admin' where id = $1`, [users[0].id]);
    return { root, bob, rootId: users[0].id, bobId: users[1].id, name: names[1] };
  }

  const post = async (client, action, body = {}) => {
    const answer = await client.post(`/admin/${action}`, body);
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  };

  for (const [first, second] of WAYS) {
    test(`a role that ${first} sets permits its user to list users at ${second}`, async () => {
      const { root, bob, bobId } = await both(first);
      assert.equal((await pair.moved(bob, second).get("/admin/list-users")).status, 403);
      assert.equal((await post(root, "set-role", { userId: bobId, role: ["user", "admin"] })).user.role, "user,admin");
      assert.equal((await pair.moved(bob, second).get("/admin/list-users")).status, 200);
    });

    test(`a user that ${first} creates signs in at ${second}`, async () => {
      const { root } = await both(first);
      const name = `new${(count += 1)}`;
      const body = { email: `${name}@example.com`, name, password: "password1234", role: "user" };
      const { user } = await post(root, "create-user", body);
      assert.equal((await pair.at(second).signIn(name)).json().user.id, user.id);
    });

    test(`a ban by ${first} holds at ${second} until ${second} lifts it`, async () => {
      const { root, bob, bobId, name } = await both(first);
      const { user } = await post(root, "ban-user", { userId: bobId, banReason: "Spam", banExpiresIn: 3600 });
      assert.equal((await pair.moved(bob, second).get("/get-session")).text, NO_SESSION);
      const refused = await pair.at(second).signIn(name);
      assert.deepEqual([refused.status, refused.json().code], [403, "BANNED_USER"]);

      const there = pair.moved(root, second);
      const { json } = await there.get(`/admin/get-user?id=${bobId}`);
      assert.deepEqual(
        [json().banned, json().banReason, json().banExpires],
        [true, "Spam", user.banExpires],
      );
      await post(there, "unban-user", { userId: bobId });
      assert.equal((await pair.at(first).signIn(name)).status, 200);
    });

    test(`an expired ban by ${first} is lifted at ${second}`, async () => {
      const { root, bobId, name } = await both(first);
      await post(root, "ban-user", { userId: bobId, banExpiresIn: 60 });
      await pair.pool.query(`update "user" set "banExpires" = now() - interval '1 minute' where id = $1`, [bobId]);
      assert.equal((await pair.at(second).signIn(name)).status, 200);
      const { rows } = await pair.pool.query(`select banned, "banReason", "banExpires" from "user" where id = $1`, [bobId]);
      assert.deepEqual(rows, [{ banned: false, banReason: null, banExpires: null }]);
    });

    test(`an impersonation that starts at ${first} is used and ended at ${second}`, async () => {
      const { root, rootId, bobId } = await both(first);
      await post(root, "impersonate-user", { userId: bobId });
      const there = pair.moved(root, second);
      const seen = (await there.get("/get-session")).json();
      assert.deepEqual([seen.user.id, seen.session.impersonatedBy], [bobId, rootId]);
      const ended = await post(there, "stop-impersonating");
      assert.equal(ended.user.id, rootId);
      assert.equal((await pair.moved(there, first).get("/get-session")).json().user.id, rootId);
    });

    test(`sessions of ${first} are listed and revoked at ${second}`, async () => {
      const { root, bob, bobId } = await both(first);
      const there = pair.moved(root, second);
      const { sessions } = await post(there, "list-user-sessions", { userId: bobId });
      assert.equal(sessions.length, 1);
      await post(there, "revoke-user-session", { sessionToken: sessions[0].token });
      assert.equal((await bob.get("/get-session")).text, NO_SESSION);
    });

    test(`a password that ${first} sets is valid at ${second}`, async () => {
      const { root, bobId, name } = await both(first);
      await post(root, "set-user-password", { userId: bobId, newPassword: "password12345" });
      const { status } = await pair.at(second).signIn(name, { body: { password: "password12345" } });
      assert.equal(status, 200);
    });

    test(`a user that ${first} removes is gone at ${second}`, async () => {
      const { root, bob, bobId, name } = await both(first);
      await post(root, "remove-user", { userId: bobId });
      assert.equal((await pair.moved(bob, second).get("/get-session")).text, NO_SESSION);
      assert.equal((await pair.at(second).signIn(name)).status, 401);
    });
  }

  test("a session of a user that another program bans is refused at ours", async () => {
    const { bob, bobId } = await both("reference");
    await pair.pool.query(`update "user" set banned = true where id = $1`, [bobId]);
    assert.equal((await pair.moved(bob, "ours").get("/get-session")).text, NO_SESSION);
  });
}
