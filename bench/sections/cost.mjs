// What a request costs: statements, context switches, processor time and allocations.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { startPostgres } from "../../tests/support/postgres.mjs";
import { Allocations, difference, family, logged, usedBy } from "../support/cost.mjs";
import { SESSIONS, USERS, insertSessions, insertUsers } from "../support/data.mjs";
import { read, write } from "../support/load.mjs";
import { startBaseline, startOurs } from "../support/servers.mjs";
import { checks, passwordHash, query } from "../support/stage.mjs";
import { SESSIONS_WITH_CACHE, withCookieCache } from "./cookie-cache.mjs";
import { signIn } from "./passwords.mjs";
import { SETTINGS as SESSION_CACHE, withCache } from "./session-cache.mjs";

const COOKIE_CACHE = {
  PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED: "true",
  PORTCULLIS_SESSION__COOKIE_CACHE__MAX_AGE: "3600",
};
const ours = (settings) => (database, further) =>
  startOurs(database, { isShared: false, settings: { ...settings, ...further } });

/** Each kind of request: its name, connections, server and target. */
const CASES = [
  ["get-session", 1, ours({}), checks],
  ["get-session", 64, ours({}), checks],
  ["get-session, cookie cache compact", 64, ours(COOKIE_CACHE), withCookieCache],
  ["get-session, session cache", 64, ours(SESSION_CACHE), withCache],
  ["sign-in, argon2id", 8, ours({}), (_stage, server) => signIn(server)],
  ["bare handler", 1, startBaseline, checks],
  ["bare handler", 64, startBaseline, checks],
];
const COLUMNS = [
  "request",
  "connections",
  "statements, by its log line",
  "statements sent",
  "ms on the database",
  "context switches",
  "of PostgreSQL",
  "CPU µs",
  "of PostgreSQL",
  "allocations",
  "KiB allocated",
];
const SENT = `SELECT coalesce(sum("calls"), 0)::int AS "sent" FROM pg_stat_statements WHERE "query" NOT LIKE '%pg_stat_statements%'`;

export async function run(stage, report) {
  const postgres = await stage.start(startPostgres(["shared_preload_libraries=pg_stat_statements"], os.tmpdir()));
  await fill(postgres.url);
  const rows = [];
  for (const [name, connections, start, target] of CASES) {
    const measured = await stage
      .scope(() => measure(stage, postgres, connections, start, target))
      .catch((error) => console.error(`${name}, ${connections} connections has no result:`, error));
    if (measured) rows.push({ name, connections, ...measured });
  }
  assert.ok(rows.length > 0, "a request was measured");
  report.heading("What a request costs");
  report.table(COLUMNS, rows.map(shown));
  return { results: rows };
}

/** A database of its own, because the statements are counted by an extension. */
async function fill(database) {
  const server = await ours({})(database, {});
  const hash = await passwordHash(server, database);
  await server.stop();
  await query(database, [
    "CREATE EXTENSION pg_stat_statements",
    ...insertUsers(0, USERS, hash),
    insertSessions(0, SESSIONS + SESSIONS_WITH_CACHE),
    "VACUUM ANALYZE",
  ]);
}

async function measure(stage, postgres, connections, start, target) {
  const { seconds } = stage.fewer;
  const usage = await stage.scope(async () => {
    const server = await stage.start(start(postgres.url, {}));
    const load = await loaded(stage, server, target, connections);
    return measureUsage(postgres, server, () => load(seconds));
  });
  // Counting slows the program down, so it is not measured at the same time.
  const allocations = await stage.start(new Allocations());
  const server = await stage.start(start(postgres.url, allocations.settings));
  const load = await loaded(stage, server, target, connections);
  const before = allocations.read();
  const { count } = await load(seconds);
  const after = allocations.read();
  const each = (kind) => (after[kind] - before[kind]) / count;
  return { ...usage, allocations: each("number"), allocated: each("bytes") };
}

/** Returns a function that sends requests, after the first ones. */
async function loaded(stage, server, target, connections) {
  const sent = await target(stage, server);
  const send = async (seconds) => {
    const measured = await (sent.body ? write : read)(sent, connections, seconds);
    assert.equal(measured.refused, 0, `${server.name} answered every request with 2xx`);
    return measured;
  };
  await send(1);
  return send;
}

async function measureUsage(postgres, server, load) {
  const from = statSync(server.log).size;
  const snapshot = async () => {
    const [{ sent }] = await query(postgres.url, [SENT]);
    return { sent, server: usedBy([server.pid]), postgres: usedBy(family(postgres.pid)) };
  };
  const before = await snapshot();
  const { count } = await load();
  const after = await snapshot();
  // Until the thread that writes the log has written the last lines.
  await sleep(500);
  const each = (of, kind) => difference(before[of], after[of], kind) / count;
  return {
    ...logged(server.log, from),
    sent: (after.sent - before.sent) / count,
    switches: each("server", "switches"),
    switchesOfPostgres: each("postgres", "switches"),
    processor: each("server", "processor"),
    processorOfPostgres: each("postgres", "processor"),
  };
}

function shown(row) {
  const number = (value, digits) => (Number.isNaN(value) ? "–" : value.toFixed(digits));
  return [
    row.name,
    String(row.connections),
    number(row.statements, 2),
    number(row.sent, 2),
    number(row.milliseconds, 2),
    number(row.switches, 1),
    number(row.switchesOfPostgres, 1),
    number(row.processor, 0),
    number(row.processorOfPostgres, 0),
    number(row.allocations, 0),
    number(row.allocated / 1024, 1),
  ];
}
