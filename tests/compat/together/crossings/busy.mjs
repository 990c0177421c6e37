// Sessions, tokens and links of one server used at the other, under concurrent writes on both.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { verified, WAYS } from "../pair.mjs";

const NEW = { newPassword: "password5678" };

/** @param start starts both servers with a profile, as `startPair` does */
export function busy(start) {
  let pair;

  before(async () => {
    pair = await start("shared");
  });
  after(() => pair.stop());

  /** Runs eight users at once; every second one starts at Portcullis. */
  function together(name, run) {
    const runs = Array.from({ length: 8 }, (_, index) => run(`${name}-${index}`, ...WAYS[index % 2]));
    return Promise.all(runs);
  }

  async function signedUp(name, server) {
    const client = pair.at(server);
    const { headers } = await client.signUp(name);
    return { client, bearer: { headers: { authorization: `Bearer ${headers["set-auth-token"]}` } } };
  }

  /** Posts to `route`, and returns the message with the link and the token. */
  async function sent(client, name, route, body) {
    assert.equal((await client.post(route, body)).status, 200);
    return pair.message(`${name}@example.com`);
  }

  test("while both write, each accepts sessions, passwords, bearer tokens and JWTs of the other", async () => {
    await together("person", async (name, here, there) => {
      const email = `${name}@example.com`;
      const { client, bearer } = await signedUp(name, here);
      assert.equal((await pair.moved(client, there).get("/get-session")).json().user.email, email);
      assert.equal((await pair.at(there).get("/get-session", bearer)).json().user.email, email);
      assert.equal((await pair.at(there).signIn(name)).status, 200);
      const { token } = (await client.get("/token")).json();
      assert.equal(await verified(pair, token, there), email);
      assert.equal((await pair.moved(client, there).get("/list-sessions")).json().length, 2);
    });
  });

  test("while both write, an update of a user at one is visible at the other", async () => {
    await together("change", async (name, here, there) => {
      const { client } = await signedUp(name, here);
      await pair.moved(client, there).post("/update-user", { name: "Ada" });
      await client.post("/update-user", { image: "https://example.com/a.png" });
      const { user } = (await pair.moved(client, there).get("/get-session")).json();
      assert.deepEqual([user.name, user.image], ["Ada", "https://example.com/a.png"]);
    });
  });

  test("while both write, each accepts links and tokens in messages of the other", async () => {
    await together("mail", async (name, here, there) => {
      const email = `${name}@example.com`;
      const { client } = await signedUp(name, here);
      const proof = await sent(client, name, "/send-verification-email", { email });
      assert.equal((await pair.moved(client, there).follow(proof.url)).headers.location, "/");
      assert.equal((await client.get("/get-session")).json().user.emailVerified, true);

      const { token } = await sent(client, name, "/request-password-reset", { email });
      assert.equal((await pair.at(there).post("/reset-password", { ...NEW, token })).status, 200);
      const again = pair.at(here);
      assert.equal((await again.signIn(name, { body: { password: NEW.newPassword } })).status, 200);

      const departure = await sent(again, name, "/delete-user", { callbackURL: "/bye" });
      assert.equal((await pair.moved(again, there).follow(departure.url)).headers.location, "/bye");
      assert.equal((await pair.at(here).signIn(name, { body: { password: NEW.newPassword } })).status, 401);
    });
  });
}
