// User names and the second factor in a real browser: clicks on a front end, codes of an app and in the inbox.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, test } from "node:test";

import { Authenticator } from "../support/authenticator.mjs";
import { Person } from "./support/person.mjs";
import { startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";

const PASSWORD = "correct horse battery";

let server, site;
before(async () => {
  site = await startSite();
  server = await startServer({
    trustedOrigins: [site.origin],
    environment: {
      PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED: "true",
      PORTCULLIS_PLUGINS__USERNAME__ENABLED: "true",
    },
  });
});
after(() => Promise.all([server?.stop(), site?.stop()]));

const noSession = { data: null, error: null };

/** Asserts that the client reported no error, and returns its data. */
function dataOf({ data, error }) {
  assert.equal(error, null);
  return data;
}

/** Sends the password by address, and asserts that the client asks for the second factor. */
async function enterPassword({ person, email }) {
  const data = dataOf(await person.send("sign-in", { email, password: PASSWORD }));
  assert.deepEqual(data, { twoFactorRedirect: true });
  assert.equal(await person.isChallenged(), true);
}

/** Asserts that the browser is signed in, and signs it out. */
async function leave({ person, email }) {
  assert.equal(dataOf(await person.sendHere("session")).user.email, email);
  assert.deepEqual(dataOf(await person.sendHere("sign-out")), { success: true });
}

/** Steps in order. Each continues in the state that the previous one left. */
const steps = {
  async "the user signs up and takes a name"({ person, email, username }) {
    dataOf(await person.send("sign-up", { name: "Ada", email, password: PASSWORD }));
    assert.deepEqual(dataOf(await person.sendHere("take-name", { username })), { status: true });
    const { user } = dataOf(await person.sendHere("session"));
    assert.deepEqual([user.username, user.displayUsername], [username.toLowerCase(), username]);
  },

  async "the user enrols with an authenticator app"(walk) {
    const { person } = walk;
    const { totpURI, backupCodes } = dataOf(await person.sendHere("enable-two-factor", { password: PASSWORD }));
    Object.assign(walk, { app: new Authenticator(totpURI), backupCodes });
    dataOf(await person.sendHere("verify-totp", { code: await walk.app.next() }));
    assert.equal(dataOf(await person.sendHere("session")).user.twoFactorEnabled, true);
    dataOf(await person.sendHere("sign-out"));
  },

  async "the password asks for a code, and a code of the app signs in"(walk) {
    await enterPassword(walk);
    assert.deepEqual(await walk.person.sendHere("session"), noSession);
    dataOf(await walk.person.sendHere("verify-totp", { code: await walk.app.next() }));
    await leave(walk);
  },

  async "the password by name asks for a code, and a code by message signs in"(walk) {
    const { person, email, username } = walk;
    const data = dataOf(await person.send("sign-in-by-name", { username, password: PASSWORD }));
    assert.deepEqual(data, { twoFactorRedirect: true });
    assert.deepEqual(dataOf(await person.sendHere("send-otp")), { status: true });
    const code = await person.readCode("two-factor-otp", email);
    dataOf(await person.send("verify-otp", { code }));
    await leave(walk);
  },

  async "a backup code signs in once"(walk) {
    const [code] = walk.backupCodes;
    await enterPassword(walk);
    dataOf(await walk.person.sendHere("verify-backup-code", { code }));
    await leave(walk);
    await enterPassword(walk);
    const { error } = await walk.person.sendHere("verify-backup-code", { code });
    assert.deepEqual([error.status, error.code], [401, "INVALID_BACKUP_CODE"]);
  },

  async "a trusted browser signs in with the password only"(walk) {
    const { person, email } = walk;
    await enterPassword(walk);
    dataOf(await person.sendHere("trust-device", { code: await walk.app.next() }));
    await leave(walk);
    assert.equal(dataOf(await person.send("sign-in", { email, password: PASSWORD })).user.email, email);
    assert.equal(await person.isChallenged(), false);
  },

  async "without the second factor the password is enough"(walk) {
    const { person, email } = walk;
    assert.deepEqual(dataOf(await person.sendHere("disable-two-factor", { password: PASSWORD })), { status: true });
    await leave(walk);
    assert.equal(dataOf(await person.send("sign-in", { email, password: PASSWORD })).user.email, email);
  },
};

test("a user name and the second factor, from the enrolment to its end", async (walk) => {
  const person = await Person.come(server, site);
  const number = randomInt(1e12);
  const state = { person, email: `ada-${number}@example.com`, username: `Ada_${number}` };
  try {
    for (const [name, step] of Object.entries(steps)) await walk.test(name, () => step(state));
    assert.deepEqual(person.tab.troubles, []);
  } finally {
    await person.leave();
  }
});
