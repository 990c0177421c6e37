// Starts the server for a test file, in a new folder.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { toml } from "../../compat/support/toml.mjs";
import { freePort } from "../../support/process.mjs";

const START_LIMIT = 60_000;
const STOP_LIMIT = 15_000;
const built = fileURLToPath(new URL("../../../target/debug/portcullis", import.meta.url));

/**
 * Starts the server on a free port: `PORTCULLIS_BIN` or the debug build. If `DATABASE_URL` is not set, the server runs
 * the private PostgreSQL of its development mode. `configuration` is the content of its configuration file, and
 * `environment` holds additional environment variables. `start` returns the variables and the arguments for a port,
 * instead of the usual ones.
 */
export async function startServer({ trustedOrigins = [], configuration, environment = {}, start } = {}) {
  const program = process.env.PORTCULLIS_BIN ?? built;
  if (!existsSync(program)) throw new Error(`${program} does not exist: run \`cargo build\` first`);
  const folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-client-"));
  if (configuration) await writeFile(path.join(folder, "portcullis.toml"), toml(configuration));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const usual = { variables: settings({ port, origin, trustedOrigins }), options: ["serve"] };
  const { variables, options } = start?.(port) ?? usual;
  const child = spawn(program, options, {
    cwd: folder,
    env: { ...ownEnvironment(), ...variables, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  const log = record(child);
  const kill = () => child.kill();
  process.once("exit", kill);

  await ready(`${origin}/health/ready`, exited, log);
  return {
    origin,
    async stop() {
      child.kill("SIGTERM");
      const status = await Promise.race([exited, sleep(STOP_LIMIT, "no exit", { ref: false })]);
      child.kill("SIGKILL");
      process.off("exit", kill);
      for (const directory of [folder, ...databases(log)]) await rm(directory, { recursive: true, force: true });
      if (status !== 0) throw new Error(`the server did not stop cleanly (${status}):\n${log.text}`);
    },
  };
}

/** The environment without the variables that configure Portcullis or Better Auth. */
function ownEnvironment() {
  const foreign = /^(PORTCULLIS|BETTER_AUTH)_/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function settings({ port, origin, trustedOrigins }) {
  return {
    PORTCULLIS_BIND: `127.0.0.1:${port}`,
    PORTCULLIS_BASE_URL: origin,
    ...(trustedOrigins.length > 0 && { PORTCULLIS_TRUSTED_ORIGINS: trustedOrigins.join(",") }),
  };
}

/** The folder of the private PostgreSQL, as logged. For root it is outside the working directory. */
function databases(log) {
  return Array.from(log.text.matchAll(/a private PostgreSQL in (.+)/g), ([, folder]) => folder);
}

function record(child) {
  const log = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log.text += chunk));
  return log;
}

async function ready(url, exited, log) {
  const deadline = Date.now() + START_LIMIT;
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    const status = await Promise.race([exited.then(String), sleep(100)]);
    if (status !== undefined) throw new Error(`the server exited with ${status}:\n${log.text}`);
    if (Date.now() > deadline) throw new Error(`the server was not ready in time:\n${log.text}`);
  }
}
