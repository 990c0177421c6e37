// The measured servers, with one secret.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { ended, exitOnSignals, freePort } from "../../tests/support/process.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
/** The build of `bench/peers`. */
export const peers = path.join(target, "peers");
/** How long a server may take to stop before it is killed, in milliseconds. */
const PATIENCE = 10_000;

export const secret = randomBytes(32).toString("base64");

exitOnSignals();
process.setMaxListeners(0);

/** The path of a program in the release build. */
export function release(program) {
  if (program === "portcullis" && process.env.PORTCULLIS_BIN) return process.env.PORTCULLIS_BIN;
  return path.join(target, "release", program);
}

/** Starts Better Auth on Node, which also creates the tables. `settings` are further variables of `reference.mjs`. */
export async function startReference(database, { name = "Better Auth", settings = {} } = {}) {
  const { port, origin } = await freeAddress();
  const script = fileURLToPath(new URL("../reference.mjs", import.meta.url));
  return start(name, process.execPath, [script], origin, {
    NODE_ENV: "production",
    DATABASE_URL: database,
    BETTER_AUTH_SECRET: secret,
    BETTER_AUTH_URL: origin,
    PORT: port,
    ...settings,
  });
}

/**
 * Starts Portcullis in production mode. With `isShared` it hashes with scrypt, as on a database shared with Node. It
 * adopts the database if that is of another `kind` than Better Auth's. `settings` are further variables. `beforeStart` is
 * called when the database is ready and the program is not started yet.
 */
export async function startOurs(database, { isShared = true, kind, name, settings = {}, beforeStart } = {}) {
  const { port, origin } = await freeAddress();
  const environment = {
    DATABASE_URL: database,
    BETTER_AUTH_SECRET: secret,
    BETTER_AUTH_URL: origin,
    PORTCULLIS_MODE: "production",
    PORTCULLIS_BIND: `127.0.0.1:${port}`,
    PORTCULLIS_ADVANCED__USE_SECURE_COOKIES: "false",
    PORTCULLIS_COMPATIBILITY__SHARED_DATABASE: String(isShared),
    PORTCULLIS_RATE_LIMIT__ENABLED: "false",
    ...settings,
  };
  const usual = kind ? `Portcullis, adopted (${kind})` : isShared ? "Portcullis" : "Portcullis, argon2id";
  run(kind ? ["adopt", "--apply"] : ["migrate"], environment);
  beforeStart?.();
  return start(name ?? usual, release("portcullis"), ["serve"], origin, environment);
}

/** Starts Portcullis on a database of its own that it has adopted, with tables from `tests/compat/adopt/databases`. */
export async function startAdopted(database, kind) {
  const adopted = createDatabase(database, kind);
  const tables = fileURLToPath(new URL(`../../tests/compat/adopt/databases/${kind}.sql`, import.meta.url));
  run(["psql", "-Xqf", tables], { DATABASE_URL: adopted });
  return startOurs(adopted, { kind });
}

/** Creates a database beside another one, and returns its URL. */
export function createDatabase(database, name) {
  const created = new URL(database);
  created.pathname = name;
  run(["psql", "-Xqc", `CREATE DATABASE "${name}"`], { DATABASE_URL: database });
  return created.href;
}

function run(args, environment) {
  const options = { cwd: os.tmpdir(), env: environment, encoding: "utf8" };
  const { error, status, stderr } = spawnSync(release("portcullis"), args, options);
  if (error) throw error;
  if (status !== 0) throw new Error(`portcullis ${args[0]}: ${stderr}`);
}

/** Starts the bare handler and the bare route, the lower bounds for the cost of a session check. */
export async function startBaseline(database, settings = {}) {
  const { port, origin } = await freeAddress();
  const environment = { DATABASE_URL: database, BIND: `127.0.0.1:${port}`, ...settings };
  return start("bare handler", release("portcullis-baseline"), [], origin, environment);
}

/** Starts the server of another crate. */
export async function startPeer(name, program, database) {
  const { port, origin } = await freeAddress();
  return start(name, path.join(peers, "release", program), [], origin, {
    DATABASE_URL: database,
    BETTER_AUTH_SECRET: secret,
    BIND: `127.0.0.1:${port}`,
  });
}

async function freeAddress() {
  const port = await freePort();
  return { port, origin: `http://127.0.0.1:${port}` };
}

async function start(name, program, args, origin, environment) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "portcullis-bench-"));
  const log = path.join(folder, "log");
  const output = openSync(log, "w");
  const child = spawn(program, args, { cwd: folder, env: environment, stdio: ["ignore", output, output] });
  const abort = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", abort);
  const failed = new Promise((_, reject) => child.once("error", reject));
  if (!(await Promise.race([listening(origin, child), failed])))
    throw new Error(`${name} did not start:\n${readFileSync(log, "utf8")}`);
  return {
    name,
    origin,
    log,
    pid: child.pid,
    url: (route) => `${origin}/api/auth${route}`,
    memory: () => memory(child.pid),
    async stop() {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
      await ended(child);
      clearTimeout(patience);
      process.off("exit", abort);
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Resident memory in MiB: current, peak, and `own`, the part that is no page of a file, such as the program. Null if the
 * system has no /proc.
 */
function memory(pid) {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return null;
  const status = readFileSync(file, "utf8");
  const mebibytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)[1]) / 1024;
  return { now: mebibytes("VmRSS"), peak: mebibytes("VmHWM"), own: mebibytes("RssAnon") };
}

async function listening(origin, child) {
  const end = performance.now() + 15_000;
  while (performance.now() < end && child.exitCode === null) {
    if (await fetch(origin).catch(() => null)) return true;
    await sleep(2);
  }
  return false;
}
