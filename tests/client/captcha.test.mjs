// Captchas, with the official client.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startServer } from "./support/server.mjs";
import { startService } from "./support/service.mjs";
import { PASSWORD, dataOf, newcomer, refusal, visitor } from "./support/visitor.mjs";

const MISSING = { status: 400, code: undefined, message: "Missing CAPTCHA response" };
const REJECTED = { status: 403, code: undefined, message: "Captcha verification failed" };
const UNAVAILABLE = { status: 500, code: undefined, message: "Something went wrong" };

let server;
let service;
before(async () => {
  service = await startService((path, body) => {
    const { secret, response } = JSON.parse(body);
    return response === "down" ? [503, {}] : [200, { success: secret === "secret" && response === "solved" }];
  });
  const captcha = {
    provider: "cloudflare-turnstile",
    secret_key: "secret",
    site_verify_url_override: `${service.origin}/siteverify`,
    allowed_hosts: [service.host],
  };
  server = await startServer({ configuration: { plugins: { captcha } } });
});
after(async () => {
  service?.stop();
  await server?.stop();
});

const solving = (response) => ({ headers: { "x-captcha-response": response } });

test("a user signs up, signs in and asks for a reset with a captcha", async () => {
  const person = newcomer();
  const { auth } = visitor(server);
  dataOf(await auth.signUp.email(person, solving("solved")));
  const other = visitor(server).auth;
  dataOf(await other.signIn.email({ email: person.email, password: PASSWORD }, solving("solved")));
  assert.equal(dataOf(await other.getSession()).user.email, person.email);
  dataOf(await other.requestPasswordReset({ email: person.email, redirectTo: "/new" }, solving("solved")));
  dataOf(await other.signOut());
});

test("without a captcha, or with a wrong one, nothing happens", async () => {
  const person = newcomer();
  const { auth, jar } = visitor(server);
  assert.deepEqual(await refusal(auth.signUp.email(person)), MISSING);
  assert.deepEqual(await refusal(auth.signUp.email(person, solving("guessed"))), REJECTED);
  assert.deepEqual(await refusal(auth.signUp.email(person, solving("down"))), UNAVAILABLE);
  assert.deepEqual(await refusal(auth.requestPasswordReset({ email: person.email })), MISSING);
  dataOf(await auth.signUp.email(person, solving("solved")));
  const email = { email: person.email, password: PASSWORD };
  assert.deepEqual(await refusal(visitor(server).auth.signIn.email(email)), MISSING);
  assert.equal(jar.cookie("better-auth.session_token").attributes["max-age"], "604800");
});
