// Better Auth and Portcullis on one database, at the same time.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { WAYS } from "../pair.mjs";

/** @param start starts both servers with a profile, as `startPair` does */
export function shared(start) {
  let pair;
  const at = (name) => pair.at(name);
  const moved = (client, name) => pair.moved(client, name);

  before(async () => {
    pair = await start("shared");
  });
  after(() => pair.stop());

  for (const [here, there] of WAYS) {
    test(`a session of ${here} is returned, changed and ended at ${there}`, async () => {
      const client = at(here);
      assert.equal((await client.signUp(`session-${here}`)).status, 200);
      const other = moved(client, there);

      assert.equal((await other.get("/get-session")).text, (await client.get("/get-session")).text);
      assert.equal((await other.get("/list-sessions")).text, (await client.get("/list-sessions")).text);
      assert.equal((await other.post("/update-user", { name: "Ada L." })).text, '{"status":true}');
      assert.equal((await client.get("/get-session")).json().user.name, "Ada L.");
      assert.equal((await other.post("/sign-out")).text, '{"success":true}');
      assert.equal((await client.get("/get-session")).text, "null");
    });

    test(`a password set at ${here} is accepted at ${there}`, async () => {
      for (const [index, password] of ["password1234", "pässwörd①", "🔑".repeat(64)].entries()) {
        const name = `password-${here}-${index}`;
        assert.equal((await at(here).signUp(name, { body: { password } })).status, 200);
        assert.equal((await at(there).signIn(name, { body: { password } })).status, 200);
        assert.equal((await at(there).signIn(name, { body: { password: "another-password" } })).status, 401);
        assert.equal((await at(here).signIn(name, { body: { password } })).status, 200, "still accepted");
      }
    });

    test(`a password of ${here} that is changed at ${there} is accepted at ${here}`, async () => {
      const name = `change-${here}`;
      const body = { currentPassword: "password1234", newPassword: "password5678", revokeOtherSessions: true };
      const client = at(here);
      await client.signUp(name);

      const other = moved(client, there);
      assert.equal((await other.post("/change-password", body)).status, 200);
      assert.equal((await client.get("/get-session")).text, "null", "the old session has ended");
      assert.equal((await moved(other, here).get("/get-session")).json().user.name, name, "the new one is live");
      assert.equal((await at(here).signIn(name, { body: { password: "password5678" } })).status, 200);
      assert.equal((await at(here).signIn(name)).status, 401);
    });

    test(`a session of ${here} is renewed and revoked at ${there}`, async () => {
      const client = at(here);
      await client.signUp(`revoke-${here}`);
      await pair.pool.query(`update session set "expiresAt" = "expiresAt" - interval '2 days'`);
      const other = moved(client, there);
      const renewed = await other.get("/get-session");
      assert.equal(renewed.cookies.length, 1);
      assert.equal((await client.get("/get-session")).text, renewed.text);

      const { token } = (await at(there).signIn(`revoke-${here}`)).json();
      assert.equal((await client.post("/revoke-session", { token })).text, '{"status":true}');
      assert.equal((await other.get("/list-sessions")).json().length, 1);
      assert.equal((await other.post("/revoke-sessions")).text, '{"status":true}');
      assert.equal((await client.get("/get-session")).text, "null");
    });
  }

  test("of concurrent sign-ups with one address at both servers, one succeeds", async () => {
    for (let round = 0; round < 5; round += 1) {
      const asking = Array.from({ length: 6 }, (_, index) => at(index % 2 ? "ours" : "reference"));
      const answers = await Promise.all(asking.map((client) => client.signUp(`race-${round}`)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 422, 422, 422, 422, 422]);
      for (const name of ["reference", "ours"]) assert.equal((await at(name).signIn(`race-${round}`)).status, 200);
    }
  });

  test("while both write, both find every session", async () => {
    await at("ours").signUp("busy");
    const clients = Array.from({ length: 12 }, (_, index) => at(index % 2 ? "ours" : "reference"));
    const signIns = await Promise.all(clients.map((client) => client.signIn("busy")));
    assert.deepEqual(new Set(signIns.map(({ status }) => status)), new Set([200]));

    const lists = [];
    for (const [index, client] of clients.entries()) {
      const other = moved(client, index % 2 ? "reference" : "ours");
      assert.equal((await other.get("/get-session")).json().session.token, signIns[index].json().token);
      lists.push(
        (await other.get("/list-sessions"))
          .json()
          .map(({ id }) => id)
          .sort(),
      );
    }
    for (const list of lists) assert.deepEqual(list, lists[0]);
    assert.equal(lists[0].length, 13);
  });

  test("concurrent sign-outs of one session at both servers succeed", async () => {
    await at("reference").signUp("twice");
    for (let round = 0; round < 5; round += 1) {
      const client = at("ours");
      await client.signIn("twice");
      const both = [moved(client, "reference"), moved(client, "ours")];
      const answers = await Promise.all(both.map((client) => client.post("/sign-out")));
      assert.deepEqual(
        answers.map(({ text }) => text),
        ['{"success":true}', '{"success":true}'],
      );
      for (const name of ["reference", "ours"])
        assert.equal((await moved(client, name).get("/get-session")).text, "null");
    }
  });
}
