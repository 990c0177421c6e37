// `portcullis migrate` on a database that Better Auth created with plugins and filled.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { profiles } from "../profiles.mjs";
import { Client } from "../support/client.mjs";
import { openPool, runOurs, startDatabases, startOurs, startReference } from "../support/servers.mjs";

const { baseURL } = profiles.plugins;
const running = [];
let database;
let pool;
let reference;

before(async () => {
  const databases = await startDatabases();
  running.unshift(databases);
  database = await databases.database("migrated");
  pool = openPool(database);
  running.unshift({ stop: () => pool.end() });
  reference = await startReference("plugins", database);
  running.unshift(reference);
});

after(async () => {
  for (const { stop } of running) await stop();
});

test("migrate keeps all columns and rows of a database of Better Auth", async () => {
  const fill = await filled();
  const before = await columns();
  const digests = await digest(before);
  const empty = digests.filter(({ rows }) => rows === 0).map(({ table }) => table);
  assert.deepEqual(empty, [], "every table has rows");

  runOurs("migrate", "plugins", database);
  await unchanged(before, digests);
  runOurs("migrate", "plugins", database);
  await unchanged(before, digests);

  await reads(fill);
  await assert.rejects(startOurs("plugins", database), /some users have a second factor/, "Ada has one");
  await pool.query(`update "user" set "twoFactorEnabled" = false`);
  const ours = await startOurs("plugins", database);
  running.unshift(ours);
  const bob = new Client(ours.port, { baseURL });
  assert.equal((await bob.signIn("bob")).status, 200, "an existing user signs in at Portcullis");
  assert.equal((await fill.bob.get("/get-session")).status, 200);
  assert.equal((await ok(bob.get("/api-key/list"))).text, (await ok(fill.bob.get("/api-key/list"))).text);
});

/** Fills every table over HTTP, except for the first administrator's role and Ada's second factor. */
async function filled() {
  const [ada, bob] = [new Client(reference.port, { baseURL }), new Client(reference.port, { baseURL })];
  await ok(ada.signUp("ada", { headers: { "user-agent": "agent/1" } }));
  const { user } = (await ok(bob.signUp("bob"))).json();
  await ok(bob.get("/token"));
  await ok(bob.post("/organization/create", { name: "Guild", slug: "guild", metadata: { a: [1, "ä"] } }));
  await ok(bob.post("/organization/invite-member", { email: "eve@example.com", role: "member" }));
  await ok(bob.post("/api-key/create", { name: "build", prefix: "guild_", metadata: { a: [1, "ä"] } }));
  await pool.query(`update "user" set role = 'admin' where email = 'ada@example.com'`);
  await ok(ada.post("/admin/set-role", { userId: user.id, role: "user" }));
  await ok(ada.post("/admin/create-user", { email: "dan@example.com", name: "Dan", password: "password1234" }));
  await ok(ada.post("/two-factor/enable", { password: "password1234" }));
  await pool.query(`update "user" set "twoFactorEnabled" = true where email = 'ada@example.com'`);
  const { twoFactorRedirect } = (await ok(new Client(reference.port, { baseURL }).signIn("ada"))).json();
  assert.equal(twoFactorRedirect, true);
  return { ada, bob };
}

/** Better Auth reads the existing rows and writes new ones. */
async function reads({ ada, bob }) {
  assert.equal((await ok(ada.get("/get-session"))).json().user.role, "admin");
  assert.deepEqual(
    (await ok(bob.get("/organization/list"))).json().map(({ slug }) => slug),
    ["guild"],
  );
  assert.equal((await ok(ada.get("/admin/list-users"))).json().total, 3);
  assert.deepEqual(
    (await ok(bob.get("/api-key/list"))).json().map(({ name, metadata }) => ({ name, metadata })),
    [{ name: "build", metadata: { a: [1, "ä"] } }],
  );
  const eve = new Client(reference.port, { baseURL });
  await ok(eve.signUp("eve"));
  await ok(eve.post("/sign-out"));
  await ok(eve.signIn("eve"));
  await ok(eve.get("/token"));
  const { name, slug } = (await ok(eve.post("/organization/create", { name: "Other", slug: "other" }))).json();
  assert.deepEqual({ name, slug }, { name: "Other", slug: "other" });
}

async function ok(answer) {
  const { status, text, ...rest } = await answer;
  assert.equal(status, 200, text);
  return { status, text, ...rest };
}

/** Name, type and nullability of every column, by table. */
async function columns() {
  const { rows } = await pool.query(
    `select table_name as table, json_object_agg(column_name, data_type || ' ' || is_nullable order by column_name) as columns
     from information_schema.columns where table_schema = 'public' and table_name not like '\\_\\_%'
     group by table_name order by table_name`,
  );
  return rows;
}

/** Number of rows of each table, and a hash of their values in these columns. */
async function digest(tables) {
  const digests = [];
  for (const { table, columns } of tables) {
    const names = Object.keys(columns).map((name) => `"${name}"`);
    const { rows } = await pool.query(
      `select count(*)::int as rows, md5(string_agg(t::text, '|' order by t::text)) as content
       from (select ${names.join(", ")} from "${table}") t`,
    );
    digests.push({ table, ...rows[0] });
  }
  return digests;
}

async function unchanged(before, digests) {
  assert.deepEqual(await digest(before), digests);
  const now = new Map((await columns()).map(({ table, columns }) => [table, columns]));
  for (const { table, columns } of before)
    for (const [name, type] of Object.entries(columns))
      assert.equal(now.get(table)[name], type, `${table}.${name}`);
}
