// Passkeys that are registered at one server and used at the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  AUTHENTICATE,
  AUTHENTICATED,
  DELETE,
  LIST,
  REGISTER,
  REGISTERED,
  RENAME,
} from "../../support/passkeys.mjs";
import { AT, BE, BS, SecurityKey, UP, UV } from "../../support/security-key.mjs";
import { WAYS } from "../pair.mjs";

/** @param start starts both servers with a profile, as `startPair` does */
export function passkeys(start) {
  let pair;
  before(async () => {
    pair = await start("shared-passkey");
  });
  after(() => pair.stop());

  /** Asserts that a response is a success, and returns its body. */
  function bodyOf(answer) {
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  /** Registers a passkey for the user of a client; returns its row. */
  async function register(client, key, { name = "mine", ...changes } = {}) {
    const response = key.create(bodyOf(await client.get(REGISTER)), client.baseURL, changes);
    return bodyOf(await client.post(REGISTERED, { response, name }));
  }

  /** A new user of a server, with a passkey. */
  async function owner(name, where, key = new SecurityKey(name), changes = {}) {
    const client = pair.at(where);
    bodyOf(await client.signUp(name));
    return { client, key, row: await register(client, key, changes) };
  }

  /** Signs in with a passkey at a server; returns the client and the response. */
  async function signIn(key, where, changes) {
    const client = pair.at(where);
    const response = key.get(bodyOf(await client.get(AUTHENTICATE)), client.baseURL, changes);
    return { client, answer: await client.post(AUTHENTICATED, { response }) };
  }

  async function assertSignsIn(key, name, where) {
    const { client, answer } = await signIn(key, where);
    bodyOf(answer);
    for (const at of ["reference", "ours"])
      assert.equal(bodyOf(await pair.moved(client, at).get("/get-session")).user.name, name, `seen at ${at}`);
  }

  const codeOf = (answer) => [answer.status, answer.json().code];
  const FAILED = [400, "AUTHENTICATION_FAILED"];
  const UNKNOWN = [401, "PASSKEY_NOT_FOUND"];

  for (const [here, there] of WAYS) {
    for (const algorithm of ["ES256", "EdDSA", "RS256"])
      test(`a passkey of ${algorithm} registered at ${here} signs in at ${there}, again and again`, async () => {
        const name = `${algorithm}-${here}`;
        const { key } = await owner(name, here, new SecurityKey(name, { algorithm }));
        for (const where of [there, here, there]) await assertSignsIn(key, name, where);
      });

    test(`a passkey without a counter registered at ${here} signs in at ${there}`, async () => {
      const name = `still-${here}`;
      const { key } = await owner(name, here, new SecurityKey(name, { counter: 0, step: 0 }));
      for (const where of [there, here, there]) await assertSignsIn(key, name, where);
    });

    test(`a passkey that is backed up is registered at ${here}, and signs in at ${there}`, async () => {
      const name = `synced-${here}`;
      const { key, row } = await owner(name, here, undefined, { flags: UP | UV | BE | BS | AT });
      assert.deepEqual([row.deviceType, row.backedUp], ["multiDevice", true]);
      const { answer } = await signIn(key, there, { flags: UP | UV | BE | BS });
      bodyOf(answer);
    });

    test(`a self-attested passkey is registered at ${here}, and signs in at ${there}`, async () => {
      const name = `packed-${here}`;
      const { key } = await owner(name, here, undefined, { format: "packed" });
      await assertSignsIn(key, name, there);
    });

    test(`the counter of a passkey advances at ${here} and at ${there}, and an old response is rejected at both`, async () => {
      const { key } = await owner(`counter-${here}`, here);
      bodyOf((await signIn(key, there, { counter: 50 })).answer);
      for (const where of [here, there])
        for (const counter of [0, 49, 50]) assert.deepEqual(codeOf((await signIn(key, where, { counter })).answer), FAILED);
      bodyOf((await signIn(key, here, { counter: 51 })).answer);
      assert.deepEqual(codeOf((await signIn(key, there, { counter: 51 })).answer), FAILED);
    });

    test(`a registration that begins at ${here} is completed at ${there}`, async () => {
      const name = `begun-${here}`;
      const client = pair.at(here);
      bodyOf(await client.signUp(name));
      const key = new SecurityKey(name);
      const response = key.create(bodyOf(await client.get(REGISTER)), client.baseURL);
      bodyOf(await pair.moved(client, there).post(REGISTERED, { response }));
      await assertSignsIn(key, name, here);
    });

    test(`a sign-in that begins at ${here} is completed at ${there}, once`, async () => {
      const name = `challenge-${here}`;
      const { key } = await owner(name, here);
      const client = pair.at(here);
      const given = bodyOf(await client.get(AUTHENTICATE));
      const copies = [there, here, there].map((where) => pair.moved(client, where));
      const answers = [];
      for (const copy of copies) answers.push(await copy.post(AUTHENTICATED, { response: key.get(given, copy.baseURL) }));
      assert.equal(bodyOf(await copies[0].get("/get-session")).user.name, name);
      for (const answer of answers.slice(1)) assert.deepEqual(codeOf(answer), [400, "CHALLENGE_NOT_FOUND"]);
    });

    test(`a passkey of ${here} is listed, renamed and deleted at ${there}`, async () => {
      const { client, key, row } = await owner(`managed-${here}`, here);
      const other = pair.moved(client, there);
      assert.deepEqual(bodyOf(await other.get(LIST)), [row]);
      assert.deepEqual(bodyOf(await other.post(RENAME, { id: row.id, name: "New" })).passkey, { ...row, name: "New" });
      assert.deepEqual(bodyOf(await client.get(LIST)), [{ ...row, name: "New" }]);
      assert.deepEqual(bodyOf(await other.post(DELETE, { id: row.id })), { status: true });
      assert.deepEqual(bodyOf(await client.get(LIST)), []);
      for (const where of [here, there]) assert.deepEqual(codeOf((await signIn(key, where)).answer), UNKNOWN);
    });

    test(`both servers exclude a passkey of ${here} from registrations, and allow it at sign-ins`, async () => {
      const { client, key } = await owner(`excluded-${here}`, here);
      const expected = [{ id: key.credentialID, type: "public-key", transports: ["usb", "nfc"] }];
      for (const where of [here, there]) {
        const moved = pair.moved(client, where);
        assert.deepEqual(bodyOf(await moved.get(REGISTER)).excludeCredentials, expected);
        assert.deepEqual(bodyOf(await moved.get(AUTHENTICATE)).allowCredentials, expected);
      }
    });

    test(`a passkey of ${here} ends with its user, who is deleted at ${there}`, async () => {
      const { client, key } = await owner(`deleted-${here}`, here);
      bodyOf(await pair.moved(client, there).post("/delete-user", { password: "password1234" }));
      for (const where of [here, there]) assert.deepEqual(codeOf((await signIn(key, where)).answer), UNKNOWN);
    });
  }
}
