// Floors: pgbench with the statement of a session check, and the machine's own hashing.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { SESSIONS } from "./data.mjs";
import { release } from "./servers.mjs";

const run = promisify(execFile);
const SESSION = ["id", "token", "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent"];
const USER = ["id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt"];

/** The statement of a session check, with the token of any session. */
function statement() {
  const columns = [...SESSION.map((name) => `s."${name}"`), ...USER.map((name) => `u."${name}"`)];
  return `\\set n random(0, ${SESSIONS - 1})
SELECT ${columns.join(", ")} FROM "session" AS s INNER JOIN "user" AS u ON s."userId" = u."id" WHERE s."token" = md5('session ' || :n);\n`;
}

/** A target that asks PostgreSQL without a server between, with one connection for each client. */
export function pgbench({ programs, url }) {
  const { hostname, port, username, pathname } = new URL(url);
  const database = ["-h", hostname, "-p", port, "-U", username, pathname.slice(1)];
  return {
    name: "pgbench",
    isWarm: true,
    async measure(connections, seconds) {
      const folder = mkdtempSync(path.join(os.tmpdir(), "portcullis-bench-"));
      const script = path.join(folder, "statement.sql");
      writeFileSync(script, statement());
      // The time includes that of connecting, which the rate does not.
      const time = seconds + Math.ceil(connections / 64);
      const flags = ["-n", "-M", "prepared", "-c", connections, "-j", 1, "-T", time, "-f", script];
      const { stdout } = await run(path.join(programs, "pgbench"), [...flags, ...database]);
      rmSync(folder, { recursive: true });
      const [, rate] = /^tps = ([\d.]+)/m.exec(stdout) ?? assert.fail(`pgbench measured nothing: ${stdout}`);
      // pgbench reports the mean only.
      return { rate: Number(rate), median: NaN, tail: NaN, refused: 0, size: 0 };
    },
  };
}

/** A target that hashes passwords on all cores, and does nothing else. */
export function ceiling(scheme) {
  return {
    name: `hashing, ${scheme}`,
    isWarm: true,
    async measure(_connections, seconds) {
      const { stdout } = await run(release("portcullis-ceiling"), [scheme, String(seconds)]);
      return { rate: Number(stdout), median: NaN, tail: NaN, refused: 0, size: 0 };
    },
  };
}
