// docs/guides/api-keys.md: its API for Express runs, and does what the page says.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { openGuide } from "../support/guide.mjs";
import { post, signUp } from "../support/people.mjs";

const SECRET = "the-secret-of-the-service-that-has-the-orders";
const BACKEND_SECRET = "the-secret-of-the-backend-that-creates-keys";

let guide, server, listener, api;
before(async () => {
  const modules = fileURLToPath(new URL("node_modules", import.meta.url));
  const environment = {
    PORTCULLIS_CLIENTS__BACKEND__ADMINISTRATOR: "true",
    PORTCULLIS_CLIENTS__BACKEND__SECRET: BACKEND_SECRET,
    PORTCULLIS_CLIENTS__ORDERS__SECRET: SECRET,
    PORTCULLIS_PLUGINS__API_KEY__RATE_LIMIT__MAX_REQUESTS: "5",
  };
  guide = await openGuide("api-keys.md", { environment, modules });
  server = guide.server;
  process.env.CLIENT_SECRET = SECRET;
  const { app } = await import(pathToFileURL(path.join(guide.folder, "app.mjs")));
  listener = app.listen(0, "127.0.0.1");
  await once(listener, "listening");
  api = `http://localhost:${listener.address().port}`;
});
after(async () => {
  listener?.closeAllConnections();
  listener?.close();
  await guide?.close();
});

const run = (command, env) => promisify(execFile)("bash", ["-euc", command], { env: { ...process.env, ...env } });
const get = (key) => fetch(`${api}/orders`, { headers: key === undefined ? {} : { "x-api-key": key } });

/** A new user and a key. */
async function owner() {
  const { user, cookie } = await signUp(server);
  const headers = { cookie, origin: server.origin };
  const call = (route, body) => post(`${server.origin}/api/auth/api-key/${route}`, body, headers);
  const created = await (await call("create", { name: "build" })).json();
  return { user, created, call };
}

test("a key names its user", async () => {
  const { user, created } = await owner();
  const response = await get(created.key);
  assert.deepEqual([response.status, await response.json()], [200, { user: user.id, orders: [] }]);
});

test("requests without a valid key are rejected", async () => {
  const { created, call } = await owner();
  for (const key of [undefined, "x", created.id, `${created.key}x`]) assert.equal((await get(key)).status, 401);
  await call("update", { keyId: created.id, enabled: false });
  assert.deepEqual(await (await get(created.key)).json(), { error: "API Key is disabled" });
});

test("a key without the permission is rejected", async () => {
  const { created } = await owner();
  const response = await post(`${api}/orders`, {}, { "x-api-key": created.key });
  assert.equal(response.status, 403);
});

test("a key that was used too often is rejected until later", async () => {
  const { created } = await owner();
  for (let number = 1; number <= 5; number += 1) assert.equal((await get(created.key)).status, 200);
  const response = await get(created.key);
  assert.equal(response.status, 429);
  assert.ok(Number(response.headers.get("retry-after")) > 0);
});

test("the commands of the page create and verify a key", async () => {
  const { user } = await owner();
  const [creation, verification] = guide.blocks.filter(({ language }) => language === "sh");
  const created = JSON.parse((await run(creation.content, { BACKEND_SECRET, USER_ID: user.id })).stdout);
  const { stdout } = await run(verification.content, { CLIENT_SECRET: SECRET, KEY: created.key });
  const { valid, error, key } = JSON.parse(stdout);
  const permissions = { orders: ["read", "write"] };
  assert.deepEqual([valid, error, key.userId, key.permissions], [true, null, user.id, permissions]);
  const response = await post(`${api}/orders`, {}, { "x-api-key": created.key });
  assert.equal(response.ok, true);
});

test("without an answer about the key, the API asks to try again", async () => {
  const { created } = await owner();
  await guide.server.stop();
  guide.server.stop = async () => {};
  const response = await get(created.key);
  assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "1"]);
});
