// docs/guides/nextjs.md: its code is that of examples/nextjs, which is built and used as by a browser.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import pg from "pg";

import { startServer } from "../../client/support/server.mjs";
import { blocksOf, writeFiles } from "../../support/examples.mjs";
import { startPostgres } from "../../support/postgres.mjs";
import { ended, freePort } from "../../support/process.mjs";
import { PASSWORD, cookieOf, jwtOf, post, signUp } from "../support/people.mjs";

const EXAMPLE = fileURLToPath(new URL("../../../examples/nextjs/", import.meta.url));
const page = await readFile(new URL("../../../docs/guides/nextjs.md", import.meta.url), "utf8");
const blocks = blocksOf(page);

let folder, postgres, database, server, program, app;
before(async () => {
  postgres = await startPostgres();
  database = new pg.Pool({ connectionString: postgres.url });
  database.on("error", () => {}); // the end of PostgreSQL may reach a connection that is being closed
  const port = await freePort();
  app = `http://localhost:${port}`;
  folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-nextjs-"));
  const own = blocksOf(page.replaceAll("https://app.example.com", app));
  await writeFiles(own.filter(({ file }) => file === "portcullis.toml"), folder);
  server = await startServer({ start: settings, environment: { DATABASE_URL: postgres.url } });
  const env = { ...process.env, PORTCULLIS: server.origin, APP: app, NEXT_TELEMETRY_DISABLED: "1" };
  const next = `${EXAMPLE}node_modules/next/dist/bin/next`;
  await promisify(execFile)(process.execPath, [next, "build"], { cwd: EXAMPLE, env });
  const options = [next, "start", "--port", port, "--hostname", "127.0.0.1"];
  program = spawn(process.execPath, options, { cwd: EXAMPLE, env, stdio: ["ignore", "ignore", "inherit"] });
  while (!(await fetch(`${app}/sign-in`).catch(() => null))) await sleep(100);
});
after(async () => {
  program?.kill();
  if (program) await ended(program);
  await server?.stop();
  await database?.end();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The configuration of the page, with the address of the application of this test. */
function settings(port) {
  return {
    variables: { PORTCULLIS_BIND: `127.0.0.1:${port}`, PORTCULLIS_RATE_LIMIT__ENABLED: "true" },
    options: ["serve", "--config", path.join(folder, "portcullis.toml")],
  };
}

test("the code of the page is that of the example", async () => {
  const shown = blocks.filter(({ language }) => language === "js");
  assert.ok(shown.length > 5);
  for (const { file, content } of shown) {
    const example = await readFile(EXAMPLE + file, "utf8");
    assert.ok(example.includes(content.replace(/^.*\n/, "").trim()), `${file} differs`);
  }
});

/** Follows no redirect, as each is looked at. */
const open = (route, headers = {}) => fetch(`${app}${route}`, { headers, redirect: "manual" });

/** Sends the form of a page as a browser without scripts does. */
async function submit(route, fields, headers = {}) {
  const html = await (await open(route, headers)).text();
  const form = new FormData();
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g))
    form.set(name, (value ?? "").replaceAll("&quot;", '"'));
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const init = { method: "POST", body: form, redirect: "manual", headers: { origin: app, ...headers } };
  return fetch(`${app}${route}`, init);
}

test("a user signs in by a server action, sees the page, and signs out everywhere", async () => {
  const ada = await signUp({ origin: app });
  const signedIn = await submit("/sign-in", { email: ada.email, password: PASSWORD });
  assert.deepEqual([signedIn.status, new URL(signedIn.headers.get("location"), app).pathname], [303, "/"]);
  const cookie = cookieOf(signedIn);
  const home = await (await open("/", { cookie })).text();
  assert.match(home, /Hello, (<!-- -->)?Ada/);
  assert.match(home, /Your plan: (<!-- -->)?free/);

  const left = await submit("/", {}, { cookie });
  assert.equal(new URL(left.headers.get("location"), app).pathname, "/sign-in");
  for (const old of [cookie, ada.cookie]) {
    const answer = await open("/", { cookie: old });
    assert.deepEqual([answer.status, new URL(answer.headers.get("location"), app).pathname], [307, "/sign-in"]);
  }
});

test("a wrong password gives a message and no cookie", async () => {
  const { email } = await signUp({ origin: app }, "Ada", { "x-forwarded-for": "203.0.113.7" });
  const refused = await submit("/sign-in", { email, password: "wrong password" }, { "x-forwarded-for": "203.0.113.8" });
  const location = refused.headers.get("location");
  assert.match(location, /error=401/);
  assert.deepEqual(refused.headers.getSetCookie(), []);
  assert.match(await (await open("/sign-in?error=401")).text(), /Wrong address or password/);
});

test("sign-ins are limited by the user's address", async () => {
  const { email } = await signUp({ origin: app }, "Ada", { "x-forwarded-for": "203.0.113.9" });
  const signIn = async (address) => {
    const answer = await submit("/sign-in", { email, password: PASSWORD }, { "x-forwarded-for": address });
    return answer.headers.get("location");
  };
  for (let count = 0; count < 3; count += 1) await signIn("203.0.113.10");
  assert.match(await signIn("203.0.113.10"), /error=429/);
  assert.doesNotMatch(await signIn("203.0.113.11"), /error/);
});

test("the page renews the session and returns its cookie", async () => {
  const { user, cookie } = await signUp({ origin: app }, "Ada", { "x-forwarded-for": "203.0.113.12" });
  const age = `UPDATE "session" SET "expiresAt" = "expiresAt" - interval '2 days' WHERE "userId" = $1`;
  await database.query(age, [user.id]);
  const answer = await open("/", { cookie });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.getSetCookie().join(), /session_token=/);
});

test("a route accepts JWTs for this application only", async () => {
  const ada = await signUp({ origin: app }, "Ada", { "x-forwarded-for": "203.0.113.13" });
  const jwt = await jwtOf({ origin: app }, ada, `${app}/api`);
  const me = (token) => open("/api/me", { authorization: `Bearer ${token}` });
  assert.deepEqual(await (await me(jwt)).json(), { id: ada.user.id, plan: "free" });
  for (const token of [`${jwt}x`, await jwtOf({ origin: app }, ada)]) assert.equal((await me(token)).status, 401);
  assert.equal((await open("/api/me")).status, 401);
});

test("forms of other sites are rejected", async () => {
  const ada = await signUp({ origin: app }, "Ada", { "x-forwarded-for": "203.0.113.14" });
  await submit("/", {}, { cookie: ada.cookie, origin: "https://evil.example" });
  assert.equal((await open("/", { cookie: ada.cookie })).status, 200);
  const evil = { cookie: ada.cookie, origin: "https://evil.example" };
  const foreign = await post(`${app}/api/auth/revoke-sessions`, {}, evil);
  assert.equal(foreign.status, 403);
});
