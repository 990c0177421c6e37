// The test vectors of docs/formats.md, with Node's standard library. Node 20 has no argon2: test_formats.py verifies it.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const vectors = async (name) =>
  JSON.parse(await readFile(new URL(`../../../docs/vectors/${name}.json`, import.meta.url), "utf8"));
const decoded = (text) => Buffer.from(text, "base64url");
const json = (text) => JSON.parse(decoded(text));
const mac = (secret, text) => crypto.createHmac("sha256", secret).update(text).digest();

test("a cookie is signed", async () => {
  const { secret, cookies, rejected } = await vectors("cookies");
  for (const { value, signature, cookie } of cookies) {
    assert.equal(mac(secret, value).toString("base64"), signature);
    assert.equal(encodeURIComponent(`${value}.${signature}`), cookie);
  }
  for (const cookie of rejected) {
    const text = decodeURIComponent(cookie);
    const dot = text.lastIndexOf(".");
    assert.notEqual(mac(secret, text.slice(0, dot)).toString("base64"), text.slice(dot + 1));
  }
});

test("a compact session cookie cache is signed JSON", async () => {
  const { secret, session, user, updatedAt, version, expiresAt, compact } = await vectors("session-data");
  const members = { session, user, updatedAt, version };
  const signature = mac(secret, JSON.stringify({ ...members, expiresAt })).toString("base64url");
  assert.equal(signature, compact.signature);
  const text = JSON.stringify({ session: members, expiresAt, signature });
  assert.equal(Buffer.from(text).toString("base64url"), compact.cookie);
});

test("a session cookie cache as a JWT is signed with the secret", async () => {
  const { secret, session, user, updatedAt, version, expiresAt, jwt } = await vectors("session-data");
  const [header, payload, signature] = jwt.cookie.split(".");
  assert.deepEqual(json(header), { alg: "HS256" });
  const times = { iat: updatedAt / 1000, exp: expiresAt / 1000 };
  assert.deepEqual(json(payload), { session, user, updatedAt, version, ...times });
  assert.equal(mac(secret, `${header}.${payload}`).toString("base64url"), signature);
});

test("an encrypted session cookie cache is decrypted", async () => {
  const { secret, session, user, updatedAt, version, expiresAt, jwe } = await vectors("session-data");
  const label = "BetterAuth.js Generated Encryption Key";
  const key = Buffer.from(crypto.hkdfSync("sha256", secret, "better-auth-session", label, 64));
  assert.equal(key.toString("base64url"), jwe.key);

  const [header, encryptedKey, iv, ciphertext, tag] = jwe.cookie.split(".");
  assert.deepEqual([json(header), encryptedKey], [{ alg: "dir", enc: "A256CBC-HS512", kid: jwe.kid }, ""]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(8 * header.length));
  const text = Buffer.concat([Buffer.from(header), decoded(iv), decoded(ciphertext), length]);
  const expected = crypto.createHmac("sha512", key.subarray(0, 32)).update(text).digest().subarray(0, 32);
  assert.ok(crypto.timingSafeEqual(expected, decoded(tag)));

  const cipher = crypto.createDecipheriv("aes-256-cbc", key.subarray(32), decoded(iv));
  const plain = Buffer.concat([cipher.update(decoded(ciphertext)), cipher.final()]);
  const { jti, iat, exp, ...members } = JSON.parse(plain);
  assert.deepEqual(members, { session, user, updatedAt, version });
  assert.deepEqual([iat, exp], [updatedAt / 1000, expiresAt / 1000]);
  assert.match(jti, /^[0-9a-f-]{36}$/);
});

test("a scrypt hash fits its password only", async () => {
  const { hashes } = await vectors("passwords");
  const scrypts = hashes.filter(({ form }) => form === "scrypt");
  assert.equal(scrypts.length, 2);
  for (const { password, wrong, hash } of scrypts) {
    const [salt, key] = hash.split(":");
    const options = { N: 16384, r: 16, p: 1, maxmem: 64 * 1024 ** 2 };
    const keyOf = (text) => crypto.scryptSync(text.normalize("NFKC"), salt, 64, options).toString("hex");
    assert.equal(keyOf(password), key);
    assert.notEqual(keyOf(wrong), key);
  }
});

/** How Node names each algorithm of a signature. */
const ALGORITHMS = {
  EdDSA: { hash: null },
  ES256: { hash: "sha256", options: { dsaEncoding: "ieee-p1363" } },
  ES512: { hash: "sha512", options: { dsaEncoding: "ieee-p1363" } },
  RS256: { hash: "sha256", options: { padding: crypto.constants.RSA_PKCS1_PADDING } },
  PS256: { hash: "sha256", options: { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } },
};

test("a JWT is verified with the key that it names", async () => {
  const { issuer, audience, claims, tokens } = await vectors("jwt");
  assert.deepEqual(tokens.map(({ alg }) => alg), Object.keys(ALGORITHMS));
  for (const { alg, jwks, token } of tokens) {
    const [header, payload, signature] = token.split(".");
    const jwk = jwks.keys.find(({ kid }) => kid === json(header).kid);
    assert.equal(json(header).alg, jwk.alg);
    const { hash, options } = ALGORITHMS[alg];
    const key = { key: crypto.createPublicKey({ key: jwk, format: "jwk" }), ...options };
    const verifies = (text) => crypto.verify(hash, Buffer.from(text), key, decoded(signature));
    assert.ok(verifies(`${header}.${payload}`), alg);
    assert.ok(!verifies(`${header}.${payload}A`), alg);
    assert.deepEqual(json(payload), claims);
    assert.deepEqual([claims.iss, claims.aud], [issuer, audience]);
  }
});
