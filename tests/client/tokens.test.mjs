// JWTs, bearer tokens and the session cookie cache, with the official client and its plugins.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { createAuthClient } from "better-auth/client";
import { jwtClient } from "better-auth/client/plugins";
import { getCookieCache } from "better-auth/cookies";
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from "jose";

import { startServer } from "./support/server.mjs";
import { member, refusal, dataOf, visitor } from "./support/visitor.mjs";

const SECRET = "a secret that only the test and its server know, 4711";
const CACHE = "better-auth.session_data";
const MINUTE = 60;

let server;
before(async () => {
  server = await startServer({
    environment: {
      BETTER_AUTH_SECRET: SECRET,
      PORTCULLIS_PLUGINS__BEARER__ENABLED: "true",
      PORTCULLIS_PLUGINS__JWT__ENABLED: "true",
      PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED: "true",
    },
  });
});
after(() => server?.stop());

const withJwt = { plugins: [jwtClient()] };
const keySet = () => createRemoteJWKSet(new URL(`${server.origin}/api/auth/jwks`));
const ours = () => ({ issuer: server.origin, audience: server.origin });

/** A user as in the claims of a JWT: dates are text. */
function claimed(user) {
  return JSON.parse(JSON.stringify(user));
}

test("a JWT is verified with the published keys and contains the user", async () => {
  const { auth, user } = await member(server, withJwt);

  const { token } = dataOf(await auth.token());
  const { payload, protectedHeader } = await jwtVerify(token, keySet(), ours());

  const { iat, exp, iss, aud, sub, ...rest } = payload;
  assert.deepEqual(rest, claimed(user));
  assert.deepEqual([iss, aud, sub, exp - iat], [server.origin, server.origin, user.id, 15 * MINUTE]);
  const { keys } = dataOf(await auth.jwks());
  assert.equal(protectedHeader.alg, "EdDSA");
  assert.deepEqual(
    keys.map(({ kid, alg, kty, crv }) => [kid, alg, kty, crv]),
    [[protectedHeader.kid, "EdDSA", "OKP", "Ed25519"]],
  );
  assert.ok(keys.every((key) => !("d" in key)), "no private key is published");
});

test("a JWT that was changed or has another audience is rejected", async () => {
  const { auth } = await member(server, withJwt);
  const { token } = dataOf(await auth.token());
  const [header, payload, signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: "another user" })).toString("base64url");

  await assert.rejects(
    jwtVerify([header, forged, signature].join("."), keySet(), ours()),
    errors.JWSSignatureVerificationFailed,
  );
  await assert.rejects(
    jwtVerify(token, keySet(), { ...ours(), audience: "https://other.example" }),
    errors.JWTClaimValidationFailed,
  );
});

test("get-session returns a JWT header if it read the session from the database", async () => {
  const { auth, user } = await member(server, withJwt);
  let token;
  const onSuccess = ({ response }) => void (token = response.headers.get("set-auth-jwt"));

  dataOf(await auth.getSession({ query: { disableCookieCache: true }, fetchOptions: { onSuccess } }));

  assert.equal((await jwtVerify(token, keySet(), ours())).payload.sub, user.id);
  assert.equal(decodeProtectedHeader(token).alg, "EdDSA");
});

test("a client without a session gets no JWT", async () => {
  const { status } = await refusal(visitor(server, withJwt).auth.token());
  assert.equal(status, 401);
});

/** A client that stores no cookies and sends this bearer token. */
function bearer(token) {
  return createAuthClient({
    baseURL: server.origin,
    plugins: [jwtClient()],
    fetchOptions: { auth: { type: "Bearer", token: () => token } },
  });
}

test("a bearer token works like the session cookie until the session ends", async () => {
  const { person, user } = await member(server);
  let token;
  const onSuccess = ({ response }) => void (token = response.headers.get("set-auth-token"));
  const { auth } = visitor(server);
  const { email, password } = person;
  const signedIn = dataOf(await auth.signIn.email({ email, password, fetchOptions: { onSuccess } }));
  const program = bearer(token);

  assert.ok(token.startsWith(`${signedIn.token}.`));
  const { session, user: seen } = dataOf(await program.getSession());
  assert.deepEqual([session.token, seen.id], [signedIn.token, user.id]);
  assert.equal((await jwtVerify(dataOf(await program.token()).token, keySet(), ours())).payload.sub, user.id);
  assert.equal(dataOf(await program.listSessions()).length, 2);
  assert.deepEqual(dataOf(await program.signOut()), { success: true });
  assert.deepEqual(await program.getSession(), { data: null, error: null });
  assert.equal((await refusal(program.listSessions())).status, 401);
});

test("a forged bearer token has no session", async () => {
  const { token } = await member(server);
  const program = bearer(`${token}.${"A".repeat(43)}=`);
  assert.deepEqual(await program.getSession(), { data: null, error: null });
  assert.equal((await refusal(program.listSessions())).status, 401);
});

test("the official package reads the session cookie cache", async () => {
  const { jar, user, token } = await member(server);
  const headers = new Headers({ cookie: `${CACHE}=${jar.cookie(CACHE).value}` });

  const read = await getCookieCache(headers, { secret: SECRET, isSecure: false });

  assert.deepEqual([read.session.token, read.user.id], [token, user.id]);
  assert.deepEqual(claimed(read.user), claimed(user));
  assert.equal(await getCookieCache(headers, { secret: `${SECRET}!`, isSecure: false }), null);
  assert.equal(jar.cookie(CACHE).attributes["max-age"], "300");
});

test("the session cookie cache of a revoked session answers get-session and no other route", async () => {
  const { auth, jar, person, user } = await member(server);
  const elsewhere = visitor(server);
  const { email, password } = person;
  dataOf(await elsewhere.auth.signIn.email({ email, password }));

  assert.deepEqual(dataOf(await elsewhere.auth.revokeOtherSessions()), { status: true });

  assert.equal(dataOf(await auth.getSession()).user.id, user.id);
  assert.equal((await refusal(auth.listSessions())).status, 401);
  assert.deepEqual(await auth.getSession({ query: { disableCookieCache: true } }), { data: null, error: null });
  assert.deepEqual(jar.names, []);
});
