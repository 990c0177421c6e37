// Other Rust servers that follow Better Auth: session checks, sign-ins and sign-ups.
import { SESSIONS, USERS, insertSessions, insertUsers, spread } from "../support/data.mjs";
import { bars } from "../support/plot.mjs";
import { betterAuthRs, build, rustAuth, startFilled } from "../support/peers.mjs";
import { perSecond } from "../support/report.mjs";
import { interleaved, spreadOf, values } from "../support/rounds.mjs";
import { createDatabase, startOurs } from "../support/servers.mjs";
import { checks, passwordHash, query } from "../support/stage.mjs";
import { signIn, signUp } from "./passwords.mjs";

const CONNECTIONS = [16, 64];
const PASSWORDS = 8;

export async function run(stage, report) {
  build();
  const ours = await stage.start(startOurs(stage.database));
  const argon2id = await startArgon2id(stage);
  const others = [await startFilled(stage, betterAuthRs), await startFilled(stage, rustAuth)];
  const [first, second] = others;
  const targets = [
    checks(stage, ours),
    ...others.map((server, at) => peerChecks(stage, server, [betterAuthRs, rustAuth][at])),
  ];

  report.heading("Peers");
  const results = {};
  const rows = [];
  for (const connections of CONNECTIONS) {
    const measured = await interleaved(targets, connections, stage.fewer);
    const row = `get-session, ${connections} connections`;
    report.rounds(`${row}, per second`, measured, [
      [0, 1],
      [0, 2],
    ]);
    results[row] = keyed(measured);
    if (connections === CONNECTIONS.at(-1))
      for (const server of measured) {
        const { median: value, low, high } = spreadOf(values(server));
        rows.push({ name: server.name, value, low, high });
      }
  }
  // The comparison is with a peer of the same hash.
  const pairs = { argon2id: [argon2id, first], scrypt: [ours, second] };
  for (const [what, target] of Object.entries({ "sign-in": signIn, "sign-up": signUp }))
    for (const [hash, servers] of Object.entries(pairs)) {
      const measured = await interleaved(servers.map(target), PASSWORDS, stage.fewer);
      report.rounds(`${what}, ${hash}, per second`, measured, [[0, 1]]);
      results[`${what}, ${hash}`] = keyed(measured);
    }
  const title = `Session checks per second of Rust servers, ${CONNECTIONS.at(-1)} connections`;
  return { results, plots: { "peers.svg": { title, svg: bars(title, rows, perSecond) } } };
}

function keyed([ours, ...others]) {
  return { ours: ours.rounds, ...Object.fromEntries(others.map(({ name, rounds }) => [name, rounds])) };
}

function peerChecks(stage, server, peer) {
  const cookies = spread(SESSIONS).map((session) => peer.cookie(session));
  const file = stage.writeCookies(peer.name, cookies);
  return checks(stage, server, { cookies: file, cookie: peer.cookie });
}

/** Portcullis with argon2id, on a database of its own. */
async function startArgon2id(stage) {
  const database = createDatabase(stage.database, "peer-argon2id");
  const server = await stage.start(startOurs(database, { isShared: false }));
  const hash = await passwordHash(server, database);
  await query(database, [...insertUsers(0, USERS, hash), insertSessions(0, SESSIONS), "VACUUM ANALYZE"]);
  return server;
}
