// The unchanged official client in a Node program.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startServer } from "./support/server.mjs";
import { PASSWORD, member, newcomer, refusal, visitor as visitorOf } from "./support/visitor.mjs";

const TOKEN = /^[A-Za-z0-9]{32}$/;
const DAY = 86_400_000;
const SESSION = "better-auth.session_token";
const DONT_REMEMBER = "better-auth.dont_remember";

let server;
before(async () => void (server = await startServer()));
after(() => server?.stop());

const visitor = () => visitorOf(server);

/** Signs a user up with a client that is not used again, and returns the credentials. */
async function registered() {
  const { person } = await member(server);
  return { email: person.email, password: person.password };
}

function assertNear(date, time, what) {
  assert.ok(date instanceof Date, `${what} is a date`);
  assert.ok(Math.abs(date.getTime() - time) < 30_000, `${what} is ${date.toISOString()}`);
}

function assertUser(user, { email, name }) {
  const { id, createdAt, updatedAt, ...rest } = user;
  assert.deepEqual(rest, { name, email, emailVerified: false, image: null });
  assert.match(id, TOKEN);
  assertNear(createdAt, Date.now(), "createdAt");
  assert.deepEqual(updatedAt, createdAt);
}

async function assertSignedOut({ auth }) {
  assert.deepEqual(await auth.getSession(), { data: null, error: null });
}

function invalid(message) {
  return { status: 400, code: "VALIDATION_ERROR", message };
}

test("a new user is signed in by the sign-up", async () => {
  const { auth, jar } = visitor();
  const person = newcomer();

  const { data, error } = await auth.signUp.email(person);

  assert.equal(error, null);
  assert.deepEqual(Object.keys(data), ["token", "user"]);
  assert.match(data.token, TOKEN);
  assertUser(data.user, person);
  const { value, attributes } = jar.cookie(SESSION);
  assert.ok(decodeURIComponent(value).startsWith(`${data.token}.`));
  assert.deepEqual(attributes, { "max-age": "604800", path: "/", httponly: true, samesite: "Lax" });
});

test("get-session returns the session and its user", async () => {
  const { auth } = visitor();
  const person = newcomer();
  const signedUp = await auth.signUp.email(person);

  const { data, error } = await auth.getSession();

  assert.equal(error, null);
  assert.deepEqual(Object.keys(data), ["session", "user"]);
  assert.deepEqual(data.user, signedUp.data.user);
  const { id, createdAt, updatedAt, expiresAt, ...rest } = data.session;
  assert.deepEqual(rest, {
    token: signedUp.data.token,
    ipAddress: "127.0.0.1",
    userAgent: "client-test/1",
    userId: data.user.id,
  });
  assert.match(id, TOKEN);
  assertNear(createdAt, Date.now(), "createdAt");
  assert.deepEqual(updatedAt, createdAt);
  assertNear(expiresAt, Date.now() + 7 * DAY, "expiresAt");
});

test("a picture is kept", async () => {
  const { auth } = visitor();
  const image = "https://example.com/zoë.png";

  const { data } = await auth.signUp.email(newcomer({ image }));

  assert.equal(data.user.image, image);
  assert.equal((await auth.getSession()).data.user.image, image);
});

test("an e-mail address is stored in lower case and found in any case", async () => {
  const { email, password } = newcomer();
  const upperCase = email.toUpperCase();

  const { data } = await visitor().auth.signUp.email({ name: "", email: upperCase, password });
  assert.equal(data.user.email, email);
  assert.equal(data.user.name, "");

  const { error } = await visitor().auth.signIn.email({ email: upperCase, password });
  assert.equal(error, null);
});

test("sign-out ends the session, also for a client that replays the old cookie", async () => {
  const person = visitor();
  await person.auth.signUp.email(newcomer());
  const { value } = person.jar.cookie(SESSION);

  const { data, error } = await person.auth.signOut();

  assert.equal(error, null);
  assert.deepEqual(data, { success: true });
  assert.deepEqual(person.jar.names, []);
  await assertSignedOut(person);
  const replayed = await fetch(`${server.origin}/api/auth/get-session`, {
    headers: { cookie: `${SESSION}=${value}` },
  });
  assert.equal(await replayed.json(), null);
});

test("sign-out without a session succeeds", async () => {
  const { data, error } = await visitor().auth.signOut();
  assert.equal(error, null);
  assert.deepEqual(data, { success: true });
});

test("every sign-in starts a separate session", async () => {
  const credentials = await registered();
  const [first, second] = [visitor(), visitor()];

  const { data, error } = await first.auth.signIn.email(credentials);
  const again = await second.auth.signIn.email(credentials);

  assert.equal(error, null);
  assert.deepEqual(Object.keys(data), ["redirect", "token", "user"]);
  assert.equal(data.redirect, false);
  assertUser(data.user, { email: credentials.email, name: "Zoë 🦀" });
  assert.notEqual(again.data.token, data.token);
  await first.auth.signOut();
  await assertSignedOut(first);
  assert.equal((await second.auth.getSession()).data.session.token, again.data.token);
});

test("a wrong password and an unknown address are rejected with the same error", async () => {
  const { email, password } = await registered();
  const person = visitor();
  const expected = {
    status: 401,
    code: "INVALID_EMAIL_OR_PASSWORD",
    message: "Invalid email or password",
  };

  assert.deepEqual(await refusal(person.auth.signIn.email({ email, password: `${password}!` })), expected);
  assert.deepEqual(await refusal(person.auth.signIn.email({ ...newcomer(), password })), expected);
  assert.deepEqual(person.jar.names, []);
});

test("a session with rememberMe: false ends with the browser, or after a day", async () => {
  const { auth, jar } = visitor();

  await auth.signIn.email({ ...(await registered()), rememberMe: false });

  assert.deepEqual(jar.names.sort(), [DONT_REMEMBER, SESSION].sort());
  for (const name of jar.names)
    assert.deepEqual(jar.cookie(name).attributes, { path: "/", httponly: true, samesite: "Lax" });
  assertNear((await auth.getSession()).data.session.expiresAt, Date.now() + DAY, "expiresAt");
});

test("a callback URL is returned if it is trusted, and rejected otherwise", async () => {
  const credentials = await registered();
  let location;
  const onSuccess = ({ response }) => void (location = response.headers.get("location"));

  const { data } = await visitor().auth.signIn.email({ ...credentials, callbackURL: "/home" }, { onSuccess });

  assert.equal(data.redirect, true);
  assert.equal(data.url, "/home");
  assert.equal(location, "/home");
  for (const callbackURL of ["https://evil.example", "//evil.example", "javascript:alert(1)"])
    assert.deepEqual(await refusal(visitor().auth.signIn.email({ ...credentials, callbackURL })), {
      status: 403,
      code: "INVALID_CALLBACKURL",
      message: "Invalid callbackURL",
    });
});

test("an e-mail address can have only one user", async () => {
  const { email } = await registered();
  const taken = {
    status: 422,
    code: "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    message: "User already exists. Use another email.",
  };

  for (const again of [email, email.toUpperCase()]) {
    const person = visitor();
    assert.deepEqual(await refusal(person.auth.signUp.email(newcomer({ email: again }))), taken);
    assert.deepEqual(person.jar.names, []);
  }
});

test("a password that is too short or too long is rejected", async () => {
  const { auth } = visitor();
  assert.deepEqual(await refusal(auth.signUp.email(newcomer({ password: "1234567" }))), {
    status: 400,
    code: "PASSWORD_TOO_SHORT",
    message: "Password too short",
  });
  assert.deepEqual(await refusal(auth.signUp.email(newcomer({ password: "x".repeat(129) }))), {
    status: 400,
    code: "PASSWORD_TOO_LONG",
    message: "Password too long",
  });
  for (const password of ["12345678", "x".repeat(128)])
    assert.equal((await visitor().auth.signUp.email(newcomer({ password }))).error, null);
});

test("missing fields and wrong types are all reported in one error", async () => {
  const { auth } = visitor();
  assert.deepEqual(
    await refusal(auth.signUp.email({ name: 7, email: "no-address", rememberMe: "yes" })),
    invalid(
      "[body.name] Invalid input: expected string, received number; " +
        "[body.email] Invalid email address; " +
        "[body.password] Invalid input: expected string, received undefined; " +
        "[body.rememberMe] Invalid input: expected boolean, received string",
    ),
  );
  assert.deepEqual(
    await refusal(auth.signIn.email({ password: null })),
    invalid(
      "[body.email] Invalid input: expected string, received undefined; " +
        "[body.password] Invalid input: expected string, received null",
    ),
  );
  assert.deepEqual(await refusal(auth.signIn.email({ email: "no-address", password: PASSWORD })), {
    status: 400,
    code: "INVALID_EMAIL",
    message: "Invalid email",
  });
});

test("an HTML form can sign in, and its fields are all text", async () => {
  const credentials = await registered();
  const { auth, jar } = visitor();
  const url = `${server.origin}/api/auth/sign-in/email`;
  const post = (fields) => jar.fetch(url, { method: "POST", body: new URLSearchParams(fields) });

  const refused = await post({ ...credentials, rememberMe: "false" });
  assert.equal(refused.status, 400);
  assert.deepEqual(await refused.json(), {
    code: "VALIDATION_ERROR",
    message: "[body.rememberMe] Invalid input: expected boolean, received string",
  });

  const accepted = await post(credentials);
  assert.equal(accepted.status, 200);
  const { token, user } = await accepted.json();
  const { data } = await auth.getSession();
  assert.equal(data.session.token, token);
  assert.equal(data.user.id, user.id);
});

test("a request from a page on another site is rejected despite the cookie", async () => {
  const { auth, jar } = visitor();
  await auth.signUp.email(newcomer());

  jar.origin = "https://evil.example";

  assert.deepEqual(await refusal(auth.signOut()), {
    status: 403,
    code: "INVALID_ORIGIN",
    message: "Invalid origin",
  });
  assert.notEqual((await auth.getSession()).data, null);
});

test("a forged cookie has no session", async () => {
  const person = visitor();
  const { data } = await person.auth.signUp.email(newcomer());
  const headers = { cookie: `${SESSION}=${data.token}.${"A".repeat(43)}%3D` };

  const answer = await fetch(`${server.origin}/api/auth/get-session`, { headers });

  assert.equal(answer.status, 200);
  assert.equal(await answer.json(), null);
  assert.deepEqual(answer.headers.getSetCookie(), []);
});

test("a route that does not exist returns 404", async () => {
  const { data, error } = await visitor().auth.no.such.route();
  assert.equal(data, null);
  assert.equal(error.status, 404);
});
