// User names, with the official client and its plugin.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, test } from "node:test";

import { usernameClient } from "better-auth/client/plugins";

import { startServer } from "./support/server.mjs";
import { PASSWORD, dataOf, member, newcomer, refusal, visitor } from "./support/visitor.mjs";

const withNames = { plugins: [usernameClient()] };
const TAKEN = {
  status: 400,
  code: "USERNAME_IS_ALREADY_TAKEN_PLEASE_TRY_ANOTHER",
  message: "Username is already taken. Please try another.",
};
const NOT_CHANGED = { status: 422, code: "FAILED_TO_UPDATE_USER", message: "Failed to update user" };
const WRONG = { status: 401, code: "INVALID_USERNAME_OR_PASSWORD", message: "Invalid username or password" };

let server;
before(async () => {
  server = await startServer({ environment: { PORTCULLIS_PLUGINS__USERNAME__ENABLED: "true" } });
});
after(() => server?.stop());

/** A name that no other test uses. */
const newName = () => `Zoe_${randomInt(1e12)}`;
const guest = () => visitor(server, withNames);
const signIn = (username, password = PASSWORD) => guest().auth.signIn.username({ username, password });
const namesOf = ({ username, displayUsername }) => [username, displayUsername];

/** Signs a new user up with a name. */
async function named(username = newName()) {
  return { ...(await member(server, withNames, { username })), username };
}

test("a name is stored in lower case, and displayed as the user typed it", async () => {
  const { auth, user, username } = await named();
  assert.deepEqual(namesOf(user), [username.toLowerCase(), username]);
  assert.deepEqual(dataOf(await auth.getSession()).user, user);
});

test("a display name may differ from the name, and a user may have neither", async () => {
  const username = newName();
  const { user } = await member(server, withNames, { username, displayUsername: "Zoë the 🦀" });
  assert.deepEqual(namesOf(user), [username.toLowerCase(), "Zoë the 🦀"]);
  assert.deepEqual(namesOf((await member(server, withNames)).user), [null, null]);
});

test("a user signs in by name in any capitals, and still by address", async () => {
  const { person, user, username } = await named();
  for (const name of [username, username.toLowerCase(), username.toUpperCase()]) {
    const { auth, jar } = guest();
    const data = dataOf(await auth.signIn.username({ username: name, password: PASSWORD }));
    assert.deepEqual(Object.keys(data), ["token", "user"]);
    assert.equal(data.user.id, user.id);
    assert.equal(dataOf(await auth.getSession()).session.token, data.token);
    assert.equal(jar.cookie("better-auth.session_token").attributes["max-age"], "604800");
  }
  dataOf(await guest().auth.signIn.email({ email: person.email, password: PASSWORD }));
});

test("a session by name is not remembered if the user does not want that", async () => {
  const { username } = await named();
  const { auth, jar } = guest();
  dataOf(await auth.signIn.username({ username, password: PASSWORD, rememberMe: false }));
  assert.deepEqual(jar.names.sort(), ["better-auth.dont_remember", "better-auth.session_token"]);
  assert.equal(jar.cookie("better-auth.session_token").attributes["max-age"], undefined);
});

test("a wrong password and an unknown name are rejected alike", async () => {
  const { username } = await named();
  assert.deepEqual(await refusal(signIn(username, "not the password")), WRONG);
  assert.deepEqual(await refusal(signIn(newName())), WRONG);
  assert.deepEqual(await refusal(signIn(username, "")), WRONG);
});

test("invalid names are rejected with a code for each reason", async () => {
  const { auth } = await named();
  for (const [username, code] of [
    ["ab", "USERNAME_TOO_SHORT"],
    ["a".repeat(31), "USERNAME_IS_TOO_LONG"],
    ["zoë", "USERNAME_IS_INVALID"],
  ]) {
    const rejected = async (answer) => Object.values(await refusal(answer)).slice(0, 2);
    assert.deepEqual(await rejected(signIn(username)), [422, code]);
    assert.deepEqual(await rejected(auth.isUsernameAvailable({ username })), [422, code]);
    assert.deepEqual(await rejected(guest().auth.signUp.email(newcomer({ username }))), [400, code]);
    assert.deepEqual(await rejected(auth.updateUser({ username })), [400, code]);
  }
});

test("a name is available until a user has it, in any capitals", async () => {
  const { auth } = guest();
  const username = newName();
  const isAvailable = async (name) => dataOf(await auth.isUsernameAvailable({ username: name })).available;

  assert.equal(await isAvailable(username), true);
  await named(username);
  assert.equal(await isAvailable(username), false);
  assert.equal(await isAvailable(username.toUpperCase()), false);
});

test("a name that another user has is rejected at the sign-up and at a change", async () => {
  const { username } = await named();
  const { auth, user } = await named();
  for (const taken of [username, username.toLowerCase(), username.toUpperCase()]) {
    assert.deepEqual(await refusal(guest().auth.signUp.email(newcomer({ username: taken }))), TAKEN);
    assert.deepEqual(await refusal(auth.updateUser({ username: taken })), NOT_CHANGED);
  }
  assert.deepEqual(dataOf(await auth.getSession()).user, user);
});

test("a changed name replaces the old one, which is available again", async () => {
  const { auth, username } = await named();
  const next = newName();

  assert.deepEqual(dataOf(await auth.updateUser({ username: next })), { status: true });

  assert.deepEqual(namesOf(dataOf(await auth.getSession()).user), [next.toLowerCase(), next]);
  dataOf(await signIn(next));
  assert.deepEqual(await refusal(signIn(username)), WRONG);
  await named(username);
});

test("a callback must be trusted", async () => {
  const { username } = await named();
  const { auth } = guest();
  const attempt = (callbackURL) => auth.signIn.username({ username, password: PASSWORD, callbackURL });
  dataOf(await attempt("/home"));
  assert.equal((await refusal(attempt("https://evil.example"))).code, "INVALID_CALLBACKURL");
});
