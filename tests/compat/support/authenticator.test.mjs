import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createOTP } from "@better-auth/utils/otp";

import { Authenticator, decodeBase32, encodeBase32 } from "../../support/authenticator.mjs";

const SECRET = "12345678901234567890";
const uri = (digits, period = 30) =>
  `otpauth://totp/A:b?secret=${encodeBase32(SECRET)}&issuer=A&digits=${digits}&period=${period}`;

function at(seconds) {
  mock.timers.enable({ apis: ["Date"], now: seconds * 1000 });
}

test("the codes are those of RFC 6238", () => {
  for (const [seconds, code] of [
    [59, "94287082"],
    [1111111109, "07081804"],
    [1234567890, "89005924"],
    [20000000000, "65353130"],
  ]) {
    at(seconds);
    assert.equal(new Authenticator(uri(8)).at(0), code);
    mock.timers.reset();
  }
});

test("Better Auth's own code generator returns the same codes", async () => {
  for (const [digits, period] of [[6, 30], [8, 60]]) {
    at(1234567890);
    const app = new Authenticator(createOTP(SECRET, { digits, period }).url("A", "b"));
    assert.equal(app.at(0), await createOTP(SECRET, { digits, period }).totp());
    mock.timers.reset();
  }
});

test("codes are returned once, from the oldest accepted step on", async () => {
  at(1234567890);
  const app = new Authenticator(uri(6));
  assert.deepEqual([await app.next(), await app.next(), await app.next()], [app.at(-1), app.at(0), app.at(1)]);
  mock.timers.reset();
});

test("a step that ends before the code arrives is skipped", async () => {
  at(1234567890 + 29);
  const app = new Authenticator(uri(6));
  assert.equal(await app.next(), app.at(0));
  mock.timers.reset();
});

test("base32 is decoded to the bytes that were encoded", () => {
  for (const text of ["f", "foobar", SECRET, "-_aZ09"]) assert.equal(decodeBase32(encodeBase32(text)).toString(), text);
  assert.equal(encodeBase32("foobar"), "MZXW6YTBOI");
});
