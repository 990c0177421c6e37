// Databases with the tables of a kind in `adopt/`.
import { readFileSync } from "node:fs";

import pg from "pg";

import { kinds } from "../adopt/kinds.mjs";
import { startReference } from "./servers.mjs";

const read = (file) => readFileSync(new URL(`../adopt/databases/${file}`, import.meta.url), "utf8");

/**
 * Creates the tables of a kind in an empty database.
 *
 * @returns the URL for both servers, and the option of a pool whose statements use Better Auth's own names
 */
export async function fill(url, kind) {
  await execute(url, read(`${kind}.sql`));
  const { schema } = kinds[kind];
  return {
    database: schema ? `${url}?options=-csearch_path%3D${schema}` : url,
    searchPath: `-c search_path=${["portcullis", schema, "public"].filter(Boolean).join(",")}`,
  };
}

/** Starts Better Auth instead of Portcullis, on views with Better Auth's own names. */
export async function standIn(profile, database, mailbox, kind) {
  const { schema, tables } = JSON.parse(read(`${kind}.names.json`));
  if (!kinds[kind].isAdopted) return startReference(profile, database, mailbox, kind);
  const views = Object.entries(tables).map(([view, { table, columns }]) => {
    const list = Object.entries(columns).map(([name, column]) => `"${column}" as "${name}"`);
    return `create view portcullis."${view}" as select ${list.join(", ")} from "${schema}"."${table}";`;
  });
  await execute(database, `create schema portcullis; ${views.join(" ")}`);
  return startReference(profile, database, mailbox, `views:${kind}`);
}

async function execute(connectionString, sql) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(sql);
  await client.end();
}
