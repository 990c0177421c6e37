// The database of a Node server: with its own tables, or with those of a kind in `adopt/`.
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { getMigrations } from "better-auth/db";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";

import { kinds } from "../adopt/kinds.mjs";

const OWN = { adapter: "kysely", reference: {} };

/**
 * Opens the database. `name` is a kind, or `views:KIND` for the views on its tables, which have Better Auth's own names.
 *
 * @returns the option `database`, the kind's `names`, and `prepare(options)`, which creates missing tables
 */
export async function openDatabase(connectionString, name) {
  const [, views, kindName] = name?.match(/^(views:)?(.*)$/) ?? [];
  const kind = kinds[kindName] ?? OWN;
  const searchPath = views ? "portcullis" : kind.schema;
  const options = searchPath && `-c search_path=${searchPath}`;
  const pool = new pg.Pool({ connectionString, options });
  const nothing = async () => {};
  if (views) {
    const { advanced } = kind.reference;
    return { database: pool, names: { reference: advanced ? { advanced } : {} }, prepare: nothing };
  }
  if (kind.adapter === "drizzle") {
    const schema = await import(`../adopt/databases/${kindName}.schema.mjs`);
    const database = drizzleAdapter(drizzle(pool, { schema }), { provider: "pg", schema, usePlural: kind.usePlural });
    return { database, names: kind, prepare: nothing };
  }
  // Prisma's client needs a program that npm does not install. Kysely reads the same tables.
  if (kind.adapter === "prisma") return { database: pool, names: kind, prepare: nothing };
  return { database: pool, names: kind, prepare: migrate };
}

async function migrate(options) {
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
}
