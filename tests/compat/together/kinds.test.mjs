// Better Auth works on the databases that other generators have made: see ../adopt.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Authenticator } from "../../support/authenticator.mjs";
import { kinds } from "../adopt/kinds.mjs";
import { profiles } from "../profiles.mjs";
import { Client } from "../support/client.mjs";
import { fill } from "../support/kinds.mjs";
import { startDatabases, startReference } from "../support/servers.mjs";
import { PASSWORD } from "../support/two-factor.mjs";

let databases;
before(async () => {
  databases = await startDatabases();
});
after(() => databases.stop());

for (const kind of Object.keys(kinds))
  test(`${kind}: users sign up and sign in, with a second factor and by name`, async (t) => {
    const { database } = await fill(await databases.database(kind), kind);
    const server = await startReference("adopted", database, undefined, kind);
    t.after(() => server.stop());
    const client = () => new Client(server.port, profiles.adopted);
    const ok = async (answer) => {
      const { status, text } = await answer;
      assert.equal(status, 200, text);
      return JSON.parse(text);
    };

    const ada = client();
    const { user } = await ok(ada.signUp("ada", { body: { username: "Ada_L" } }));
    assert.ok(Math.abs(Date.parse(user.createdAt) - Date.now()) < 60_000, user.createdAt);
    const { session } = await ok(ada.get("/get-session"));
    assert.equal(session.userId, user.id);
    const { token } = await ok(ada.get("/token"));
    assert.equal(token.split(".").length, 3);
    const { totpURI } = await ok(ada.post("/two-factor/enable", { password: PASSWORD }));
    const app = new Authenticator(totpURI);
    await ok(ada.post("/two-factor/verify-totp", { code: await app.next() }));

    const again = client();
    assert.deepEqual(await ok(again.signIn("ada")), { twoFactorRedirect: true });
    await ok(again.post("/two-factor/verify-totp", { code: await app.next() }));
    assert.equal((await ok(again.get("/get-session"))).user.twoFactorEnabled, true);
    const byName = await ok(client().post("/sign-in/username", { username: "ada_l", password: PASSWORD }));
    assert.deepEqual(byName, { twoFactorRedirect: true });
    assert.equal((await client().signUp("ada")).status, 422, "the address is taken");
  });
