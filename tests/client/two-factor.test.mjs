// The second factor, with the official client and its plugin.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, test } from "node:test";

import { twoFactorClient, usernameClient } from "better-auth/client/plugins";

import { Authenticator } from "../support/authenticator.mjs";
import { codeFor } from "./support/inbox.mjs";
import { startServer } from "./support/server.mjs";
import { PASSWORD, dataOf, member, refusal, visitor } from "./support/visitor.mjs";

const SESSION = "better-auth.session_token";
const CHALLENGE = "better-auth.two_factor";
const TRUST = "better-auth.trust_device";
const HTTP_ONLY = { path: "/", httponly: true, samesite: "Lax" };
const BACKUP_CODE = /^[A-Za-z0-9]{5}-[A-Za-z0-9]{5}$/;
const WRONG_CODE = { status: 401, code: "INVALID_CODE", message: "Invalid code" };
const NO_CHALLENGE = { status: 401, code: "INVALID_TWO_FACTOR_COOKIE", message: "Invalid two factor cookie" };
const WRONG_PASSWORD = { status: 400, code: "INVALID_PASSWORD", message: "Invalid password" };
const noSession = { data: null, error: null };

let server;
before(async () => {
  server = await startServer({
    environment: {
      PORTCULLIS_PLUGINS__BEARER__ENABLED: "true",
      PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED: "true",
      PORTCULLIS_PLUGINS__USERNAME__ENABLED: "true",
    },
  });
});
after(() => server?.stop());

/** Options of a client with the plugins. `redirects` counts the calls of its callback. */
function withTwoFactor() {
  const redirects = { count: 0 };
  const onTwoFactorRedirect = () => void (redirects.count += 1);
  return { options: { plugins: [usernameClient(), twoFactorClient({ onTwoFactorRedirect })] }, redirects };
}

/** Signs a new user up and enrols it. `app` is the authenticator app. */
async function enrolled(changes) {
  const { options } = withTwoFactor();
  const signedUp = await member(server, options, changes);
  const { auth } = signedUp;
  const { totpURI, backupCodes } = dataOf(await auth.twoFactor.enable({ password: PASSWORD }));
  const app = new Authenticator(totpURI);
  dataOf(await auth.twoFactor.verifyTotp({ code: await app.next() }));
  return { ...signedUp, app, backupCodes, totpURI };
}

/** A new browser in which the user has entered the right password. */
async function challenged({ person }, changes = {}, guest) {
  const { options, redirects } = withTwoFactor();
  const browser = guest ?? visitor(server, options);
  const data = dataOf(await browser.auth.signIn.email({ email: person.email, password: PASSWORD, ...changes }));
  assert.deepEqual(data, { twoFactorRedirect: true });
  return { ...browser, redirects };
}

test("an enrolment returns a URI for apps and ten backup codes, and is complete with the first code", async () => {
  const { options } = withTwoFactor();
  const { auth, jar, person, user } = await member(server, options);
  assert.equal(user.twoFactorEnabled, false);

  const { totpURI, backupCodes } = dataOf(await auth.twoFactor.enable({ password: PASSWORD, issuer: "Acme & Co" }));

  const { protocol, host, pathname, searchParams } = new URL(totpURI);
  const label = decodeURIComponent(pathname).replace(/^\/+/, "");
  assert.deepEqual([protocol, host, label], ["otpauth:", "totp", `Acme & Co:${person.email}`]);
  const { secret, ...rest } = Object.fromEntries(searchParams);
  assert.match(secret, /^[A-Z2-7]{52}$/);
  assert.deepEqual(rest, { issuer: "Acme & Co", digits: "6", period: "30" });
  assert.equal(new Set(backupCodes).size, 10);
  for (const code of backupCodes) assert.match(code, BACKUP_CODE);
  assert.equal(dataOf(await auth.getSession()).user.twoFactorEnabled, false);

  const before = jar.cookie(SESSION).value;
  dataOf(await auth.twoFactor.verifyTotp({ code: await new Authenticator(totpURI).next() }));

  assert.equal(dataOf(await auth.getSession()).user.twoFactorEnabled, true);
  assert.notEqual(jar.cookie(SESSION).value, before);
  assert.equal(dataOf(await auth.listSessions()).length, 1);
});

test("the password is not enough to sign in, and a code of the app completes the sign-in", async () => {
  const user = await enrolled();
  const { auth, jar, redirects } = await challenged(user);

  assert.equal(redirects.count, 1);
  assert.deepEqual(jar.names, [CHALLENGE]);
  assert.deepEqual(jar.cookie(CHALLENGE).attributes, { "max-age": "600", ...HTTP_ONLY });
  assert.deepEqual(await auth.getSession(), noSession);
  assert.deepEqual(await refusal(auth.twoFactor.verifyTotp({ code: "abcdef" })), WRONG_CODE);

  const { token, user: seen } = dataOf(await auth.twoFactor.verifyTotp({ code: await user.app.next() }));

  assert.equal(seen.id, user.user.id);
  assert.equal(dataOf(await auth.getSession()).session.token, token);
  assert.deepEqual(jar.names, [SESSION]);
});

test("the response to the password contains no session: neither a cookie nor a header", async () => {
  const { person } = await enrolled();
  const response = await fetch(`${server.origin}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin },
    body: JSON.stringify({ email: person.email, password: PASSWORD }),
  });

  const cookies = response.headers.getSetCookie().map((line) => line.split(";")[0]);
  const withContent = cookies.filter((pair) => !pair.endsWith("="));
  assert.deepEqual(withContent.map((pair) => pair.split("=")[0]), [CHALLENGE]);
  for (const name of ["set-auth-token", "set-auth-jwt"]) assert.equal(response.headers.get(name), null);
  const headers = { cookie: cookies.join("; ") };
  const session = await fetch(`${server.origin}/api/auth/get-session`, { headers });
  assert.equal(await session.json(), null);
});

test("a sign-in by name is challenged too", async () => {
  const username = `zoe_${randomInt(1e12)}`;
  const { app } = await enrolled({ username });
  const { options, redirects } = withTwoFactor();
  const { auth } = visitor(server, options);

  assert.deepEqual(dataOf(await auth.signIn.username({ username, password: PASSWORD })), { twoFactorRedirect: true });
  assert.equal(redirects.count, 1);
  dataOf(await auth.twoFactor.verifyTotp({ code: await app.next() }));
  assert.equal(dataOf(await auth.getSession()).user.username, username);
});

test("a sign-in that is not remembered stays so after the second factor", async () => {
  const user = await enrolled();
  const { auth, jar } = await challenged(user, { rememberMe: false });
  dataOf(await auth.twoFactor.verifyTotp({ code: await user.app.next() }));
  assert.deepEqual(jar.cookie(SESSION).attributes, HTTP_ONLY);
  const { expiresAt } = dataOf(await auth.getSession()).session;
  assert.ok(Math.abs(expiresAt - Date.now() - 86_400_000) < 60_000, `expires at ${expiresAt}`);
});

test("a code by message completes the sign-in", async () => {
  const user = await enrolled();
  const { auth } = await challenged(user);

  assert.deepEqual(dataOf(await auth.twoFactor.sendOtp()), { status: true });
  const code = await codeFor(server, "two-factor-otp", user.person.email);
  assert.match(code, /^\d{6}$/);
  dataOf(await auth.twoFactor.verifyOtp({ code }));

  assert.equal(dataOf(await auth.getSession()).user.id, user.user.id);
});

test("a code by message is rejected after five wrong codes", async () => {
  const user = await enrolled();
  const { auth } = await challenged(user);
  dataOf(await auth.twoFactor.sendOtp());
  const code = await codeFor(server, "two-factor-otp", user.person.email);

  for (let attempt = 0; attempt < 5; attempt += 1)
    assert.deepEqual(await refusal(auth.twoFactor.verifyOtp({ code: "abcdef" })), WRONG_CODE);

  assert.deepEqual(await refusal(auth.twoFactor.verifyOtp({ code })), {
    status: 400,
    code: "TOO_MANY_ATTEMPTS_PLEASE_REQUEST_A_NEW_CODE",
    message: "Too many attempts. Please request a new code.",
  });
  assert.equal((await refusal(auth.twoFactor.verifyOtp({ code }))).code, "OTP_HAS_EXPIRED");
});

test("a backup code completes one sign-in", async () => {
  const user = await enrolled();
  const [first, second] = user.backupCodes;
  const { auth } = await challenged(user);
  dataOf(await auth.twoFactor.verifyBackupCode({ code: first }));
  assert.equal(dataOf(await auth.getSession()).user.id, user.user.id);

  const again = (await challenged(user)).auth;
  const rejected = { status: 401, code: "INVALID_BACKUP_CODE", message: "Invalid backup code" };
  assert.deepEqual(await refusal(again.twoFactor.verifyBackupCode({ code: first })), rejected);
  dataOf(await again.twoFactor.verifyBackupCode({ code: second }));
});

test("a backup code can be used up without a session", async () => {
  const user = await enrolled();
  const { auth, jar } = await challenged(user);
  const data = dataOf(await auth.twoFactor.verifyBackupCode({ code: user.backupCodes[0], disableSession: true }));
  assert.deepEqual(Object.keys(data), ["user"]);
  assert.deepEqual(jar.names, [CHALLENGE]);
});

test("generated backup codes replace the old ones", async () => {
  const user = await enrolled();
  assert.deepEqual(await refusal(user.auth.twoFactor.generateBackupCodes({ password: "wrong" })), WRONG_PASSWORD);

  const { status, backupCodes } = dataOf(await user.auth.twoFactor.generateBackupCodes({ password: PASSWORD }));

  assert.equal(status, true);
  assert.equal(new Set([...backupCodes, ...user.backupCodes]).size, 20);
  const { auth } = await challenged(user);
  assert.equal((await refusal(auth.twoFactor.verifyBackupCode({ code: user.backupCodes[0] }))).status, 401);
  dataOf(await auth.twoFactor.verifyBackupCode({ code: backupCodes[9] }));
});

test("a trusted device signs in with the password only, and its cookie changes each time", async () => {
  const user = await enrolled();
  const device = await challenged(user);
  dataOf(await device.auth.twoFactor.verifyTotp({ code: await user.app.next(), trustDevice: true }));
  const first = device.jar.cookie(TRUST);
  assert.deepEqual(first.attributes, { "max-age": "2592000", ...HTTP_ONLY });

  dataOf(await device.auth.signOut());
  const { email } = user.person;
  const data = dataOf(await device.auth.signIn.email({ email, password: PASSWORD }));

  assert.equal(data.user.id, user.user.id);
  assert.equal(device.redirects.count, 1);
  assert.notEqual(device.jar.cookie(TRUST).value, first.value);
});

test("a device is trusted for one user only", async () => {
  const [one, other] = [await enrolled(), await enrolled()];
  const device = await challenged(one);
  dataOf(await device.auth.twoFactor.verifyTotp({ code: await one.app.next(), trustDevice: true }));

  await challenged(other, {}, device);

  assert.ok(!device.jar.names.includes(TRUST));
});

test("the URI is returned again for the password", async () => {
  const { auth, totpURI } = await enrolled();
  assert.deepEqual(await refusal(auth.twoFactor.getTotpUri({ password: "wrong" })), WRONG_PASSWORD);
  const again = new Authenticator(dataOf(await auth.twoFactor.getTotpUri({ password: PASSWORD })).totpURI);
  assert.equal(again.secret, new Authenticator(totpURI).secret);
});

test("a wrong password neither enrols a user nor ends the second factor", async () => {
  const { auth } = await enrolled();
  assert.deepEqual(await refusal(auth.twoFactor.enable({ password: "wrong" })), WRONG_PASSWORD);
  assert.deepEqual(await refusal(auth.twoFactor.disable({ password: "wrong" })), WRONG_PASSWORD);
  assert.equal(dataOf(await auth.getSession()).user.twoFactorEnabled, true);
});

test("without the second factor a password signs in again", async () => {
  const { auth, person } = await enrolled();

  assert.deepEqual(dataOf(await auth.twoFactor.disable({ password: PASSWORD })), { status: true });

  assert.equal(dataOf(await auth.getSession()).user.twoFactorEnabled, false);
  const { email } = person;
  const { token } = dataOf(await visitor(server).auth.signIn.email({ email, password: PASSWORD }));
  assert.match(token, /^[A-Za-z0-9]{32}$/);
  assert.equal((await refusal(auth.twoFactor.getTotpUri({ password: PASSWORD }))).code, "TOTP_NOT_ENABLED");
});

test("without a challenge no code is accepted and no message is sent", async () => {
  const { backupCodes, app } = await enrolled();
  const { options } = withTwoFactor();
  const { auth } = visitor(server, options);
  assert.deepEqual(await refusal(auth.twoFactor.verifyTotp({ code: await app.next() })), NO_CHALLENGE);
  assert.deepEqual(await refusal(auth.twoFactor.verifyBackupCode({ code: backupCodes[0] })), NO_CHALLENGE);
  assert.deepEqual(await refusal(auth.twoFactor.verifyOtp({ code: "123456" })), NO_CHALLENGE);
  assert.deepEqual(await refusal(auth.twoFactor.sendOtp()), NO_CHALLENGE);
});
