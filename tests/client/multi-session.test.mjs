// Several sessions on one device, with the official client and its plugin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { multiSessionClient } from "better-auth/client/plugins";

import { startServer } from "./support/server.mjs";
import { dataOf, member, newcomer, refusal, visitor } from "./support/visitor.mjs";

const withSessions = { plugins: [multiSessionClient()] };
const SESSION = "better-auth.session_token";
const INVALID = { status: 401, code: "INVALID_SESSION_TOKEN", message: "Invalid session token" };

let server;
before(async () => {
  server = await startServer({ environment: { PORTCULLIS_PLUGINS__MULTI_SESSION__ENABLED: "true" } });
});
after(() => server?.stop());

/** Signs two users up on one device. Returns the client, its jar, and both users with their tokens. */
async function device() {
  const first = await member(server, withSessions);
  const second = newcomer();
  const { user, token } = dataOf(await first.auth.signUp.email(second));
  return { auth: first.auth, jar: first.jar, first, second: { person: second, user, token } };
}

const currentUser = async (auth) => dataOf(await auth.getSession())?.user.id;
const listed = async (auth) => dataOf(await auth.multiSession.listDeviceSessions()).map(({ user }) => user.id);

test("a device lists the sessions of its users, with sessions and users as in any other response", async () => {
  const { auth, first, second } = await device();
  const sessions = dataOf(await auth.multiSession.listDeviceSessions());
  assert.deepEqual(sessions.map(({ session }) => session.token), [first.token, second.token]);
  assert.deepEqual(sessions[1], dataOf(await auth.getSession()));
});

test("a user changes between the sessions of a device", async () => {
  const { auth, first, second } = await device();
  assert.equal(await currentUser(auth), second.user.id);
  const { session, user } = dataOf(await auth.multiSession.setActive({ sessionToken: first.token }));
  assert.deepEqual([session.token, user.id], [first.token, first.user.id]);
  assert.equal(await currentUser(auth), first.user.id);
  dataOf(await auth.multiSession.setActive({ sessionToken: second.token }));
  assert.equal(await currentUser(auth), second.user.id);
});

test("a session of another device cannot be activated or revoked", async () => {
  const { auth } = await device();
  const other = await member(server, withSessions);
  assert.deepEqual(await refusal(auth.multiSession.setActive({ sessionToken: other.token })), INVALID);
  assert.deepEqual(await refusal(auth.multiSession.revoke({ sessionToken: other.token })), INVALID);
  assert.equal(await currentUser(other.auth), other.user.id);
});

test("when the current session is revoked, another one becomes the current one", async () => {
  const { auth, jar, first, second } = await device();
  assert.deepEqual(dataOf(await auth.multiSession.revoke({ sessionToken: second.token })), { status: true });
  assert.equal(await currentUser(auth), first.user.id);
  dataOf(await auth.multiSession.revoke({ sessionToken: first.token }));
  assert.equal(await currentUser(auth), undefined);
  assert.deepEqual(jar.names, []);
});

test("a session of a device that is not the current one is revoked, and no other", async () => {
  const { auth, first, second } = await device();
  dataOf(await auth.multiSession.revoke({ sessionToken: first.token }));
  assert.equal(await currentUser(auth), second.user.id);
  assert.deepEqual(await listed(auth), [second.user.id]);
});

test("sign-out ends all sessions of the device and deletes their cookies", async () => {
  const { auth, jar, first } = await device();
  const header = `${SESSION}=${jar.cookie(SESSION).value}`;
  dataOf(await auth.signOut());
  assert.deepEqual(jar.names, []);
  assert.deepEqual(await listed(auth), []);
  const old = visitor(server, { ...withSessions, headers: { cookie: header } });
  assert.equal(await currentUser(old.auth), undefined);
  assert.deepEqual(dataOf(await visitor(server).auth.signIn.email(first.person)).user.id, first.user.id);
});

test("a user who signs in again has one session on the device", async () => {
  const { auth, jar, second } = await device();
  dataOf(await auth.signIn.email(second.person));
  assert.equal((await listed(auth)).length, 2);
  assert.equal(jar.names.filter((name) => name.startsWith(`${SESSION}_multi-`)).length, 2);
});
