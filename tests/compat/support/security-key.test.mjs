import assert from "node:assert/strict";
import { test } from "node:test";

import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";

import { AT, SecurityKey, UP } from "./security-key.mjs";

const ORIGIN = "http://localhost:3000";
const challenge = Buffer.alloc(32, 1).toString("base64url");
const expected = { expectedChallenge: challenge, expectedOrigin: ORIGIN, expectedRPID: "localhost" };
const options = { challenge, rp: { id: "localhost" }, rpId: "localhost" };

for (const algorithm of ["ES256", "EdDSA", "RS256", "PS256", "ES512"])
  for (const format of ["none", "packed"])
    test(`an independent verifier accepts a key of ${algorithm} with the attestation ${format}, and its signatures`, async () => {
      const key = new SecurityKey("tested", { algorithm });
      const created = await verifyRegistrationResponse({ ...expected, response: key.create(options, ORIGIN, { format }) });
      assert.equal(created.verified, true);
      const { credential } = created.registrationInfo;
      assert.deepEqual([credential.id, credential.counter], [key.credentialID, 1]);
      const answer = { ...expected, response: key.get(options, ORIGIN), credential };
      const { verified, authenticationInfo } = await verifyAuthenticationResponse(answer);
      assert.deepEqual([verified, authenticationInfo.newCounter, authenticationInfo.userVerified], [true, 2, true]);
    });

test("an independent verifier rejects what is made wrong", async () => {
  const key = new SecurityKey("tested");
  for (const changes of [{ rpId: "evil.test" }, { flags: AT }, { client: { origin: "https://evil.test" } }, { format: "x" }])
    await assert.rejects(verifyRegistrationResponse({ ...expected, response: key.create(options, ORIGIN, changes) }));
});

test("keys of one name are the same, and of two names are not", () => {
  const [one, same, other] = ["a", "a", "b"].map((name) => new SecurityKey(name).create(options, ORIGIN, { flags: UP | AT }));
  assert.deepEqual(one, same);
  assert.notEqual(one.id, other.id);
});
