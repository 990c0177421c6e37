// Passkeys, with the official client's plugin in a browser and an authenticator that the browser simulates.
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
    environment: { PORTCULLIS_PLUGINS__PASSKEY__ENABLED: "true" },
  });
});
after(() => Promise.all([server?.stop(), site?.stop()]));

/** Asserts that the client reported no error, and returns its data. */
function dataOf({ data, error }) {
  assert.equal(error, null);
  return data;
}

/** Asserts that the browser is signed in, and signs it out. */
async function leave({ person, email }) {
  assert.equal(dataOf(await person.sendHere("session")).user.email, email);
  assert.deepEqual(dataOf(await person.sendHere("sign-out")), { success: true });
}

/** Signs in with a passkey, and asserts whose session it is. */
async function enter({ person, user }, form = "sign-in-by-passkey") {
  const { session, ...rest } = dataOf(await person.send(form));
  assert.deepEqual([session.userId, Object.keys(rest)], [user.id, []]);
}

/** Steps in order. Each continues in the state that the previous one left. */
const steps = {
  async "the user signs up and adds a passkey"(walk) {
    const { person, email } = walk;
    walk.user = dataOf(await person.send("sign-up", { name: "Ada", email, password: PASSWORD })).user;
    const { publicKey, credentialID, counter, ...added } = dataOf(await person.send("add-passkey", { name: "Laptop" }));
    assert.deepEqual([added.name, added.userId], ["Laptop", walk.user.id]);
    assert.deepEqual([added.deviceType, added.backedUp, added.transports], ["singleDevice", false, "internal"]);
    const [credential] = await walk.authenticator.credentials();
    assert.deepEqual([credential.rpId, credential.isResidentCredential], ["localhost", true]);
    assert.equal(Buffer.from(credential.credentialId, "base64").toString("base64url"), credentialID);
    assert.ok(Buffer.from(publicKey, "base64").length > 32 && Number.isInteger(counter));
    walk.passkey = added;
  },

  async "the authenticator holds a passkey of the user already"({ person, authenticator }) {
    const { error } = await person.send("add-passkey", { name: "Again" });
    assert.equal(error.code, "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED");
    assert.equal((await authenticator.credentials()).length, 1);
    await leave({ person, email: dataOf(await person.send("session")).user.email });
  },

  async "the passkey signs in without an address"(walk) {
    await enter(walk);
    await leave(walk);
    const [{ signCount }] = await walk.authenticator.credentials();
    assert.ok(signCount >= 2);
  },

  async "the passkey signs in from the form of addresses"(walk) {
    await enter(walk, "sign-in-by-autofill");
    await leave(walk);
  },

  async "an authenticator that does not recognize the user signs no one in"(walk) {
    await walk.authenticator.verifies(false);
    const { error } = await walk.person.send("sign-in-by-passkey");
    assert.equal(error.code, "AUTH_CANCELLED");
    await walk.authenticator.verifies(true);
    await enter(walk);
  },

  async "the user lists and renames the passkey"({ person, passkey }) {
    const [listed, ...others] = dataOf(await person.send("list-passkeys"));
    assert.deepEqual([listed.id, listed.name, others.length], [passkey.id, "Laptop", 0]);
    const renamed = dataOf(await person.send("rename-passkey", { id: passkey.id, name: "Old laptop" }));
    assert.equal(renamed.passkey.name, "Old laptop");
  },

  async "a security key becomes a second passkey"(walk) {
    const { person, authenticator } = walk;
    await authenticator.remove();
    walk.authenticator = await person.tab.addAuthenticator({ transport: "usb" });
    const { transports, id } = dataOf(await person.send("add-passkey", { name: "Key" }));
    assert.equal(transports, "usb");
    const names = dataOf(await person.send("list-passkeys")).map(({ name }) => name);
    assert.deepEqual(names.sort(), ["Key", "Old laptop"]);
    assert.deepEqual(dataOf(await person.send("delete-passkey", { id: walk.passkey.id })), { status: true });
    walk.passkey = { id };
    await leave(walk);
    await enter(walk);
  },

  async "a deleted passkey does not sign in"({ person, passkey }) {
    assert.deepEqual(dataOf(await person.send("delete-passkey", { id: passkey.id })), { status: true });
    assert.deepEqual(dataOf(await person.send("list-passkeys")), []);
    assert.deepEqual(dataOf(await person.send("sign-out")), { success: true });
    const { error } = await person.send("sign-in-by-passkey");
    assert.deepEqual([error.status, error.code], [401, "PASSKEY_NOT_FOUND"]);
  },
};

test("passkeys, from the first one to the end of the last one", async (walk) => {
  const person = await Person.come(server, site);
  const email = `ada-${randomInt(1e12)}@example.com`;
  try {
    const state = { person, email, authenticator: await person.tab.addAuthenticator() };
    for (const [name, step] of Object.entries(steps)) await walk.test(name, () => step(state));
    assert.deepEqual(person.tab.troubles, []);
  } finally {
    await person.leave();
  }
});
