// The committed databases are what the generators write, and PostgreSQL accepts them.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import pg from "pg";

import { startPostgres } from "../../support/postgres.mjs";
import { committed, generate } from "./generate.mjs";
import { kinds } from "./kinds.mjs";

test("the generators write the committed files", async (t) => {
  // Below this folder, since the generated modules import Drizzle from its node_modules.
  const written = mkdtempSync(path.join(import.meta.dirname, "node_modules", ".written-"));
  t.after(() => rmSync(written, { recursive: true }));
  await generate(written);
  const all = readdirSync(committed);
  assert.deepEqual(readdirSync(written), all);
  const read = (from, file) => readFileSync(path.join(from, file), "utf8");
  for (const file of all) assert.equal(read(written, file), read(committed, file), file);
});

test("the names of a kind are those of its tables and columns", async (t) => {
  const postgres = await startPostgres();
  const administrator = new pg.Client(postgres.url);
  t.after(async () => {
    await administrator.end();
    await postgres.stop();
  });
  await administrator.connect();
  for (const kind of Object.keys(kinds)) {
    await administrator.query(`create database "${kind}"`);
    const client = new pg.Client(postgres.url.replace(/[^/]*$/, kind));
    await client.connect();
    await client.query(readFileSync(path.join(committed, `${kind}.sql`), "utf8"));
    const { schema, tables } = JSON.parse(readFileSync(path.join(committed, `${kind}.names.json`), "utf8"));
    const { rows } = await client.query(
      `select table_name as table, array_agg(column_name::text order by column_name collate "C") as columns
       from information_schema.columns where table_schema = $1 group by 1 order by table_name collate "C"`,
      [schema],
    );
    await client.end();
    const named = Object.values(tables).map(({ table, columns }) => ({ table, columns: Object.values(columns).sort() }));
    assert.deepEqual(rows, named.sort((a, b) => (a.table < b.table ? -1 : 1)), kind);
  }
});
