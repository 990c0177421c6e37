// Links sent by one server, followed at the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { WAYS } from "../pair.mjs";

const NEW = { newPassword: "password5678" };

/** @param start starts both servers with a profile, as `startPair` does */
export function links(start) {
  let pair;

  before(async () => {
    pair = await start("shared");
  });
  after(() => pair.stop());

  async function signedUp(name, server) {
    const client = pair.at(server);
    assert.equal((await client.signUp(name)).status, 200);
    return client;
  }

  /** Posts to `route`, and returns the message to this user. */
  async function sent(client, name, route, body) {
    const answer = await client.post(route, body);
    assert.equal(answer.status, 200, answer.text);
    return pair.message(`${name}@example.com`);
  }

  const asked = (client, name) => sent(client, name, "/request-password-reset", { email: `${name}@example.com` });

  for (const [here, there] of WAYS) {
    test(`a password is reset at ${there} with a link of ${here}`, async () => {
      const name = `reset-${here}`;
      const client = await signedUp(name, here);
      const { url, token } = await asked(client, name);
      const opened = await pair.at(there).follow(`${url}%2Fnew`);
      assert.equal(opened.headers.location, `http://localhost:3000/new?token=${token}`);
      assert.equal((await pair.at(there).post("/reset-password", { ...NEW, token })).text, '{"status":true}');
      for (const server of [here, there]) {
        assert.equal((await pair.at(server).signIn(name, { body: { password: NEW.newPassword } })).status, 200);
        assert.equal((await pair.at(server).signIn(name)).status, 401);
        assert.equal((await pair.at(server).post("/reset-password", { ...NEW, token })).status, 400, "used once");
      }
    });

    test(`an address is verified at ${there} with a link of ${here}`, async () => {
      const name = `verify-${here}`;
      const client = await signedUp(name, here);
      const { url } = await sent(client, name, "/send-verification-email", { email: `${name}@example.com` });
      assert.equal((await pair.moved(client, there).follow(url)).headers.location, "/");
      assert.equal((await client.get("/get-session")).json().user.emailVerified, true);
      assert.equal((await pair.at(here).follow(url)).headers.location, "/", "a link that was followed before");
    });

    test(`an address is changed at ${there} with links of ${here}`, async () => {
      const name = `change-${here}`;
      const client = await signedUp(name, here);
      await pair.pool.query(`update "user" set "emailVerified" = true where name = $1`, [name]);
      const consent = await sent(client, name, "/change-email", { newEmail: `new-${name}@example.com` });
      assert.equal((await pair.moved(client, there).follow(consent.url)).headers.location, "/");
      const proof = await pair.message(`new-${name}@example.com`);
      assert.equal((await pair.moved(client, here).follow(proof.url)).headers.location, "/");
      for (const server of [here, there]) assert.equal((await pair.at(server).signIn(`new-${name}`)).status, 200);
      const again = await pair.moved(client, there).follow(proof.url);
      assert.match(again.headers.location, /^\/\?error=/, "a link that changed the address before");
    });

    test(`an address that was not verified is changed at ${there} with a link of ${here}`, async () => {
      const name = `unproven-${here}`;
      const client = await signedUp(name, here);
      assert.equal((await client.post("/change-email", { newEmail: `new-${name}@example.com` })).status, 200);
      const { url } = await pair.message(`new-${name}@example.com`);
      assert.equal((await pair.moved(client, there).follow(url)).headers.location, "/");
      const { user } = (await client.get("/get-session")).json();
      assert.deepEqual([user.email, user.emailVerified], [`new-${name}@example.com`, true]);
    });

    test(`a user is deleted at ${there} with a link of ${here}`, async () => {
      const name = `leave-${here}`;
      const client = await signedUp(name, here);
      const { url } = await sent(client, name, "/delete-user", { callbackURL: "/bye" });
      assert.equal((await pair.at(there).follow(url)).status, 404, "without the user's session");
      assert.equal((await pair.moved(client, there).follow(url)).headers.location, "/bye");
      assert.equal((await client.get("/get-session")).text, "null");
      assert.equal((await pair.at(here).signIn(name)).status, 401);
    });
  }

  test("of concurrent uses of one reset token at both, at most one at Portcullis succeeds", async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = `once-${round}`;
      const client = await signedUp(name, round % 2 ? "ours" : "reference");
      const { token } = await asked(client, name);
      const asking = Array.from({ length: 8 }, async (_, index) => {
        const server = index % 4 ? "ours" : "reference";
        const { status } = await pair.at(server).post("/reset-password", { newPassword: `password-${index}`, token });
        return { server, status };
      });
      const done = (await Promise.all(asking)).filter(({ status }) => status === 200);
      assert.ok(done.length >= 1, "one succeeds");
      // Better Auth may accept the token more than once: it reads the token before it deletes it.
      assert.ok(done.filter(({ server }) => server === "ours").length <= 1, "at most one at Portcullis");
      assert.equal((await pair.at("ours").post("/reset-password", { ...NEW, token })).status, 400);
    }
  });

  test("of concurrent requests for one link of Better Auth at Portcullis, one changes the address", async () => {
    const name = "claim";
    const client = await signedUp(name, "reference");
    await client.post("/change-email", { newEmail: `new-${name}@example.com` });
    const { url } = await pair.message(`new-${name}@example.com`);
    const asking = Array.from({ length: 8 }, () => pair.moved(client, "ours").follow(url));
    const places = (await Promise.all(asking)).map(({ headers }) => headers.location);
    assert.equal(places.filter((place) => place === "/").length, 1, places.join(" "));
  });
}
