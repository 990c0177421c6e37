// How the cost of a session check grows with the number of sessions.
import { cookie, email, insertSessions, insertUsers, spread } from "../support/data.mjs";
import { lines } from "../support/plot.mjs";
import { perSecond } from "../support/report.mjs";
import { interleaved, spreadOf, values } from "../support/rounds.mjs";
import { createDatabase, secret, startOurs } from "../support/servers.mjs";
import { get, passwordHash, query } from "../support/stage.mjs";

const CONNECTIONS = 64;
const SIZES = [1000, 10_000, 100_000, 1_000_000];
const PER_USER = 5;

export async function run(stage, report) {
  const database = createDatabase(stage.database, "growth");
  const ours = await stage.start(startOurs(database));
  const hash = await passwordHash(ours, database);
  report.heading(`Growth: GET /get-session by the number of sessions, ${CONNECTIONS} connections`);
  const measured = [];
  let before = 0;
  for (const sessions of SIZES) {
    await grow(database, before, sessions, hash);
    const [{ rounds }] = await interleaved([target(stage, ours, sessions)], CONNECTIONS, stage.fewer);
    measured.push({ name: sessions.toLocaleString("en"), rounds });
    before = sessions;
  }
  report.rounds("sessions, per second", measured, [[measured.length - 1, 0]]);
  const title = "Session checks per second, by sessions in the database";
  const series = [{ name: "Portcullis", values: measured.map((one) => spreadOf(values(one)).median) }];
  const names = measured.map(({ name }) => name);
  return {
    results: Object.fromEntries(measured.map(({ rounds }, at) => [SIZES[at], rounds])),
    plots: { "growth.svg": { title, svg: lines(title, names, series, perSecond, "sessions") } },
  };
}

async function grow(database, before, sessions, hash) {
  const [had, users] = [before / PER_USER, sessions / PER_USER];
  await query(database, [
    // The users exist already or are inserted now, so PostgreSQL need not look each one up.
    "SET session_replication_role = replica",
    ...insertUsers(had, users, hash),
    insertSessions(before, sessions, users),
    "VACUUM ANALYZE",
    "CHECKPOINT",
  ]);
}

function target(stage, server, sessions) {
  const numbers = spread(sessions);
  const cookies = stage.writeCookies("growth", numbers.map((session) => cookie(session, secret)));
  const url = server.url("/get-session");
  const known = async () => {
    const body = await get(url, cookie(sessions - 1, secret));
    if (!body.includes(`"${email(sessions - 1, sessions / PER_USER)}"`)) throw new Error(body);
    return body.length - 20;
  };
  return { name: server.name, url, cookies, known };
}
