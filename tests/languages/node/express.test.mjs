// docs/guides/node.md: its API runs, and does what the page says.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import pg from "pg";

import { startPostgres } from "../../support/postgres.mjs";
import { openGuide } from "../support/guide.mjs";
import { API, PAGES, PASSWORD, cookieOf, jwtOf, post, signUp } from "../support/people.mjs";

let postgres, guide, server, database, listener, api;
before(async () => {
  postgres = await startPostgres();
  const environment = { DATABASE_URL: postgres.url, PORTCULLIS_RATE_LIMIT__ENABLED: "true" };
  const modules = fileURLToPath(new URL("node_modules", import.meta.url));
  guide = await openGuide("node.md", { environment, modules });
  server = guide.server;
  database = new pg.Pool({ connectionString: postgres.url });
  database.on("error", () => {}); // the end of PostgreSQL may reach a connection that is being closed
  await database.query(await readFile(path.join(guide.folder, "orders.sql"), "utf8"));
  process.env.DATABASE_URL = postgres.url;
  const { app } = await import(pathToFileURL(path.join(guide.folder, "app.mjs")));
  listener = app.listen(0, "127.0.0.1");
  await once(listener, "listening");
  api = `http://localhost:${listener.address().port}`;
});
after(async () => {
  listener?.closeAllConnections();
  listener?.close();
  await database?.end();
  await guide?.close();
  await postgres?.stop();
});

/** A new user, from an address of the user's own. */
let people = 0;
function member() {
  people += 1;
  return signUp(server, "Ada", { "x-forwarded-for": `203.0.113.${people}` });
}

const get = (route, headers = {}) => fetch(`${api}${route}`, { headers });
const send = (route, body, headers = {}) => post(`${api}${route}`, body, { origin: PAGES, ...headers });
const bearer = (token) => ({ authorization: `Bearer ${token}` });

test("a JWT names its user, with declared fields", async () => {
  const ada = await member();
  const response = await get("/me", bearer(await jwtOf(server, ada, API)));
  assert.deepEqual(await response.json(), { id: ada.user.id, email: ada.email, plan: "free" });
  const others = [{}, bearer("x"), bearer(ada.token), bearer(await jwtOf(server, ada))];
  for (const headers of others) assert.equal((await get("/me", headers)).status, 401);
});

test("a session is accepted by cookie and by bearer token, and ends everywhere at once", async () => {
  const ada = await member();
  const jwt = await jwtOf(server, ada, API);
  await database.query(`UPDATE "user" SET "plan" = 'paid' WHERE "id" = $1`, [ada.user.id]);
  for (const headers of [{ cookie: ada.cookie }, bearer(ada.token)]) {
    const response = await get("/profile", headers);
    assert.deepEqual(await response.json(), { id: ada.user.id, name: "Ada", plan: "paid" });
  }
  for (const headers of [{}, { cookie: "a=b" }, bearer("x")])
    assert.equal((await get("/profile", headers)).status, 401);

  const ended = await send("/sign-out-everywhere", {}, { cookie: ada.cookie });
  assert.deepEqual([ended.status, await ended.json()], [200, { status: true }]);
  for (const headers of [{ cookie: ada.cookie }, bearer(ada.token)])
    assert.equal((await get("/profile", headers)).status, 401);
  assert.equal((await get("/me", bearer(jwt))).status, 200, "a JWT is valid until it expires");
});

test("orders belong to their user", async () => {
  const [ada, grace] = [await member(), await member()];
  assert.equal((await send("/orders", { item: "book" }, { cookie: ada.cookie })).status, 201);
  assert.equal((await send("/orders", {}, { cookie: ada.cookie })).status, 400);
  const orders = async ({ cookie }) => (await get("/orders", { cookie })).json();
  assert.deepEqual(await orders(ada), [{ item: "book", customer: "Ada" }]);
  assert.deepEqual(await orders(grace), []);
});

test("pages of other sites cannot change anything, and cannot read", async () => {
  const { cookie } = await member();
  const order = (headers) => post(`${api}/orders`, { item: "book" }, { cookie, ...headers });
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
    { "sec-fetch-site": "same-site" },
  ])
    assert.equal((await order(headers)).status, 403, JSON.stringify(headers));
  for (const headers of [{}, { origin: PAGES }, { "sec-fetch-site": "same-origin" }])
    assert.equal((await order(headers)).status, 201, JSON.stringify(headers));

  const allowed = async (origin) => (await get("/me", { origin })).headers.get("access-control-allow-origin");
  assert.deepEqual([await allowed(PAGES), await allowed("https://evil.example")], [PAGES, null]);
  const preflight = await fetch(`${api}/orders`, { method: "OPTIONS", headers: { origin: PAGES } });
  assert.equal(preflight.status, 204);
});

test("a forwarded sign-in is limited by the user's address, and sets the user's cookies", async () => {
  const ada = await member();
  const signIn = (address, password = PASSWORD) =>
    send("/sign-in", { email: ada.email, password }, { "x-forwarded-for": address });
  const response = await signIn("198.51.100.1");
  assert.equal(response.status, 200);
  assert.equal((await get("/profile", { cookie: cookieOf(response) })).status, 200);
  const addresses = `SELECT "ipAddress" FROM "session" WHERE "userId" = $1`;
  const { rows } = await database.query(addresses, [ada.user.id]);
  assert.ok(rows.some(({ ipAddress }) => ipAddress === "198.51.100.1"), JSON.stringify(rows));

  const wrong = await signIn("198.51.100.2", "wrong password");
  assert.deepEqual([wrong.status, (await wrong.json()).code], [401, "INVALID_EMAIL_OR_PASSWORD"]);
  for (let count = 0; count < 3; count += 1) await signIn("198.51.100.3");
  const limited = await signIn("198.51.100.3");
  assert.equal(limited.status, 429);
  assert.ok(Number(limited.headers.get("retry-after")) > 0);
  assert.equal((await signIn("198.51.100.4")).status, 200, "another user is not limited");
  const foreign = await send("/sign-in", { email: ada.email, password: PASSWORD }, { origin: "https://evil.example" });
  assert.equal(foreign.status, 403);
});

test("the session is renewed only by the route that returns its cookies", async () => {
  const { cookie, user } = await member();
  const expires = async () => {
    const { rows } = await database.query(`SELECT "expiresAt" FROM "session" WHERE "userId" = $1`, [user.id]);
    return rows[0].expiresAt.getTime();
  };
  const age = `UPDATE "session" SET "expiresAt" = "expiresAt" - interval '2 days' WHERE "userId" = $1`;
  await database.query(age, [user.id]);
  const old = await expires();
  assert.equal((await get("/profile", { cookie })).status, 200);
  assert.equal(await expires(), old);
  const response = await get("/session", { cookie });
  assert.equal((await response.json()).user.id, user.id);
  assert.match(response.headers.getSetCookie().join(), /session_token=/);
  assert.ok((await expires()) > old);
});

test("an outage is neither a sign-in nor a sign-out", async () => {
  const ada = await member();
  const jwt = await jwtOf(server, ada, API);
  assert.equal((await get("/me", bearer(jwt))).status, 200);
  await guide.close();
  guide = undefined;
  for (const route of ["/profile", "/orders", "/session"])
    assert.equal((await get(route, { cookie: ada.cookie })).status, 503, route);
  assert.equal((await send("/sign-in", { email: ada.email, password: PASSWORD })).status, 503);
  assert.equal((await get("/me", bearer(jwt))).status, 200, "the keys are cached");
});
