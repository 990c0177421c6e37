// Session checks with the session cache in the server's memory.
import { SESSIONS, USERS, insertSessions, insertUsers } from "../support/data.mjs";
import { interleaved } from "../support/rounds.mjs";
import { createDatabase, startOurs, startReference } from "../support/servers.mjs";
import { checks, passwordHash, query } from "../support/stage.mjs";

const CONNECTIONS = [16, 64];
const SETTINGS = {
  PORTCULLIS_SESSION_CACHE__ENABLED: "true",
  PORTCULLIS_SESSION_CACHE__MAX_ENTRIES: String(2 * SESSIONS),
};

export async function run(stage, report) {
  const cached = await startCached(stage);
  const ours = await stage.start(startOurs(stage.database));
  const reference = await stage.start(startReference(stage.database));
  const targets = [cached, ours, reference].map((server) => checks(stage, server));
  report.heading("Session checks with the session cache: GET /get-session");
  const results = {};
  for (const connections of CONNECTIONS) {
    const measured = await interleaved(targets, connections, stage.fewer);
    report.rounds(`${connections} connections, per second`, measured, [
      [0, 1],
      [0, 2],
    ]);
    const [{ rounds }, without, other] = measured;
    results[connections] = { cached: rounds, ours: without.rounds, reference: other.rounds };
  }
  return { results };
}

/** A server on a database of its own, since the cache needs triggers. */
async function startCached(stage) {
  const database = createDatabase(stage.database, "session-cache");
  const options = { name: "Portcullis, session cache", settings: SETTINGS };
  const server = await stage.start(startOurs(database, options));
  const hash = await passwordHash(server, database);
  await query(database, [...insertUsers(0, USERS, hash), insertSessions(0, SESSIONS), "VACUUM ANALYZE"]);
  return server;
}
