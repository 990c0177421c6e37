// Sign-in with an independent OpenID provider, which is found by discovery, with the official client.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { genericOAuthClient } from "better-auth/client/plugins";
import { createRemoteJWKSet, jwtVerify } from "jose";

import { openIndependent } from "./support/independent.mjs";
import { Jar } from "./support/jar.mjs";
import { startServer } from "./support/server.mjs";
import { dataOf, visitor as visitorOf } from "./support/visitor.mjs";

/** How the server authenticates itself at the token endpoint, by the id of the provider. */
const AUTHENTICATION = { independent: "post", basic: "basic" };
/** The server sends a secret in the header as Better Auth does: without the encoding of OAuth 2.0. */
const SECRETS = { post: "100% +a:b&=", basic: "a secret of the client, 4711" };
const PARALLEL = 6;

let independent, server;
before(async () => {
  independent = await openIndependent();
  const providers = Object.entries(AUTHENTICATION).map(([id, authentication]) => [id, section(authentication)]);
  server = await startServer({
    configuration: {
      oauth_client: { allowed_hosts: [new URL(independent.issuer).host] },
      plugins: { generic_oauth: { providers: Object.fromEntries(providers) } },
    },
  });
  independent.serve(Object.entries(AUTHENTICATION).map(client));
});
after(() => Promise.all([server?.stop(), independent?.stop()]));

/** The section of the server's configuration. */
function section(authentication) {
  return {
    client_id: `client-${authentication}`,
    client_secret: SECRETS[authentication],
    discovery_url: `${independent.issuer}/.well-known/openid-configuration`,
    scopes: ["openid", "email", "profile", "offline_access"],
    prompt: "consent",
    issuer: independent.issuer,
    require_issuer_validation: true,
    authentication,
  };
}

/** The registration at the provider. */
function client([id, authentication]) {
  return {
    client_id: `client-${authentication}`,
    client_secret: SECRETS[authentication],
    grant_types: ["authorization_code", "refresh_token"],
    redirect_uris: [`${server.origin}/api/auth/oauth2/callback/${id}`],
    token_endpoint_auth_method: `client_secret_${authentication}`,
  };
}

/** Follows redirects with the cookies of the provider, up to the callback, and returns that. */
async function agreed(start) {
  const jar = new Jar(independent.issuer);
  for (let url = start; ; ) {
    if (!url.startsWith(independent.issuer)) return url;
    const response = await jar.fetch(url, { redirect: "manual" });
    const location = response.headers.get("location");
    if (!location) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    url = new URL(location, url).href;
  }
}

/** Signs a new user in, in a new browser. */
async function signedIn(providerId = "independent", changes = {}) {
  const sub = randomUUID();
  const profile = { name: "Ada", picture: "https://pictures.test/ada.png" };
  const claims = { sub, email: `${sub}@example.com`, email_verified: true, ...profile };
  Object.assign(independent.account, claims, changes);
  const guest = visitorOf(server, { plugins: [genericOAuthClient()] });
  const { url } = dataOf(await guest.auth.signIn.oauth2({ providerId, callbackURL: "/welcome" }));
  const callback = await agreed(url);
  const response = await guest.jar.fetch(callback, { redirect: "manual" });
  independent.grants.splice(0);
  return { ...guest, claims, callback: new URL(callback), location: response.headers.get("location") };
}

for (const [providerId, authentication] of Object.entries(AUTHENTICATION)) {
  test(`a user signs in, and the server authenticates itself by ${authentication}`, async () => {
    const { auth, claims, callback, location } = await signedIn(providerId);

    assert.equal(location, "/welcome");
    assert.equal(callback.searchParams.get("iss"), independent.issuer);
    const { user } = dataOf(await auth.getSession());
    assert.deepEqual(
      [user.email, user.emailVerified, user.name, user.image],
      [claims.email, true, claims.name, claims.picture],
    );
    const [account] = dataOf(await auth.listAccounts());
    assert.deepEqual([account.providerId, account.accountId], [providerId, claims.sub]);
    assert.deepEqual(account.scopes.sort(), ["email", "offline_access", "openid", "profile"]);
    dataOf(await auth.refreshToken({ providerId }));
  });
}

test("a returning user is the same user", async () => {
  const first = await signedIn();
  const again = await signedIn("independent", first.claims);
  const [before, now] = await Promise.all([first, again].map(async ({ auth }) => dataOf(await auth.getSession()).user));
  assert.equal(now.id, before.id);
});

test("each refresh returns other tokens, with the refresh token of the previous one", async () => {
  const { auth, claims } = await signedIn();
  const seen = new Set();
  for (let round = 0; round < 3; round += 1) {
    const { refreshToken, accessToken, idToken } = dataOf(await auth.refreshToken({ providerId: "independent" }));
    seen.add(refreshToken).add(accessToken);
    const keys = createRemoteJWKSet(new URL(`${independent.issuer}/jwks`));
    const { payload } = await jwtVerify(idToken, keys, { issuer: independent.issuer, audience: "client-post" });
    assert.equal(payload.sub, claims.sub);
  }
  assert.equal(seen.size, 6);
  assert.deepEqual(independent.grants, Array(3).fill(["refresh_token"]));
});

test("parallel requests for an expired access token refresh it once", async () => {
  const { auth } = await signedIn();

  const answers = await Promise.all(
    Array.from({ length: PARALLEL }, () => auth.getAccessToken({ providerId: "independent" })),
  );

  const tokens = new Set(answers.map((answer) => dataOf(answer).accessToken));
  assert.equal(tokens.size, 1);
  assert.deepEqual(independent.grants, [["refresh_token"]]);
});

test("the caller reads what the provider says of the account now", async () => {
  const { auth, claims } = await signedIn();
  independent.account.name = "Countess of Lovelace";

  const { user, data } = dataOf(await auth.accountInfo({ query: { accountId: claims.sub } }));

  assert.deepEqual([user.id, user.email, user.name], [claims.sub, claims.email, "Countess of Lovelace"]);
  assert.equal(data.sub, claims.sub);
});

test("an answer of another issuer is rejected", async () => {
  const guest = visitorOf(server, { plugins: [genericOAuthClient()] });
  const { url } = dataOf(await guest.auth.signIn.oauth2({ providerId: "independent", callbackURL: "/welcome" }));
  const callback = new URL(await agreed(url));
  callback.searchParams.set("iss", "https://another.test");

  const response = await guest.jar.fetch(callback, { redirect: "manual" });

  assert.match(response.headers.get("location"), /[?&]error=issuer_mismatch/);
  assert.deepEqual(await guest.auth.getSession(), { data: null, error: null });
});

test("a callback that is opened again starts no session", async () => {
  const { callback, jar } = await signedIn();
  const response = await jar.fetch(callback, { redirect: "manual" });
  assert.match(response.headers.get("location"), /[?&]error=please_restart_the_process/);
});

test("when the provider has revoked the grant, the refresh is rejected and the session goes on", async () => {
  const { auth } = await signedIn();
  const { refreshToken } = dataOf(await auth.refreshToken({ providerId: "independent" }));
  const form = { token: refreshToken, client_id: "client-post", client_secret: SECRETS.post };
  const revoked = await fetch(`${independent.issuer}/token/revocation`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  assert.equal(revoked.status, 200);

  const { error } = await auth.refreshToken({ providerId: "independent" });

  assert.deepEqual([error.status, error.code], [400, "FAILED_TO_REFRESH_ACCESS_TOKEN"]);
  assert.ok(dataOf(await auth.getSession()).user);
});
