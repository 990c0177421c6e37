// docs/guides/go.md: its API runs, and does what the page says.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import http from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { ended, freePort } from "../../support/process.mjs";
import { build } from "../support/go.mjs";
import { openGuide } from "../support/guide.mjs";
import { API, PAGES, PASSWORD, cookieOf, jwtOf, post, signUp } from "../support/people.mjs";

let guide, server, program, api;
before(async () => {
  guide = await openGuide("go.md");
  server = guide.server;
  const port = await freePort();
  api = `http://127.0.0.1:${port}`;
  const environment = { ...process.env, LISTEN: `127.0.0.1:${port}` };
  program = spawn(await build(guide.folder), { env: environment, stdio: "inherit" });
  while (!(await fetch(api).catch(() => null))) await sleep(50);
});
after(async () => {
  program?.kill();
  if (program) await ended(program);
  await guide?.close();
});

const get = (route, headers = {}) => fetch(`${api}${route}`, { headers });
const send = (route, body, headers = {}) => post(`${api}${route}`, body, { origin: PAGES, ...headers });
const bearer = (token) => ({ authorization: `Bearer ${token}` });

test("a JWT names its user, with declared fields", async () => {
  const ada = await signUp(server);
  const response = await get("/me", bearer(await jwtOf(server, ada, API)));
  assert.deepEqual(await response.json(), { sub: ada.user.id, email: ada.email, plan: "free" });
  const others = [{}, bearer("x"), bearer(ada.token), bearer(await jwtOf(server, ada))];
  for (const headers of others) assert.equal((await get("/me", headers)).status, 401);
});

test("a session is accepted by cookie and by bearer token, and ends everywhere at once", async () => {
  const ada = await signUp(server);
  const jwt = await jwtOf(server, ada, API);
  for (const headers of [{ cookie: ada.cookie }, bearer(ada.token)]) {
    const response = await get("/profile", headers);
    assert.deepEqual(await response.json(), { id: ada.user.id, name: "Ada", plan: "free" });
  }
  for (const headers of [{}, { cookie: "a=b" }, bearer("x")])
    assert.equal((await get("/profile", headers)).status, 401);
  const current = await get("/session", { cookie: ada.cookie });
  assert.equal((await current.json()).user.id, ada.user.id);

  const ended = await send("/sign-out-everywhere", {}, { cookie: ada.cookie });
  assert.deepEqual([ended.status, await ended.json()], [200, { status: true }]);
  for (const headers of [{ cookie: ada.cookie }, bearer(ada.token)])
    assert.equal((await get("/profile", headers)).status, 401);
  assert.equal((await get("/me", bearer(jwt))).status, 200, "a JWT is valid until it expires");
});

test("pages of other sites cannot change anything, and cannot read", async () => {
  const { cookie } = await signUp(server);
  const signOut = (headers) => post(`${api}/sign-out-everywhere`, {}, { cookie, ...headers });
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
    { "sec-fetch-site": "same-site" },
  ])
    assert.equal((await signOut(headers)).status, 403, JSON.stringify(headers));
  assert.equal((await get("/profile", { cookie })).status, 200);
  const allowed = async (origin) => (await get("/me", { origin })).headers.get("access-control-allow-origin");
  assert.deepEqual([await allowed(PAGES), await allowed("https://evil.example")], [PAGES, null]);
});

test("a forwarded sign-in has the user's address, and sets the user's cookies", async () => {
  const { email } = await signUp(server);
  const response = await send("/sign-in", { email, password: PASSWORD });
  assert.equal(response.status, 200);
  assert.equal((await get("/profile", { cookie: cookieOf(response) })).status, 200);
  const wrong = await send("/sign-in", { email, password: "wrong password" });
  assert.deepEqual([wrong.status, (await wrong.json()).code], [401, "INVALID_EMAIL_OR_PASSWORD"]);

  const cookie = await signInFrom("127.0.0.9", email);
  const { session } = await (await get("/session", { cookie })).json();
  assert.equal(session.ipAddress, "127.0.0.9");
});

/** Signs in at the API from another address of this machine, and returns the cookies. */
function signInFrom(localAddress, email) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const request = http.request(`${api}/sign-in`, { method: "POST", localAddress, headers }, (response) => {
      response.resume();
      resolve((response.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; "));
    });
    request.on("error", reject).end(JSON.stringify({ email, password: PASSWORD }));
  });
}

test("an outage is neither a sign-in nor a sign-out", async () => {
  const ada = await signUp(server);
  const jwt = await jwtOf(server, ada, API);
  assert.equal((await get("/me", bearer(jwt))).status, 200);
  await guide.close();
  guide = undefined;
  for (const route of ["/profile", "/session"])
    assert.equal((await get(route, { cookie: ada.cookie })).status, 503, route);
  assert.equal((await send("/sign-in", { email: ada.email, password: PASSWORD })).status, 503);
  assert.equal((await get("/me", bearer(jwt))).status, 200, "the keys are cached");
});
