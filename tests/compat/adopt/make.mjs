// Writes the database of one kind: node make.mjs KIND FOLDER URL. The generators of Better Auth and Drizzle write it; the
// SQL of Prisma's schema is ours (see prisma-sql.mjs). `URL` is an empty PostgreSQL.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { generateSchema } from "@better-auth/cli/api";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { getAuthTables, getMigrations } from "better-auth/db";
import * as plugins from "better-auth/plugins";
import { getAuthTables as getAuthTables12, getMigrations as getMigrations12 } from "better-auth-1.2/db";
import * as plugins12 from "better-auth-1.2/plugins";
import { getTableColumns, getTableName } from "drizzle-orm";
import pg from "pg";

import { kinds, withNames } from "./kinds.mjs";
import { prismaSql } from "./prisma-sql.mjs";

/** What is on in every kind: all tables of Better Auth that Portcullis uses. */
const EVERYTHING = {
  emailAndPassword: { enabled: true },
  rateLimit: { storage: "database" },
  plugins: { username: {}, twoFactor: {}, jwt: {} },
};

const [name, folder, url] = process.argv.slice(2);
const kind = kinds[name];
const write = (extension, text) => writeFileSync(path.join(folder, `${name}.${extension}`), text);
await { drizzle, prisma, kysely }[kind.adapter](withNames(EVERYTHING, kind));

/** `better-auth generate` and `drizzle-kit generate`. */
async function drizzle(options) {
  const { usePlural, schema: own } = kind;
  const adapter = drizzleAdapter({}, { provider: "pg", schema: {}, usePlural })({});
  const { code } = await generateSchema({ adapter, options: withPlugins(options, plugins), file: "none" });
  write("schema.mjs", own ? inSchema(code, own) : code);
  const file = path.join(folder, `${name}.schema.mjs`);
  write("sql", drizzleKit(file));

  const schema = await import(pathToFileURL(file));
  writeNames(getAuthTables(withPlugins(options, plugins)), (model, field) => {
    const table = schema[usePlural ? `${model}s` : model];
    return field ? getTableColumns(table)[field].name : getTableName(table);
  });
}

/** Moves the tables into a schema, as Drizzle documents it: the generator of Better Auth cannot do it. */
function inSchema(code, schema) {
  const tables = code.replace("pgTable,", "pgSchema,").replaceAll("= pgTable(", "= own.table(");
  return tables.replace(/\n\n/, `\n\nexport const own = pgSchema("${schema}");\n\n`);
}

function drizzleKit(schema) {
  const out = mkdtempSync(path.join(os.tmpdir(), "portcullis-drizzle-"));
  const program = fileURLToPath(new URL("node_modules/drizzle-kit/bin.cjs", import.meta.url));
  // drizzle-kit prefixes both paths with the working folder.
  const options = ["--dialect", "postgresql", "--schema", path.relative("/", schema), "--out", path.relative("/", out)];
  execFileSync(process.execPath, [program, "generate", "--name", "first", ...options], { cwd: "/", stdio: "pipe" });
  const sql = readFileSync(path.join(out, readdirSync(out).find((file) => file.endsWith(".sql"))), "utf8");
  rmSync(out, { recursive: true });
  return sql.endsWith("\n") ? sql : `${sql}\n`;
}

/** `better-auth generate`, and our translation of its schema. */
async function prisma(options) {
  const adapter = prismaAdapter({}, { provider: "postgresql" })({});
  const { code } = await generateSchema({ adapter, options: withPlugins(options, plugins), file: "none" });
  write("prisma", code);
  write("sql", prismaSql(code));
  writeNames(getAuthTables(withPlugins(options, plugins)));
}

/** Better Auth's own migration, of version 1.4 or 1.2. */
async function kysely(options) {
  const administrator = new pg.Client(url);
  await administrator.connect();
  await administrator.query(`create database "${name}"`);
  await administrator.end();
  const pool = new pg.Pool({ connectionString: url.replace(/[^/]*$/, name) });
  const isOld = kind.version === "1.2";
  const all = withPlugins(options, isOld ? plugins12 : plugins);
  const { compileMigrations } = await (isOld ? getMigrations12 : getMigrations)({ ...all, database: pool });
  const sql = `${await compileMigrations()}\n`;
  await pool.end();
  const { schema } = kind;
  const around = [`create schema "${schema}";\n\nset search_path to "${schema}";\n\n`, `\nreset search_path;\n`];
  write("sql", schema ? around.join(sql) : sql);
  writeNames((isOld ? getAuthTables12 : getAuthTables)(all));
}

/** Writes the name of each table and column of Better Auth in this database. */
function writeNames(tables, physical = (model, field) => field ?? model) {
  const names = Object.entries(tables).map(([table, { modelName, fields }]) => {
    const columns = Object.entries(fields).map(([name, { fieldName }]) => [name, physical(modelName, fieldName ?? name)]);
    return [table, { table: physical(modelName), columns: { id: "id", ...Object.fromEntries(columns) } }];
  });
  const { schema = "public" } = kind;
  write("names.json", `${JSON.stringify({ schema, tables: Object.fromEntries(names) }, null, 2)}\n`);
}

function withPlugins(options, all) {
  return { ...options, plugins: Object.entries(options.plugins).map(([name, own]) => all[name](own)) };
}
