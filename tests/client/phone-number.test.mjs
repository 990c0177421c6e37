// Phone numbers, with the official client and its plugin.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, test } from "node:test";

import { phoneNumberClient } from "better-auth/client/plugins";

import { codeFor } from "./support/inbox.mjs";
import { startServer } from "./support/server.mjs";
import { PASSWORD, dataOf, member, refusal, visitor } from "./support/visitor.mjs";

const NEW = "another battery staple";
const withPhones = { plugins: [phoneNumberClient()] };
const INVALID = { status: 400, code: "INVALID_OTP", message: "Invalid OTP" };
const WRONG = { status: 401, code: "INVALID_PHONE_NUMBER_OR_PASSWORD", message: "Invalid phone number or password" };

let server;
before(async () => {
  server = await startServer({
    environment: {
      PORTCULLIS_PLUGINS__PHONE_NUMBER__ENABLED: "true",
      PORTCULLIS_PLUGINS__PHONE_NUMBER__SIGN_UP_ON_VERIFICATION__TEMP_EMAIL: "{phone_number}@phone.example.com",
    },
  });
});
after(() => server?.stop());

const newNumber = () => `+49${randomInt(1e10, 1e11)}`;
const guest = () => visitor(server, withPhones);

/** Asks for a code, and returns it. */
async function codeOf(auth, phoneNumber) {
  assert.deepEqual(dataOf(await auth.phoneNumber.sendOtp({ phoneNumber })), { message: "code sent" });
  return codeFor(server, "phone-otp", phoneNumber);
}

/** Signs a new user up, who proves a number. */
async function owner() {
  const phoneNumber = newNumber();
  const signedUp = await member(server, withPhones);
  const code = await codeOf(signedUp.auth, phoneNumber);
  const data = dataOf(await signedUp.auth.phoneNumber.verify({ phoneNumber, code, updatePhoneNumber: true }));
  assert.equal(data.status, true);
  return { ...signedUp, phoneNumber };
}

test("a user proves a number, and signs in by it and the password", async () => {
  const { auth, user, phoneNumber } = await owner();
  const { user: seen } = dataOf(await auth.getSession());
  assert.deepEqual([seen.phoneNumber, seen.phoneNumberVerified], [phoneNumber, true]);

  const other = guest();
  const data = dataOf(await other.auth.signIn.phoneNumber({ phoneNumber, password: PASSWORD }));

  assert.deepEqual(Object.keys(data), ["token", "user"]);
  assert.equal(data.user.id, user.id);
  assert.equal(dataOf(await other.auth.getSession()).session.token, data.token);
});

test("a session by a number is not remembered if the user does not want that", async () => {
  const { phoneNumber } = await owner();
  const { auth, jar } = guest();
  dataOf(await auth.signIn.phoneNumber({ phoneNumber, password: PASSWORD, rememberMe: false }));
  assert.equal(jar.cookie("better-auth.session_token").attributes["max-age"], undefined);
});

test("a wrong password and an unknown number are rejected alike", async () => {
  const { phoneNumber } = await owner();
  const signIn = (number, password) => guest().auth.signIn.phoneNumber({ phoneNumber: number, password });
  assert.deepEqual(await refusal(signIn(phoneNumber, "not the password")), WRONG);
  assert.deepEqual(await refusal(signIn(newNumber(), PASSWORD)), WRONG);
});

test("a code signs a new user up", async () => {
  const phoneNumber = newNumber();
  const { auth } = guest();
  const code = await codeOf(auth, phoneNumber);
  assert.match(code, /^\d{6}$/);

  const { status, token, user } = dataOf(await auth.phoneNumber.verify({ phoneNumber, code }));

  assert.equal(status, true);
  assert.deepEqual([user.phoneNumber, user.phoneNumberVerified, user.name], [phoneNumber, true, phoneNumber]);
  assert.deepEqual([user.email, user.emailVerified], [`${phoneNumber}@phone.example.com`, false]);
  assert.equal(dataOf(await auth.getSession()).session.token, token);
});

test("a code signs the owner of a number in, once", async () => {
  const { user, phoneNumber } = await owner();
  const { auth } = guest();
  const before = await codeFor(server, "phone-otp", phoneNumber);
  dataOf(await auth.phoneNumber.sendOtp({ phoneNumber }));
  const code = await codeFor(server, "phone-otp", phoneNumber, { not: before });
  assert.equal(dataOf(await auth.phoneNumber.verify({ phoneNumber, code })).user.id, user.id);
  const again = await refusal(guest().auth.phoneNumber.verify({ phoneNumber, code }));
  assert.equal(again.code, "OTP_NOT_FOUND");
});

test("of twenty clients that use a code at once, one is signed in", async () => {
  const phoneNumber = newNumber();
  const code = await codeOf(guest().auth, phoneNumber);
  const verify = () => guest().auth.phoneNumber.verify({ phoneNumber, code });
  const answers = await Promise.all(Array.from({ length: 20 }, verify));
  assert.equal(answers.filter(({ error }) => error === null).length, 1);
});

test("a proof without a session signs no user in", async () => {
  const phoneNumber = newNumber();
  const { auth, jar } = guest();
  const code = await codeOf(auth, phoneNumber);
  const { token, user } = dataOf(await auth.phoneNumber.verify({ phoneNumber, code, disableSession: true }));
  assert.deepEqual([token, user.phoneNumberVerified], [null, true]);
  assert.deepEqual(jar.names, []);
});

test("a code is rejected after three wrong codes", async () => {
  const phoneNumber = newNumber();
  const { auth } = guest();
  const code = await codeOf(auth, phoneNumber);
  for (let attempt = 0; attempt < 3; attempt += 1)
    assert.deepEqual(await refusal(auth.phoneNumber.verify({ phoneNumber, code: "abcdef" })), INVALID);
  const { status, code: found } = await refusal(auth.phoneNumber.verify({ phoneNumber, code }));
  assert.deepEqual([status, found], [403, "TOO_MANY_ATTEMPTS"]);
});

test("a number that another user has proven is not added to a user", async () => {
  const { phoneNumber } = await owner();
  const { auth } = await member(server, withPhones);
  const before = await codeFor(server, "phone-otp", phoneNumber);
  dataOf(await auth.phoneNumber.sendOtp({ phoneNumber }));
  const code = await codeFor(server, "phone-otp", phoneNumber, { not: before });
  const taken = await refusal(auth.phoneNumber.verify({ phoneNumber, code, updatePhoneNumber: true }));
  assert.deepEqual(taken, { status: 400, code: "PHONE_NUMBER_ALREADY_EXISTS", message: "Phone number already exists" });
});

test("a number is not changed without a code", async () => {
  const { auth, phoneNumber } = await owner();
  const { code } = await refusal(auth.updateUser({ phoneNumber: newNumber() }));
  assert.equal(code, "PHONE_NUMBER_CANNOT_BE_UPDATED");
  assert.equal(dataOf(await auth.getSession()).user.phoneNumber, phoneNumber);
});

test("a code sets a new password", async () => {
  const { phoneNumber } = await owner();
  const { auth } = guest();
  assert.deepEqual(dataOf(await auth.phoneNumber.requestPasswordReset({ phoneNumber })), { status: true });
  const otp = await codeFor(server, "phone-reset", phoneNumber);
  const reset = (newPassword) => auth.phoneNumber.resetPassword({ phoneNumber, otp, newPassword });
  assert.equal((await refusal(reset("1234567"))).code, "PASSWORD_TOO_SHORT");

  assert.deepEqual(dataOf(await reset(NEW)), { status: true });

  dataOf(await auth.signIn.phoneNumber({ phoneNumber, password: NEW }));
  assert.deepEqual(await refusal(guest().auth.signIn.phoneNumber({ phoneNumber, password: PASSWORD })), WRONG);
  assert.equal((await refusal(reset(NEW))).code, "OTP_NOT_FOUND");
});

test("a reset for the number of no user is answered alike", async () => {
  const { auth } = guest();
  const phoneNumber = newNumber();
  assert.deepEqual(dataOf(await auth.phoneNumber.requestPasswordReset({ phoneNumber })), { status: true });
  const answer = auth.phoneNumber.resetPassword({ phoneNumber, otp: "abcdef", newPassword: NEW });
  assert.deepEqual(await refusal(answer), INVALID);
});
