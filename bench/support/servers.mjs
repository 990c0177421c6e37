// The measured servers, with one secret: three on one database, and Portcullis on adopted databases.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { ended, freePort } from "../../tests/support/process.mjs";

const release = (program) => fileURLToPath(new URL(`../../target/release/${program}`, import.meta.url));
const secret = randomBytes(32).toString("base64");

/** Starts Better Auth on Node, which also creates the tables. */
export async function startReference(database) {
  const { port, origin } = await freeAddress();
  const script = fileURLToPath(new URL("../reference.mjs", import.meta.url));
  return start("Better Auth", process.execPath, [script], origin, {
    NODE_ENV: "production",
    DATABASE_URL: database,
    BETTER_AUTH_SECRET: secret,
    BETTER_AUTH_URL: origin,
    PORT: port,
  });
}

/**
 * Starts Portcullis in production mode. With `isShared` it hashes with scrypt, as on a database shared with Node. It
 * adopts the database if that is of another `kind` than Better Auth's. `settings` are further variables.
 */
export async function startOurs(database, { isShared = true, kind, settings = {} } = {}) {
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
  const name = kind ? `Portcullis, adopted (${kind})` : isShared ? "Portcullis" : "Portcullis, argon2id";
  run(kind ? ["adopt", "--apply"] : ["migrate"], environment);
  return start(name, release("portcullis"), ["serve"], origin, environment);
}

/** Starts Portcullis on a database of its own that it has adopted, with tables from `tests/compat/adopt/databases`. */
export async function startAdopted(database, kind) {
  const adopted = new URL(database);
  adopted.pathname = kind;
  run(["psql", "-Xqc", `CREATE DATABASE "${kind}"`], { DATABASE_URL: database });
  const tables = fileURLToPath(new URL(`../../tests/compat/adopt/databases/${kind}.sql`, import.meta.url));
  run(["psql", "-Xqf", tables], { DATABASE_URL: adopted.href });
  return startOurs(adopted.href, { kind });
}

function run(args, environment) {
  execFileSync(release("portcullis"), args, { cwd: os.tmpdir(), env: environment, stdio: "pipe" });
}

/** Starts the bare handler, the lower bound for the cost of a session check. */
export async function startBaseline(database) {
  const { port, origin } = await freeAddress();
  const environment = { DATABASE_URL: database, BIND: `127.0.0.1:${port}` };
  return start("bare handler", release("portcullis-baseline"), [], origin, environment);
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
  process.once("exit", () => child.kill());
  if (!(await listening(origin, child)))
    throw new Error(`${name} did not start:\n${readFileSync(log, "utf8")}`);
  return {
    name,
    origin,
    url: (route) => `${origin}/api/auth${route}`,
    memory: () => memory(child.pid),
    async stop() {
      child.kill("SIGTERM");
      await ended(child);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Resident memory in MiB, current and peak. Null if the system has no /proc. */
function memory(pid) {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return null;
  const status = readFileSync(file, "utf8");
  const mebibytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)[1]) / 1024;
  return { now: mebibytes("VmRSS"), peak: mebibytes("VmHWM") };
}

async function listening(origin, child) {
  for (let attempt = 0; attempt < 150 && child.exitCode === null; attempt += 1) {
    if (await fetch(origin).catch(() => null)) return true;
    await sleep(100);
  }
  return false;
}
