// An account from sign-up to deletion, in a real browser: clicks on a front end and in the inbox.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { Person } from "./support/person.mjs";
import { startServer } from "./support/server.mjs";
import { startSite } from "./support/site.mjs";

const OLD = "correct horse battery";
const NEW = "staple correct horse";

let server, site;
before(async () => {
  site = await startSite();
  server = await startServer({
    trustedOrigins: [site.origin],
    environment: {
      PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION: "true",
      PORTCULLIS_USER__CHANGE_EMAIL__ENABLED: "true",
      PORTCULLIS_USER__DELETE_USER__ENABLED: "true",
      PORTCULLIS_USER__DELETE_USER__VERIFICATION: "true",
    },
  });
});
after(() => Promise.all([server?.stop(), site?.stop()]));

const noSession = { data: null, error: null };
const invalidCredentials = refusal(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password");

function refusal(status, code, message) {
  const statusText = { 401: "Unauthorized", 403: "Forbidden", 400: "Bad Request" }[status];
  return { data: null, error: { code, message, status, statusText } };
}

/** Asserts that the client reported no error, and returns its data. */
function dataOf({ data, error }) {
  assert.equal(error, null);
  return data;
}

/** Steps in order. Each continues in the state that the previous one left. */
const steps = {
  async "the user signs up and cannot sign in yet"({ person, first }) {
    const { token, user } = dataOf(await person.send("sign-up", { name: "Ada", email: first, password: OLD }));

    assert.equal(token, null);
    assert.deepEqual([user.name, user.email, user.emailVerified], ["Ada", first, false]);
    assert.deepEqual(await person.send("session"), noSession);
    assert.deepEqual(
      await person.send("sign-in", { email: first, password: OLD }),
      refusal(403, "EMAIL_NOT_VERIFIED", "Email not verified"),
    );
  },

  async "the link in the inbox verifies the address, and the user can sign in"({ person, first }) {
    const { href } = await person.followMail("verify-email", first);

    assert.equal(href, `${site.origin}/?verified`);
    assert.deepEqual(await person.sendHere("session"), noSession);
    const { token } = dataOf(await person.send("sign-in", { email: first, password: OLD }));
    const { session, user } = dataOf(await person.send("session"));
    assert.equal(session.token, token);
    assert.deepEqual([user.email, user.emailVerified], [first, true]);
  },

  async "a forgotten password is reset by a link in the inbox"({ person, first }) {
    const { status } = dataOf(await person.send("forget", { email: first }));
    const { origin, searchParams } = await person.followMail("reset-password", first);

    assert.equal(status, true);
    assert.equal(origin, site.origin);
    assert.deepEqual([...searchParams.keys()], ["reset", "token"]);
    assert.deepEqual(dataOf(await person.sendHere("reset", { newPassword: NEW })), { status: true });
    assert.deepEqual(await person.sendHere("session"), noSession, "a reset ends all sessions");
  },

  async "the old password and the used link are rejected, and the new password is accepted"({ person, first }) {
    assert.deepEqual(await person.send("sign-in", { email: first, password: OLD }), invalidCredentials);
    const { searchParams } = await person.followMail("reset-password", first);
    assert.deepEqual([...searchParams], [["reset", ""], ["error", "INVALID_TOKEN"]]);
    const { user } = dataOf(await person.sendHere("sign-in", { email: first, password: NEW }));
    assert.equal(user.email, first);
  },

  async "a change of address is confirmed at the old address and verified at the new one"({ person, first, second }) {
    assert.deepEqual(dataOf(await person.send("change-email", { newEmail: second })), { status: true });

    assert.equal((await person.followMail("change-email", first)).href, `${site.origin}/?changed`);
    assert.equal(dataOf(await person.sendHere("session")).user.email, first, "not changed yet");
    assert.equal((await person.followMail("verify-email", second)).href, `${site.origin}/?changed`);
    const { user } = dataOf(await person.sendHere("session"));
    assert.deepEqual([user.email, user.emailVerified], [second, true]);
    assert.deepEqual(await person.send("sign-in", { email: first, password: NEW }), invalidCredentials);
    assert.equal(dataOf(await person.send("sign-in", { email: second, password: NEW })).user.email, second);
  },

  async "following the deletion link deletes the user and all sessions"({ person, second }) {
    assert.deepEqual(dataOf(await person.send("delete-user")), {
      success: true,
      message: "Verification email sent",
    });
    assert.equal(dataOf(await person.sendHere("session")).user.email, second, "not deleted yet");

    assert.equal((await person.followMail("delete-account", second)).href, `${site.origin}/?deleted`);
    assert.deepEqual(await person.sendHere("session"), noSession);
    assert.deepEqual(await person.send("sign-in", { email: second, password: NEW }), invalidCredentials);
  },
};

test("an account from sign-up to deletion, with the links in the inbox", async (walk) => {
  const person = await Person.come(server, site);
  const [first, second] = ["ada", "lovelace"].map((name) => `${name}-${randomUUID()}@example.com`);
  try {
    for (const [name, step] of Object.entries(steps))
      await walk.test(name, () => step({ person, first, second }));
    assert.deepEqual(person.tab.troubles, []);
  } finally {
    await person.leave();
  }
});
