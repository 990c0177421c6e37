// Sign-in links, with the official client and its plugin.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { magicLinkClient } from "better-auth/client/plugins";

import { linkFor } from "./support/inbox.mjs";
import { startServer } from "./support/server.mjs";
import { PASSWORD, dataOf, member, refusal, visitor } from "./support/visitor.mjs";

const SESSION = "better-auth.session_token";
const withLinks = { plugins: [magicLinkClient()] };

let server;
before(async () => {
  server = await startServer({ environment: { PORTCULLIS_PLUGINS__MAGIC_LINK__ENABLED: "true" } });
});
after(() => server?.stop());

const newAddress = () => `${randomUUID()}@example.com`;
const guest = () => visitor(server, withLinks);

/** Asks for a link, and returns its URL. */
async function linkOf(auth, email, more = {}) {
  assert.deepEqual(dataOf(await auth.signIn.magicLink({ email, ...more })), { status: true });
  return linkFor(server, "magic-link", email);
}

/** Opens a link as a browser does, and returns the place to which it leads. */
async function opened(jar, link) {
  const response = await jar.fetch(link, { redirect: "manual" });
  assert.equal(response.status, 302);
  return response.headers.get("location");
}

const tokenOf = (link) => link.searchParams.get("token");

test("a link signs a new user up, whose address is verified, and leads to the page of new users", async () => {
  const { auth, jar } = guest();
  const email = newAddress();
  const pages = { callbackURL: "/home", newUserCallbackURL: "/welcome" };
  const link = await linkOf(auth, email, { name: "Zoë", ...pages });
  assert.equal(link.pathname, "/api/auth/magic-link/verify");
  assert.match(tokenOf(link), /^[A-Za-z]{32}$/);

  assert.equal(await opened(jar, link), `${server.origin}/welcome`);

  const { user } = dataOf(await auth.getSession());
  assert.deepEqual([user.email, user.emailVerified, user.name], [email, true, "Zoë"]);
  assert.equal(jar.cookie(SESSION).attributes["max-age"], "604800");
});

test("a link signs a user in, and leads to the page that the user was on", async () => {
  const { person, user } = await member(server);
  const { auth, jar } = guest();
  const link = await linkOf(auth, person.email, { callbackURL: "/home?tab=1", newUserCallbackURL: "/welcome" });

  assert.equal(await opened(jar, link), `${server.origin}/home?tab=1`);

  const session = dataOf(await auth.getSession());
  assert.deepEqual([session.user.id, session.user.emailVerified], [user.id, true]);
});

test("the client verifies a token, and returns the session", async () => {
  const { auth } = guest();
  const email = newAddress();
  const token = tokenOf(await linkOf(auth, email));

  const data = dataOf(await auth.magicLink.verify({ query: { token } }));

  assert.deepEqual(Object.keys(data), ["token", "user"]);
  assert.equal(data.user.email, email);
  assert.equal(dataOf(await auth.getSession()).session.token, data.token);
});

test("a link signs in once, also in another browser", async () => {
  const { auth, jar } = guest();
  const link = await linkOf(auth, newAddress(), { callbackURL: "/home", errorCallbackURL: "/oops" });
  await opened(jar, link);
  const other = guest();
  assert.equal(await opened(other.jar, link), `${server.origin}/oops?error=INVALID_TOKEN`);
  assert.deepEqual(other.jar.names, []);
});

test("of twenty browsers that open a link at once, one is signed in", async () => {
  const link = await linkOf(guest().auth, newAddress());
  const browsers = Array.from({ length: 20 }, guest);
  await Promise.all(browsers.map(({ jar }) => opened(jar, link)));
  assert.equal(browsers.filter(({ jar }) => jar.names.includes(SESSION)).length, 1);
});

test("the password and the sessions of an unproven sign-up end when the owner of the address opens a link", async () => {
  const attacker = await member(server);
  const { auth, jar } = guest();
  await opened(jar, await linkOf(auth, attacker.person.email));

  assert.deepEqual(await attacker.auth.getSession(), { data: null, error: null });
  const { email } = attacker.person;
  assert.equal((await refusal(guest().auth.signIn.email({ email, password: PASSWORD }))).status, 401);
});

test("tokens that the server did not send are rejected", async () => {
  const { auth, jar } = guest();
  for (const token of ["x", "a".repeat(32)])
    assert.equal(
      await opened(jar, `${server.origin}/api/auth/magic-link/verify?token=${token}&callbackURL=/home`),
      `${server.origin}/home?error=INVALID_TOKEN`,
    );
  assert.deepEqual(await auth.getSession(), { data: null, error: null });
});

test("a page that is not trusted is rejected in a request and in a link", async () => {
  const { auth, jar } = guest();
  const email = newAddress();
  for (const [member, code] of [
    ["callbackURL", "INVALID_CALLBACKURL"],
    ["newUserCallbackURL", "INVALID_NEWUSERCALLBACKURL"],
    ["errorCallbackURL", "INVALID_ERRORCALLBACKURL"],
  ]) {
    const { status, code: found } = await refusal(auth.signIn.magicLink({ email, [member]: "https://evil.example" }));
    assert.deepEqual([status, found], [403, code]);
    const url = `${server.origin}/api/auth/magic-link/verify?token=x&${member}=https://evil.example`;
    const response = await jar.fetch(url, { redirect: "manual" });
    assert.deepEqual([response.status, response.headers.get("location")], [403, null]);
  }
});

test("a malformed address is rejected", async () => {
  assert.equal((await refusal(guest().auth.signIn.magicLink({ email: "ada" }))).code, "VALIDATION_ERROR");
});
