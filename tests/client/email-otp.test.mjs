// Codes by mail, with the official client and its plugin.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { emailOTPClient } from "better-auth/client/plugins";

import { codeFor } from "./support/inbox.mjs";
import { startServer } from "./support/server.mjs";
import { PASSWORD, dataOf, member, refusal, visitor } from "./support/visitor.mjs";

const RESET = "forget-password-otp";
const NEW = "another battery staple";
const INVALID = { status: 400, code: "INVALID_OTP", message: "Invalid OTP" };
const withCodes = { plugins: [emailOTPClient()] };
const success = { success: true };

let server;
before(async () => {
  server = await startServer({ environment: { PORTCULLIS_PLUGINS__EMAIL_OTP__ENABLED: "true" } });
});
after(() => server?.stop());

const newAddress = () => `${randomUUID()}@example.com`;
const guest = () => visitor(server, withCodes);

/** Asks for a code, and returns it. */
async function codeOf(auth, email, type) {
  assert.deepEqual(dataOf(await auth.emailOtp.sendVerificationOtp({ email, type })), success);
  return codeFor(server, `${type}-otp`, email);
}

test("a code signs a new user up, whose address is verified", async () => {
  const { auth, jar } = guest();
  const email = newAddress();
  const otp = await codeOf(auth, email, "sign-in");
  assert.match(otp, /^\d{6}$/);

  const { token, user } = dataOf(await auth.signIn.emailOtp({ email, otp }));

  assert.deepEqual([user.email, user.emailVerified, user.name], [email, true, ""]);
  assert.equal(dataOf(await auth.getSession()).session.token, token);
  assert.equal(jar.cookie("better-auth.session_token").attributes["max-age"], "604800");
});

test("a code signs a user in, with the address in any capitals, and once", async () => {
  const { person, user } = await member(server);
  const { auth } = guest();
  const otp = await codeOf(auth, person.email, "sign-in");
  const email = person.email.toUpperCase();

  const data = dataOf(await auth.signIn.emailOtp({ email, otp }));

  assert.deepEqual([data.user.id, data.user.emailVerified], [user.id, true]);
  assert.deepEqual(await refusal(guest().auth.signIn.emailOtp({ email, otp })), INVALID);
});

test("of twenty clients that use a code at once, one is signed in", async () => {
  const email = newAddress();
  const otp = await codeOf(guest().auth, email, "sign-in");
  const answers = await Promise.all(Array.from({ length: 20 }, () => guest().auth.signIn.emailOtp({ email, otp })));
  assert.equal(answers.filter(({ error }) => error === null).length, 1);
});

test("a code is rejected after three wrong codes", async () => {
  const { auth } = guest();
  const email = newAddress();
  const otp = await codeOf(auth, email, "sign-in");
  for (let attempt = 0; attempt < 3; attempt += 1)
    assert.deepEqual(await refusal(auth.signIn.emailOtp({ email, otp: "abcdef" })), INVALID);
  assert.deepEqual(await refusal(auth.signIn.emailOtp({ email, otp })), {
    status: 403,
    code: "TOO_MANY_ATTEMPTS",
    message: "Too many attempts",
  });
});

test("a code is checked without being used, and then verifies the address", async () => {
  const { auth, person } = await member(server, withCodes);
  const { email } = person;
  const otp = await codeOf(auth, email, "email-verification");
  assert.deepEqual(dataOf(await auth.emailOtp.checkVerificationOtp({ email, type: "email-verification", otp })), success);

  const { status, token, user } = dataOf(await auth.emailOtp.verifyEmail({ email, otp }));

  assert.deepEqual([status, token, user.emailVerified], [true, null, true]);
  assert.equal(dataOf(await auth.getSession()).user.emailVerified, true);
  assert.deepEqual(await refusal(auth.emailOtp.verifyEmail({ email, otp })), INVALID);
});

test("a code for one purpose is rejected for another", async () => {
  const { auth, person } = await member(server, withCodes);
  const { email } = person;
  const otp = await codeOf(auth, email, "email-verification");
  assert.deepEqual(await refusal(auth.signIn.emailOtp({ email, otp })), INVALID);
  assert.deepEqual(await refusal(auth.emailOtp.resetPassword({ email, otp, password: NEW })), INVALID);
  const check = auth.emailOtp.checkVerificationOtp({ email, type: "sign-in", otp });
  assert.deepEqual(await refusal(check), INVALID);
});

for (const [name, request] of Object.entries({
  "the plugin's request": (auth, email) => auth.emailOtp.requestPasswordReset({ email }),
  "the older request": (auth, email) => auth.forgetPassword.emailOtp({ email }),
})) {
  test(`a code sets a new password after ${name}`, async () => {
    const { person } = await member(server);
    const { email } = person;
    const { auth } = guest();
    assert.deepEqual(dataOf(await request(auth, email)), success);
    const otp = await codeFor(server, RESET, email);

    assert.deepEqual(dataOf(await auth.emailOtp.resetPassword({ email, otp, password: NEW })), success);

    dataOf(await auth.signIn.email({ email, password: NEW }));
    assert.equal((await refusal(guest().auth.signIn.email({ email, password: PASSWORD }))).status, 401);
  });
}

test("a code stays valid if the new password is too short", async () => {
  const { person } = await member(server);
  const { email } = person;
  const { auth } = guest();
  dataOf(await auth.emailOtp.requestPasswordReset({ email }));
  const otp = await codeFor(server, RESET, email);
  const short = await refusal(auth.emailOtp.resetPassword({ email, otp, password: "1234567" }));
  assert.equal(short.code, "PASSWORD_TOO_SHORT");
  assert.deepEqual(dataOf(await auth.emailOtp.resetPassword({ email, otp, password: NEW })), success);
});

test("requests for the address of no user are answered alike", async () => {
  const { auth } = guest();
  const email = newAddress();
  for (const type of ["email-verification", "forget-password"])
    assert.deepEqual(dataOf(await auth.emailOtp.sendVerificationOtp({ email, type })), success);
  assert.deepEqual(dataOf(await auth.emailOtp.requestPasswordReset({ email })), success);
  assert.deepEqual(await refusal(auth.emailOtp.verifyEmail({ email, otp: "abcdef" })), INVALID);
  assert.deepEqual(await refusal(auth.emailOtp.resetPassword({ email, otp: "abcdef", password: NEW })), INVALID);
});

test("a malformed address is rejected", async () => {
  const { auth } = guest();
  const answer = auth.emailOtp.sendVerificationOtp({ email: "ada", type: "sign-in" });
  assert.deepEqual(await refusal(answer), { status: 400, code: "INVALID_EMAIL", message: "Invalid email" });
});
