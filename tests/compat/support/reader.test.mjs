import assert from "node:assert/strict";
import { test } from "node:test";

import { symmetricEncodeJWT, symmetricEncrypt } from "better-auth/crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

import { Mask } from "./mask.mjs";
import { idToken } from "./provider-tokens.mjs";
import { Reader } from "./reader.mjs";
import { cookieCacheOf, linkToken } from "./tokens.mjs";
import { toml } from "./toml.mjs";

const SECRET = "a-secret-of-the-tests-that-is-long";
const OF = { session: { token: "t", expiresAt: new Date().toISOString() }, user: { id: "u" } };
const reader = (keys = []) => new Reader({ secret: SECRET, keySet: async () => ({ keys }) });

test("a JWT is replaced by its claims and whether the shared secret signed it", async () => {
  for (const [secret, signature] of [
    [SECRET, "good"],
    ["another-secret", "BAD"],
  ]) {
    const token = await linkToken(secret, { email: "a@example.com" });
    const found = await reader().readAll(`{"url":"/x?token=${token}&a=b"}`);
    assert.equal(found.get(token).jwt.signature, signature);
    const mask = new Mask(SECRET);
    mask.learn(found);
    const claims = { iat: "<number now>", exp: "<number now+60m>", email: "a@example.com" };
    assert.deepEqual(mask.text(token, "x"), { jwt: { header: { alg: "HS256" }, claims, signature } });
  }
});

test("a JWT of another algorithm is verified with the published keys", async () => {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const token = await new SignJWT({}).setProtectedHeader({ alg: "EdDSA", kid: "k" }).sign(privateKey);
  const key = { ...(await exportJWK(publicKey)), alg: "EdDSA", kid: "k" };
  assert.equal((await reader([key]).readAll(token)).get(token).jwt.signature, "good");
  assert.equal((await reader([{ ...key, kid: "other" }]).readAll(token)).get(token).jwt.signature, "BAD");
});

test("a session cookie cache is replaced by its content, in each encoding", async () => {
  const compact = (await reader().cookieValue(await cookieCacheOf("compact", SECRET, OF))).compact;
  assert.deepEqual([compact.session.session.token, compact.signature], ["t", "good"]);
  assert.equal((await reader().cookieValue(await cookieCacheOf("compact", "another-secret", OF))).compact.signature, "BAD");
  assert.equal((await reader().cookieValue(await cookieCacheOf("jwt", SECRET, OF))).jwt.claims.user.id, "u");
  assert.equal((await reader().cookieValue(await cookieCacheOf("jwe", SECRET, OF))).jwe.claims.user.id, "u");
  assert.equal((await reader().cookieValue(await cookieCacheOf("jwe", "another-secret", OF))).jwe.claims, "UNREADABLE");
  assert.equal(await reader().cookieValue("x"), undefined);
});

test("a private key is replaced by its members", async () => {
  const key = { kty: "OKP", crv: "Ed25519", x: "eA", d: "ZA" };
  const sealed = await symmetricEncrypt({ key: SECRET, data: JSON.stringify(key) });
  const found = await reader().readAll(JSON.stringify({ privateKey: sealed }));
  assert.deepEqual(found.get(sealed), { sealed: key });
  const other = await symmetricEncrypt({ key: "another-secret", data: "{}" });
  assert.deepEqual((await reader().readAll(`"${other}"`)).get(other), { sealed: "UNREADABLE" });
});

test("an encrypted token is replaced by its text", async () => {
  const sealed = await symmetricEncrypt({ key: SECRET, data: "access-1" });
  assert.deepEqual((await reader().readAll(`"${sealed}"`)).get(sealed), { sealed: "access-1" });
});

test("an account cookie and the cookie of a state are replaced by their contents", async () => {
  const account = await symmetricEncodeJWT({ id: "a" }, SECRET, "better-auth-account", 300);
  const { key, claims } = (await reader().cookieValue(account)).jwe;
  assert.deepEqual([key, claims.id], ["better-auth-account", "a"]);
  const state = await symmetricEncrypt({ key: SECRET, data: '{"callbackURL":"/"}' });
  assert.deepEqual(await reader().cookieValue(state), { sealed: { callbackURL: "/" } });
});

test("an id token of a provider is verified with the provider's key", async () => {
  for (const [isForged, signature] of [
    [false, "good"],
    [true, "BAD"],
  ]) {
    const token = idToken({ sub: "1" }, { isForged });
    assert.equal((await reader().readAll(token)).get(token).jwt.signature, signature);
  }
});

test("a key of an app is replaced by its base32, and backup codes by their list", async () => {
  for (const [content, expected] of [
    ["1234567890123456789012345678901_", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGFPQ"],
    ['["aaaaa-bbbbb"]', ["aaaaa-bbbbb"]],
  ]) {
    const sealed = await symmetricEncrypt({ key: SECRET, data: content });
    assert.deepEqual((await reader().readAll(`"${sealed}"`)).get(sealed), { sealed: expected });
  }
});

test("options are written as tables", () => {
  const options = { a: ["b", "c"], d: { e: 1, f: { "g h": true } }, i: {} };
  assert.equal(toml(options), 'a = ["b","c"]\n[d]\ne = 1\n[d.f]\n"g h" = true\n[i]');
});
