// The two servers, and databases for them.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import pg from "pg";

import { startPostgres } from "../../support/postgres.mjs";
import { ended } from "../../support/process.mjs";
import { kinds } from "../adopt/kinds.mjs";
import { profiles } from "../profiles.mjs";
import { PROVIDERS } from "../profiles/social.mjs";
import { WEBHOOK_SECRET } from "./mailbox.mjs";
import { toml } from "./toml.mjs";

/** The secret of both servers. */
export const secret = randomBytes(32).toString("base64");

const script = fileURLToPath(new URL("../server.mjs", import.meta.url));
const built = fileURLToPath(new URL("../../../target/debug/portcullis", import.meta.url));
const program = path.resolve(process.env.PORTCULLIS_BIN ?? built);

/** Starts a PostgreSQL. `database(name)` creates an empty database and returns its URL. */
export async function startDatabases() {
  const postgres = await startPostgres();
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  // The data is deleted after the run, so nothing has to reach the disk.
  for (const setting of ["fsync", "synchronous_commit", "full_page_writes"])
    await client.query(`alter system set ${setting} = off`);
  await client.query("select pg_reload_conf()");
  return {
    async database(name) {
      await client.query(`create database "${name}"`);
      return postgres.url.replace(/[^/]*$/, name);
    },
    async stop() {
      await client.end();
      await postgres.stop();
    },
  };
}

/** Opens a connection pool, which `end` closes. */
export function openPool(connectionString, options) {
  const pool = new pg.Pool({ connectionString, options });
  // `end` does not wait for the last connections, and PostgreSQL sends an error to open connections when it stops.
  pool.on("error", () => {});
  return pool;
}

/**
 * Starts Better Auth, which creates its tables, unless they are of a kind in `adopt/`. Messages go to the mailbox if there
 * is one, and requests to providers to the simulated ones.
 */
export async function startReference(profile, database, mailbox, kind, provider) {
  const port = await ownPort();
  const args = kind ? [script, profile, kind] : [script, profile];
  return start("Better Auth", folderOf({}), port, process.execPath, args, {
    // Kysely writes local times to columns without a time zone.
    TZ: "UTC",
    NODE_ENV: profiles[profile].mode ?? "production",
    DATABASE_URL: database,
    BETTER_AUTH_SECRET: secret,
    PORT: port,
    MAILBOX: mailbox?.url,
    PROVIDERS: provider?.url,
  });
}

/** Adopts the tables if they are of a kind with other names, migrates the database and starts Portcullis on it. */
export async function startOurs(profile, database, mailbox, kind, provider) {
  const port = await ownPort();
  const folder = folderOf(profiles[profile], mailbox, provider);
  const environment = settings(profile, database, port);
  if (kinds[kind]?.isAdopted) run("adopt --apply", folder, { ...environment, ...namesOf(kind) });
  run("migrate", folder, environment);
  return start("Portcullis", folder, port, program, ["serve"], environment);
}

/** The names that `adopt` cannot find itself, as variables. */
function namesOf(kind) {
  if (!kind.endsWith("-named")) return {};
  const { tables } = JSON.parse(readFileSync(new URL(`../adopt/databases/${kind}.names.json`, import.meta.url), "utf8"));
  const { twoFactor, jwks, ...core } = tables;
  const variables = Object.entries(core).flatMap(([name, { table, columns }]) => {
    const key = `PORTCULLIS_${name === "rateLimit" ? "RATE_LIMIT" : name.toUpperCase()}`;
    return [
      [`${key}__MODEL_NAME`, table],
      [`${key}__FIELDS`, JSON.stringify(columns)],
    ];
  });
  const schema = ({ table, columns }) => ({ modelName: table, fields: columns });
  return {
    ...Object.fromEntries(variables),
    PORTCULLIS_PLUGINS__TWO_FACTOR__SCHEMA: JSON.stringify({ twoFactor: schema(twoFactor) }),
    PORTCULLIS_PLUGINS__JWT__SCHEMA: JSON.stringify({ jwks: schema(jwks) }),
  };
}

/** Runs a command of Portcullis while servers may be running: `migrate`, `keys rotate`. */
export function runOurs(command, profile, database, mailbox) {
  const folder = folderOf(profiles[profile], mailbox);
  run(command, folder, settings(profile, database, 0));
  rmSync(folder, { recursive: true });
}

/** Runs a command of Portcullis, and throws if it fails. */
function run(command, cwd, env) {
  if (!existsSync(program)) throw new Error(`${program} does not exist: run \`cargo build\` first`);
  const { status, stdout, stderr } = spawnSync(program, command.split(" "), { env, cwd });
  if (status !== 0) throw new Error(`${command} failed (${status}):\n${stdout}${stderr}`);
}

/** Creates a working folder with the profile's configuration file. `PROVIDERS` in it becomes the simulated ones' origin. */
function folderOf({ ours, messages }, mailbox, provider) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "portcullis-compat-"));
  const webhook = { transport: "webhook", webhook: { url: mailbox?.url, secret: WEBHOOK_SECRET } };
  const delivery = messages && mailbox ? webhook : { transport: "none" };
  const text = ours && toml({ ...ours, delivery }).replaceAll(PROVIDERS, provider?.url);
  if (text) writeFileSync(path.join(folder, "portcullis.toml"), text);
  return folder;
}

function settings(profile, database, port) {
  const { baseURL, mode = "production" } = profiles[profile];
  return {
    PORTCULLIS_MODE: mode,
    PORTCULLIS_EMAIL_AND_PASSWORD__REJECT_COMMON_PASSWORDS: "false",
    PORTCULLIS_BIND: `127.0.0.1:${port}`,
    PORTCULLIS_TRUSTED_PROXIES: "127.0.0.1/32",
    PORTCULLIS_PASSWORD__REFUSAL_FLOOR_MILLISECONDS: "100",
    // On a busy machine, requests that take longer must not fail.
    PORTCULLIS_DATABASE__ACQUIRE_TIMEOUT: "30",
    PORTCULLIS_DATABASE__OPERATION_TIMEOUT: "30",
    PORTCULLIS_LIMITS__REQUEST_TIMEOUT: "60",
    DATABASE_URL: database,
    BETTER_AUTH_SECRET: secret,
    BETTER_AUTH_URL: baseURL,
  };
}

/**
 * Returns a free port below the ephemeral range. The tests open thousands of connections at a time, and one of them
 * could take an ephemeral port before the server binds it.
 */
async function ownPort() {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    const probe = net.createServer().listen(port, "127.0.0.1");
    const isFree = await once(probe, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
}

async function start(name, folder, port, file, args, environment) {
  const log = path.join(folder, "log");
  const output = openSync(log, "w");
  const child = spawn(file, args, { cwd: folder, env: environment, stdio: ["ignore", output, output] });
  const kill = () => child.kill();
  process.once("exit", kill);
  const server = {
    port,
    async stop() {
      child.kill("SIGTERM");
      await ended(child);
      process.off("exit", kill);
      rmSync(folder, { recursive: true });
    },
  };
  if (await listening(port, child)) return server;
  const logged = readFileSync(log, "utf8");
  await server.stop();
  throw new Error(`${name} did not start:\n${logged}`);
}

async function listening(port, child) {
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/auth/ok`).catch(() => null);
    if (answer?.ok) return true;
    await sleep(100);
  }
  return false;
}
