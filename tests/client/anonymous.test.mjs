// Guests, with the official client and its plugin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { anonymousClient } from "better-auth/client/plugins";

import { startServer } from "./support/server.mjs";
import { dataOf, member, newcomer, refusal, visitor } from "./support/visitor.mjs";

const noSession = { data: null, error: null };
const withGuests = () => ({ plugins: [anonymousClient()] });

let server;
before(async () => {
  server = await startServer({ environment: { PORTCULLIS_PLUGINS__ANONYMOUS__ENABLED: "true" } });
});
after(() => server?.stop());

/** A new browser with a guest. */
async function guest() {
  const browser = visitor(server, withGuests());
  const { token, user } = dataOf(await browser.auth.signIn.anonymous());
  return { ...browser, token, user };
}

test("a guest has a session, a name and an address of its own", async () => {
  const [one, other] = [await guest(), await guest()];

  const { session, user } = dataOf(await one.auth.getSession());

  assert.deepEqual([session.token, user.id], [one.token, one.user.id]);
  assert.deepEqual([user.name, user.isAnonymous, user.emailVerified], ["Anonymous", true, false]);
  assert.match(user.email, /^temp@[a-z0-9]{32}\.com$/);
  assert.notEqual(other.user.email, user.email);
});

test("a guest does not become another guest", async () => {
  const { auth, user } = await guest();
  assert.deepEqual(await refusal(auth.signIn.anonymous()), {
    status: 400,
    code: "ANONYMOUS_USERS_CANNOT_SIGN_IN_AGAIN_ANONYMOUSLY",
    message: "Anonymous users cannot sign in again anonymously",
  });
  assert.equal(dataOf(await auth.getSession()).user.id, user.id);
});

test("a guest who signs up is replaced by the user", async () => {
  const { auth, jar, user } = await guest();
  const person = newcomer();

  dataOf(await auth.signUp.email(person));

  const session = dataOf(await auth.getSession());
  assert.deepEqual([session.user.email, session.user.isAnonymous], [person.email, false]);
  assert.notEqual(session.user.id, user.id);
  assert.deepEqual(jar.names, ["better-auth.session_token"]);
});

test("a guest who signs in as a user has no session any more", async () => {
  const { person } = await member(server);
  const { auth, jar, user } = await guest();
  const cookie = `better-auth.session_token=${jar.cookie("better-auth.session_token").value}`;
  const seen = () => visitor(server).auth.getSession({ fetchOptions: { headers: { cookie } } });
  assert.equal(dataOf(await seen()).user.id, user.id);

  dataOf(await auth.signIn.email({ email: person.email, password: person.password }));

  assert.equal(dataOf(await auth.getSession()).user.email, person.email);
  assert.deepEqual(await seen(), noSession);
});

test("a guest deletes itself, and a user does not", async () => {
  const { auth } = await guest();
  assert.deepEqual(dataOf(await auth.deleteAnonymousUser()), { success: true });
  assert.deepEqual(await auth.getSession(), noSession);

  const user = await member(server, withGuests());
  assert.deepEqual(await refusal(user.auth.deleteAnonymousUser()), {
    status: 403,
    code: "USER_IS_NOT_ANONYMOUS",
    message: "User is not anonymous",
  });
});
