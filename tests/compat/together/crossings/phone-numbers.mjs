// Codes of one server that prove phone numbers or reset passwords at the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { PASSWORD, WRONG } from "../../support/phones.mjs";
import { WAYS } from "../pair.mjs";

const NEW = "password5678";

/** @param start starts both servers with a profile, as `startPair` does */
export function phoneNumbers(start) {
  let pair;
  let count = 0;
  before(async () => {
    pair = await start("shared-phone-number");
  });
  after(() => pair.stop());

  const newNumber = () => `+49151000${(count += 1)}`;

  /** Asserts that a response is a success, and returns its body. */
  function bodyOf(answer) {
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  /** Asks a server for a code, and returns it. */
  async function codeOf(phoneNumber, where) {
    bodyOf(await pair.at(where).post("/phone-number/send-otp", { phoneNumber }));
    return (await pair.message(phoneNumber)).code;
  }

  const verify = (client, phoneNumber, code, more) => client.post("/phone-number/verify", { phoneNumber, code, ...more });
  const signIn = (client, phoneNumber, password = PASSWORD) =>
    client.post("/sign-in/phone-number", { phoneNumber, password });

  for (const [here, there] of WAYS) {
    test(`a code of ${here} signs a new user up at ${there}, once`, async () => {
      const number = newNumber();
      const code = await codeOf(number, here);
      const client = pair.at(there);
      assert.equal((await verify(client, number, WRONG)).json().code, "INVALID_OTP");
      assert.equal(bodyOf(await verify(client, number, code)).user.phoneNumber, number);
      assert.equal(bodyOf(await pair.moved(client, here).get("/get-session")).user.phoneNumberVerified, true);
      for (const where of [here, there])
        assert.equal((await verify(pair.at(where), number, code)).json().code, "OTP_NOT_FOUND", `again at ${where}`);
    });

    test(`a number that is proven at ${there} with a code of ${here} signs in at both`, async () => {
      const number = newNumber();
      const client = pair.at(here);
      bodyOf(await client.signUp(`owner-${here}`));
      const code = await codeOf(number, here);
      bodyOf(await verify(pair.moved(client, there), number, code, { updatePhoneNumber: true }));
      for (const where of [here, there]) {
        assert.equal(bodyOf(await signIn(pair.at(where), number)).user.phoneNumber, number);
        assert.equal((await signIn(pair.at(where), number, "wrong-password")).status, 401);
      }
    });

    test(`a code of ${here} sets a new password at ${there}`, async () => {
      const number = newNumber();
      const client = pair.at(there);
      bodyOf(await client.signUp(`reset-${here}`));
      bodyOf(await verify(client, number, await codeOf(number, there), { updatePhoneNumber: true }));
      bodyOf(await pair.at(here).post("/phone-number/request-password-reset", { phoneNumber: number }));
      const { code: otp } = await pair.message(number);
      const body = { phoneNumber: number, otp, newPassword: NEW };
      bodyOf(await pair.at(there).post("/phone-number/reset-password", body));
      for (const where of [here, there]) {
        bodyOf(await signIn(pair.at(where), number, NEW));
        assert.equal((await signIn(pair.at(where), number)).status, 401);
        assert.equal((await pair.at(where).post("/phone-number/reset-password", body)).json().code, "OTP_NOT_FOUND");
      }
    });

    test(`both count the wrong codes of ${here}`, async () => {
      const number = newNumber();
      const code = await codeOf(number, here);
      for (const where of [here, there, here])
        assert.equal((await verify(pair.at(where), number, WRONG)).json().code, "INVALID_OTP");
      assert.equal((await verify(pair.at(there), number, code)).json().code, "TOO_MANY_ATTEMPTS");
    });

    test(`a code of ${there} replaces the one of ${here}`, async () => {
      const number = newNumber();
      const older = await codeOf(number, here);
      const newer = await codeOf(number, there);
      assert.notEqual(older, newer);
      for (const where of [here, there])
        assert.equal((await verify(pair.at(where), number, older)).json().code, "INVALID_OTP", `at ${where}`);
      bodyOf(await verify(pair.at(here), number, newer));
    });

    test(`a number that a user has at ${here} is taken at ${there}`, async () => {
      const number = newNumber();
      bodyOf(await verify(pair.at(here), number, await codeOf(number, here)));
      const client = pair.at(there);
      bodyOf(await client.signUp(`other-${here}`));
      const taken = await verify(client, number, await codeOf(number, there), { updatePhoneNumber: true });
      assert.equal(taken.json().code, "PHONE_NUMBER_ALREADY_EXISTS");
    });
  }
}
