// The unchanged official Expo client, in Node.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { inBrowser, installation } from "./support/expo/app.mjs";
import { opened } from "./support/expo/modules.mjs";
import { linkFor } from "./support/inbox.mjs";
import { startServer } from "./support/server.mjs";
import { PASSWORD, dataOf, newcomer, refusal } from "./support/visitor.mjs";

const SESSION = "better-auth.session_token";

let server;
before(async () => {
  server = await startServer({
    trustedOrigins: ["myapp://", "https://app.example.com"],
    environment: {
      PORTCULLIS_PLUGINS__EXPO__ENABLED: "true",
      PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP: "true",
      PORTCULLIS_EMAIL_VERIFICATION__AUTO_SIGN_IN_AFTER_VERIFICATION: "true",
    },
  });
});
after(() => server?.stop());

/** Signs a new user up in a new installation of the application. */
async function member(changes) {
  const app = installation(server);
  const person = newcomer(changes);
  const { user } = dataOf(await app.auth.signUp.email(person));
  return { ...app, person, user };
}

test("an application signs a user up and stores the session", async () => {
  const { auth, user, requests } = await member();

  assert.match(auth.getCookie(), new RegExp(`^${SESSION}=`));
  const { data } = await auth.getSession();
  assert.equal(data.user.id, user.id);
  const { headers } = requests.at(-1);
  assert.equal(headers.get("expo-origin"), "myapp://");
  assert.equal(headers.get("origin"), null);
  assert.equal(headers.get("cookie"), auth.getCookie());
});

test("the stored cookie authenticates the application's own requests", async () => {
  const { auth, user } = await member();
  const response = await fetch(`${server.origin}/api/auth/get-session`, { headers: { cookie: auth.getCookie() } });
  assert.equal((await response.json()).user.id, user.id);
});

test("a signed-in application changes its user", async () => {
  const { auth } = await member();
  assert.deepEqual(dataOf(await auth.updateUser({ name: "Grace" })), { status: true });
  assert.equal(dataOf(await auth.getSession()).user.name, "Grace");
});

test("a user signs out and in again", async () => {
  const { auth, person, user } = await member();
  const cookie = auth.getCookie();

  assert.deepEqual(dataOf(await auth.signOut()), { success: true });

  // The client keeps the names of cookies that the server cleared.
  assert.match(auth.getCookie(), /^(better-auth\.\w+=(; |$))+$/);
  assert.equal(dataOf(await auth.getSession()), null);
  const replayed = await fetch(`${server.origin}/api/auth/get-session`, { headers: { cookie } });
  assert.equal(await replayed.json(), null);

  dataOf(await auth.signIn.email({ email: person.email, password: PASSWORD }));
  assert.equal(dataOf(await auth.getSession()).user.id, user.id);
});

test("an application with another scheme is rejected", async () => {
  const { auth } = installation(server, { scheme: "otherapp" });
  assert.equal((await refusal(auth.signUp.email(newcomer()))).code, "INVALID_ORIGIN");
});

test("a verification link opens the application, which is then signed in", async () => {
  const { person, user } = await member({ callbackURL: "/welcome" });
  const link = await linkFor(server, "verify-email", person.email);
  assert.equal(link.searchParams.get("callbackURL"), "myapp://welcome");

  const { status, location } = await inBrowser(link);

  assert.equal(status, 302);
  assert.match(location, /^myapp:\/\/welcome\?cookie=/);
  const other = installation(server);
  other.open(location);
  assert.match(other.auth.getCookie(), new RegExp(`^${SESSION}=`));
  const data = dataOf(await other.auth.getSession());
  assert.deepEqual([data.user.id, data.user.emailVerified], [user.id, true]);
});

test("a web page that a verification link opens receives no cookie", async () => {
  const { person } = await member({ callbackURL: "https://app.example.com/welcome" });
  const { location } = await inBrowser(await linkFor(server, "verify-email", person.email));
  assert.equal(location, "https://app.example.com/welcome");
});

test("the authorization proxy receives the URL that the client opens in a browser", async () => {
  const { auth, person } = await member();
  dataOf(await auth.signIn.email({ email: person.email, password: PASSWORD, callbackURL: "/home" }));

  const { url, returnsTo } = opened.at(-1);
  assert.equal(url.origin + url.pathname, `${server.origin}/api/auth/expo-authorization-proxy`);
  assert.equal(returnsTo, "myapp://home");
  // The application itself is no authorization server.
  assert.equal((await fetch(url, { redirect: "manual" })).status, 400);

  url.searchParams.set("authorizationURL", "https://github.com/login/oauth/authorize?state=abc");
  const answer = await fetch(url, { redirect: "manual" });
  assert.equal(answer.headers.get("location"), "https://github.com/login/oauth/authorize?state=abc");
  assert.match(answer.headers.get("set-cookie"), /^better-auth\.state=abc\./);
});
