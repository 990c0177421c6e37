// Resident memory: before any load, under load, with idle connections, and after bursts of sign-ins.
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { USERS, cookie, insertSessions, insertUsers } from "../support/data.mjs";
import { read, write } from "../support/load.mjs";
import { mebibytes } from "../support/report.mjs";
import { createDatabase, secret, startOurs, startReference } from "../support/servers.mjs";
import { passwordHash, query } from "../support/stage.mjs";
import { signIn } from "./passwords.mjs";

const CONNECTIONS = 64;
const IDLE = 1000;
const BURST = 20;
const BURSTS = 5;

export async function run(stage, report) {
  const servers = [
    await stage.scope(async () => measure(stage, await stage.start(startOurs(stage.database)))),
    await stage.scope(async () => measure(stage, await stage.start(startReference(stage.database)))),
    await stage.scope(async () => measure(stage, await startArgon2id(stage))),
  ];
  if (servers.includes(null)) return { results: {} };
  report.heading("Resident memory in MiB");
  report.table(
    [
      "",
      "before any load",
      "without pages of files",
      `${CONNECTIONS} connections, session checks`,
      `${IDLE} idle connections, KiB each`,
      `after ${BURSTS} bursts of ${BURST} sign-ins`,
      "peak",
    ],
    servers.map(({ name, idle, own, load, each, after, peak }) => [
      name,
      ...[idle, own, load, each, after, peak].map(mebibytes),
    ]),
  );
  const [ours, reference, argon2id] = servers;
  return { results: { ours, reference, argon2id } };
}

/** A server on a database of its own, since Better Auth cannot verify its hashes. */
async function startArgon2id(stage) {
  const database = createDatabase(stage.database, "memory");
  const first = await startOurs(database, { isShared: false });
  const hash = await passwordHash(first, database);
  await first.stop();
  await query(database, [...insertUsers(0, USERS, hash), insertSessions(0, USERS), "VACUUM ANALYZE"]);
  return stage.start(startOurs(database, { isShared: false }));
}

async function measure(stage, server) {
  const before = server.memory();
  if (before === null) return null;
  // First, because a burst of requests leaves free memory behind.
  const each = await perConnection(server);
  const { seconds } = stage.fewer;
  const target = { url: server.url("/get-session"), cookies: stage.cookies };
  const [load] = await Promise.all([highest(server, seconds), read(target, CONNECTIONS, seconds + 1)]);
  for (let burst = 0; burst < BURSTS; burst += 1) {
    const { count, refused } = await write(signIn(server), BURST, 1);
    // A slow machine may reject some of them because they have waited too long.
    assert.ok(refused < count / 2, `${server.name} answered most sign-ins with 2xx`);
  }
  const { now, peak } = server.memory();
  return { name: server.name, idle: before.now, own: before.own, load, each, after: now, peak };
}

async function highest(server, seconds) {
  let found = 0;
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; await sleep(50))
    found = Math.max(found, server.memory().now);
  return found;
}

/** KiB of an idle connection that has had one answer. */
async function perConnection(server) {
  const before = server.memory().now;
  const { hostname, port } = new URL(server.origin);
  const request = `GET /api/auth/get-session HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${cookie(1, secret)}\r\n\r\n`;
  const sockets = [];
  for (let count = 0; count < IDLE; count += 1) {
    const socket = net.connect(Number(port), hostname);
    sockets.push(socket);
    socket.write(request);
    await once(socket, "data");
  }
  await sleep(200);
  const after = server.memory().now;
  for (const socket of sockets) socket.destroy();
  return (1024 * (after - before)) / IDLE;
}
