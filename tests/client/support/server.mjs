// Starts the server for a test file, in a folder of its own.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { freePort } from "../../support/process.mjs";

const START_LIMIT = 60_000;
const STOP_LIMIT = 15_000;
const built = fileURLToPath(new URL("../../../target/debug/portcullis", import.meta.url));

/**
 * Starts the server on a free port: `PORTCULLIS_BIN` or the debug build. Where `DATABASE_URL` is given it is
 * used; otherwise the server runs the private PostgreSQL of its development mode. `environment` holds more
 * variables for it.
 */
export async function startServer({ trustedOrigins = [], environment = {} } = {}) {
  const program = process.env.PORTCULLIS_BIN ?? built;
  if (!existsSync(program)) throw new Error(`there is no ${program}: run \`cargo build\` first`);
  const folder = await mkdtemp(path.join(os.tmpdir(), "portcullis-client-"));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const child = spawn(program, ["serve"], {
    cwd: folder,
    env: { ...ownEnvironment(), ...settings({ port, origin, trustedOrigins }), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  const log = record(child);
  process.once("exit", () => child.kill());

  await ready(`${origin}/health/ready`, exited, log);
  return {
    origin,
    async stop() {
      child.kill("SIGTERM");
      const status = await Promise.race([exited, sleep(STOP_LIMIT, "no exit", { ref: false })]);
      child.kill("SIGKILL");
      for (const place of [folder, ...databases(log)]) await rm(place, { recursive: true, force: true });
      if (status !== 0) throw new Error(`the server did not stop well (${status}):\n${log.text}`);
    },
  };
}

/** The environment without what would configure a server that somebody runs by hand. */
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

/** Where the server says that its private PostgreSQL is: for root that is not below the working directory. */
function databases(log) {
  return Array.from(log.text.matchAll(/a private PostgreSQL in (.+)/g), ([, place]) => place);
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
    if (status !== undefined) throw new Error(`the server ended with ${status}:\n${log.text}`);
    if (Date.now() > deadline) throw new Error(`the server was not ready in time:\n${log.text}`);
  }
}
