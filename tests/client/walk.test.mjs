// The whole life of an account, in a real browser: with clicks on a front end and in the inbox.
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

const nobody = { data: null, error: null };
const wrong = refusal(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password");

function refusal(status, code, message) {
  const statusText = { 401: "Unauthorized", 403: "Forbidden", 400: "Bad Request" }[status];
  return { data: null, error: { code, message, status, statusText } };
}

/** What the client told without an error. */
function told({ data, error }) {
  assert.equal(error, null);
  return data;
}

/** The walk's stations, in their order; each goes on where the one before it has ended. */
const stations = {
  async "somebody signs up and may not sign in yet"({ person, first }) {
    const { token, user } = told(await person.send("sign-up", { name: "Ada", email: first, password: OLD }));

    assert.equal(token, null);
    assert.deepEqual([user.name, user.email, user.emailVerified], ["Ada", first, false]);
    assert.deepEqual(await person.send("session"), nobody);
    assert.deepEqual(
      await person.send("sign-in", { email: first, password: OLD }),
      refusal(403, "EMAIL_NOT_VERIFIED", "Email not verified"),
    );
  },

  async "the link in the inbox proves the address, and lets them in"({ person, first }) {
    const { href } = await person.followMail("verify-email", first);

    assert.equal(href, `${site.origin}/?verified`);
    assert.deepEqual(await person.sendHere("session"), nobody);
    const { token } = told(await person.send("sign-in", { email: first, password: OLD }));
    const { session, user } = told(await person.send("session"));
    assert.equal(session.token, token);
    assert.deepEqual([user.email, user.emailVerified], [first, true]);
  },

  async "a forgotten password is replaced by way of the inbox"({ person, first }) {
    const { status } = told(await person.send("forget", { email: first }));
    const { origin, searchParams } = await person.followMail("reset-password", first);

    assert.equal(status, true);
    assert.equal(origin, site.origin);
    assert.deepEqual([...searchParams.keys()], ["reset", "token"]);
    assert.deepEqual(told(await person.sendHere("reset", { newPassword: NEW })), { status: true });
    assert.deepEqual(await person.sendHere("session"), nobody, "a reset ends all sessions");
  },

  async "the old password is refused, and so is the used link; the new password is good"({ person, first }) {
    assert.deepEqual(await person.send("sign-in", { email: first, password: OLD }), wrong);
    const { searchParams } = await person.followMail("reset-password", first);
    assert.deepEqual([...searchParams], [["reset", ""], ["error", "INVALID_TOKEN"]]);
    const { user } = told(await person.sendHere("sign-in", { email: first, password: NEW }));
    assert.equal(user.email, first);
  },

  async "another address takes the old one's consent and the new one's proof"({ person, first, second }) {
    assert.deepEqual(told(await person.send("change-email", { newEmail: second })), { status: true });

    assert.equal((await person.followMail("change-email", first)).href, `${site.origin}/?changed`);
    assert.equal(told(await person.sendHere("session")).user.email, first, "not yet");
    assert.equal((await person.followMail("verify-email", second)).href, `${site.origin}/?changed`);
    const { user } = told(await person.sendHere("session"));
    assert.deepEqual([user.email, user.emailVerified], [second, true]);
    assert.deepEqual(await person.send("sign-in", { email: first, password: NEW }), wrong);
    assert.equal(told(await person.send("sign-in", { email: second, password: NEW })).user.email, second);
  },

  async "the account is deleted once the link was followed, and nothing is left of it"({ person, second }) {
    assert.deepEqual(told(await person.send("delete-user")), {
      success: true,
      message: "Verification email sent",
    });
    assert.equal(told(await person.sendHere("session")).user.email, second, "not yet");

    assert.equal((await person.followMail("delete-account", second)).href, `${site.origin}/?deleted`);
    assert.deepEqual(await person.sendHere("session"), nobody);
    assert.deepEqual(await person.send("sign-in", { email: second, password: NEW }), wrong);
  },
};

test("from the sign-up to the deleted account, by the links in the inbox", async (walk) => {
  const person = await Person.come(server, site);
  const [first, second] = ["ada", "lovelace"].map((name) => `${name}-${randomUUID()}@example.com`);
  try {
    for (const [name, visit] of Object.entries(stations))
      await walk.test(name, () => visit({ person, first, second }));
    assert.deepEqual(person.tab.troubles, []);
  } finally {
    await person.leave();
  }
});
