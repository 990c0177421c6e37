// Sign-in with accounts of providers, which are simulated, with the official client and its plugin.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, test } from "node:test";

import { genericOAuthClient } from "better-auth/client/plugins";

import { agreed, startProviders } from "./support/providers.mjs";
import { startServer } from "./support/server.mjs";
import { dataOf, member, refusal, visitor as visitorOf } from "./support/visitor.mjs";

const SESSION = "better-auth.session_token";
const STATE = "better-auth.state";
const NO_ID_TOKENS = { status: 404, code: "ID_TOKEN_NOT_SUPPORTED", message: "id_token not supported" };
const NO_PROVIDER = { status: 404, code: "PROVIDER_NOT_FOUND", message: "Provider not found" };
const LAST_ACCOUNT = {
  status: 400,
  code: "YOU_CANT_UNLINK_YOUR_LAST_ACCOUNT",
  message: "You can't unlink your last account",
};
const options = { plugins: [genericOAuthClient()] };
const noSession = { data: null, error: null };

let providers, server;
before(async () => {
  providers = await startProviders();
  server = await startServer({ configuration: providers.sections(["github", "google", "gitlab"]) });
});
after(() => Promise.all([server?.stop(), providers?.stop()]));

const visitor = () => visitorOf(server, options);

/** Lets a new person use the simulated providers. */
function newPerson(changes = {}) {
  const id = `${randomInt(1, 2 ** 47)}`;
  const person = { id, name: "Ada Lovelace", email: `${id}@example.com`, isVerified: true, ...changes };
  providers.provider.become(person);
  return person;
}

/** Follows a redirect to a provider, agrees there, and returns the answer to the callback. */
async function back({ jar }, { url }, decision) {
  const response = await jar.fetch(await agreed(url, decision), { redirect: "manual" });
  assert.equal(response.status, 302);
  return response.headers.get("location");
}

/** Signs a person in with a provider, in a new browser. */
async function signedIn(provider, changes) {
  const [person, guest] = [newPerson(changes), visitor()];
  const location = await back(guest, dataOf(await guest.auth.signIn.social({ provider, callbackURL: "/welcome" })));
  assert.equal(location, "/welcome");
  return { ...guest, person };
}

/** The ids of the caller's accounts, by provider. */
async function accounts({ auth }) {
  const list = dataOf(await auth.listAccounts());
  return Object.fromEntries(list.map(({ providerId, accountId }) => [providerId, accountId]));
}

for (const provider of ["github", "google"]) {
  test(`a new user signs in with ${provider} by a redirect`, async () => {
    const [person, guest] = [newPerson(), visitor()];

    const data = dataOf(await guest.auth.signIn.social({ provider, callbackURL: "/welcome" }));
    const { origin, searchParams } = new URL(data.url);

    assert.deepEqual(Object.keys(data).sort(), ["redirect", "url"]);
    assert.equal(data.redirect, true);
    assert.equal(origin, providers.origin);
    assert.equal(searchParams.get("client_id"), `${provider}-id`);
    assert.equal(searchParams.get("redirect_uri"), `${server.origin}/api/auth/callback/${provider}`);
    assert.deepEqual(guest.jar.names, [STATE]);
    assert.equal(await back(guest, data), "/welcome");
    assert.ok(guest.jar.names.includes(SESSION));
    const { user } = dataOf(await guest.auth.getSession());
    assert.deepEqual([user.name, user.email, user.emailVerified], [person.name, person.email, true]);
    assert.deepEqual(await accounts(guest), { [provider]: person.id });
  });
}

test("a returning user is the same user, and only a new one returns to newUserCallbackURL", async () => {
  const person = newPerson();
  const arrivals = [];
  for (const guest of [visitor(), visitor()]) {
    const data = dataOf(
      await guest.auth.signIn.social({ provider: "github", callbackURL: "/home", newUserCallbackURL: "/new" }),
    );
    arrivals.push(await back(guest, data));
    arrivals.push(dataOf(await guest.auth.getSession()).user.email);
  }
  assert.deepEqual(arrivals, ["/new", person.email, "/home", person.email]);
});

test("a user who cancels returns to errorCallbackURL without a session", async () => {
  newPerson();
  const guest = visitor();
  const data = dataOf(
    await guest.auth.signIn.social({ provider: "github", callbackURL: "/home", errorCallbackURL: "/oops" }),
  );
  assert.equal(await back(guest, data, "cancel"), "/oops?error=access_denied");
  assert.deepEqual(await guest.auth.getSession(), noSession);
});

test("a callback in another browser starts no session", async () => {
  newPerson();
  const [guest, other] = [visitor(), visitor()];
  const data = dataOf(await guest.auth.signIn.social({ provider: "google", callbackURL: "/home" }));
  assert.match(await back(other, data), /[?&]error=state_mismatch/);
  assert.deepEqual(await other.auth.getSession(), noSession);
});

test("a client signs a user in with an id token that it got itself", async () => {
  const [person, guest] = [newPerson(), visitor()];
  const token = providers.provider.idToken("google", { nonce: "n-4711" });

  const data = dataOf(await guest.auth.signIn.social({ provider: "google", idToken: { token, nonce: "n-4711" } }));

  assert.equal(data.redirect, false);
  assert.deepEqual([data.user.email, data.user.name], [person.email, person.name]);
  assert.equal(dataOf(await guest.auth.getSession()).session.token, data.token);
  assert.deepEqual(await accounts(guest), { google: person.id });
});

test("id tokens that are forged, expired, of another client or with another nonce are rejected", async () => {
  newPerson();
  const { provider } = providers;
  const past = Math.floor(Date.now() / 1000) - 7200;
  const guest = visitor();
  const signIn = (token, more) => guest.auth.signIn.social({ provider: "google", idToken: { token, ...more } });
  for (const answer of [
    signIn(provider.idToken("google", {}, { isForged: true })),
    signIn(provider.idToken("google", {}, { algorithm: "none" })),
    signIn(provider.idToken("google", { iat: past, exp: past + 3600 })),
    signIn(provider.idToken("google", { aud: "another" })),
    signIn(provider.idToken("google", { nonce: "a" }), { nonce: "b" }),
  ])
    assert.deepEqual(await refusal(answer), { status: 401, code: "INVALID_TOKEN", message: "Invalid token" });
  const token = provider.idToken("google");
  assert.deepEqual(await refusal(guest.auth.signIn.social({ provider: "github", idToken: { token } })), NO_ID_TOKENS);
  assert.deepEqual(guest.jar.names, []);
});

test("an unknown provider is rejected", async () => {
  const { auth } = visitor();
  assert.deepEqual(await refusal(auth.signIn.social({ provider: "discord" })), NO_PROVIDER);
});

test("a signed-in user links an account, lists it and unlinks it", async () => {
  const person = await signedIn("github");

  const data = dataOf(await person.auth.linkSocial({ provider: "google", callbackURL: "/settings" }));
  assert.equal(data.redirect, true);
  assert.equal(await back(person, data), "/settings");

  const list = dataOf(await person.auth.listAccounts());
  const { user } = dataOf(await person.auth.getSession());
  assert.deepEqual(list.map(({ providerId }) => providerId).sort(), ["github", "google"]);
  for (const { userId, accountId, scopes, createdAt } of list) {
    assert.deepEqual([userId, accountId], [user.id, person.person.id]);
    assert.ok(Array.isArray(scopes));
    assert.ok(createdAt instanceof Date);
  }
  assert.deepEqual(dataOf(await person.auth.unlinkAccount({ providerId: "google" })), { status: true });
  assert.deepEqual(await accounts(person), { github: person.person.id });
  assert.deepEqual(await refusal(person.auth.unlinkAccount({ providerId: "github" })), LAST_ACCOUNT);
});

test("a user with a password links an account with an id token", async () => {
  const guest = await member(server, options);
  const { id } = newPerson({ email: guest.person.email });
  const token = providers.provider.idToken("google");

  const data = dataOf(await guest.auth.linkSocial({ provider: "google", idToken: { token } }));

  assert.deepEqual([data.status, data.redirect], [true, false]);
  assert.equal((await accounts(guest)).google, id);
});

test("an account with another address is not linked", async () => {
  const person = await signedIn("github");
  newPerson();
  const request = { provider: "google", callbackURL: "/settings", errorCallbackURL: "/oops" };
  const location = await back(person, dataOf(await person.auth.linkSocial(request)));
  assert.equal(new URL(location, server.origin).searchParams.get("error"), "email_doesn't_match");
  assert.deepEqual(Object.keys(await accounts(person)), ["github"]);
});

test("an account is linked only by a user who is signed in", async () => {
  const { status } = await refusal(visitor().auth.linkSocial({ provider: "google" }));
  assert.equal(status, 401);
});

test("the caller reads and refreshes the tokens of an account", async () => {
  const { auth, jar } = await signedIn("google");

  const first = dataOf(await auth.getAccessToken({ providerId: "google" }));
  const renewed = dataOf(await auth.refreshToken({ providerId: "google" }));
  const second = dataOf(await auth.getAccessToken({ providerId: "google" }));

  assert.match(first.accessToken, /^access-google-\d+$/);
  assert.ok(new Date(first.accessTokenExpiresAt) > new Date());
  assert.ok(first.idToken);
  assert.notEqual(renewed.accessToken, first.accessToken);
  assert.match(renewed.refreshToken, /^refresh-google-\d+$/);
  assert.equal(second.accessToken, renewed.accessToken);
  assert.ok(jar.names.includes(SESSION));
  assert.equal((await refusal(auth.getAccessToken({ providerId: "github" }))).status, 400);
  assert.equal((await refusal(visitor().auth.getAccessToken({ providerId: "google" }))).status, 401);
});

test("the caller reads what the provider says of an account", async () => {
  const { auth, person } = await signedIn("github");

  const { user, data } = dataOf(await auth.accountInfo({ query: { accountId: person.id } }));

  // GitHub's ids are numbers.
  assert.deepEqual([user.id, user.name, user.email], [Number(person.id), person.name, person.email]);
  assert.equal(data.id, Number(person.id));
  const other = await signedIn("gitlab");
  assert.equal((await refusal(other.auth.accountInfo({ query: { accountId: person.id } }))).status, 400);
});

test("a user signs in with a provider that the deployment describes", async () => {
  const [person, guest] = [newPerson(), visitor()];

  const data = dataOf(await guest.auth.signIn.oauth2({ providerId: "company", callbackURL: "/welcome" }));
  const { searchParams } = new URL(data.url);

  assert.equal(data.redirect, true);
  assert.equal(searchParams.get("redirect_uri"), `${server.origin}/api/auth/oauth2/callback/company`);
  assert.equal(searchParams.get("code_challenge_method"), "S256");
  assert.equal(await back(guest, data), "/welcome");
  assert.equal(dataOf(await guest.auth.getSession()).user.email, person.email);
  assert.deepEqual(await accounts(guest), { company: person.id });
  const info = dataOf(await guest.auth.accountInfo({ query: { accountId: person.id } }));
  assert.equal(info.user.email, person.email);
});

test("a signed-in user links an account of such a provider", async () => {
  const person = await signedIn("github");

  const data = dataOf(await person.auth.oauth2.link({ providerId: "company", callbackURL: "/settings" }));

  assert.equal(await back(person, data), "/settings");
  assert.deepEqual(Object.keys(await accounts(person)).sort(), ["company", "github"]);
  assert.ok(dataOf(await person.auth.getAccessToken({ providerId: "company" })).accessToken);
  dataOf(await person.auth.unlinkAccount({ providerId: "company" }));
  assert.deepEqual(Object.keys(await accounts(person)), ["github"]);
});
