// Sign-ins and sign-ups, with the ceiling that the machine's own hashing sets.
import { PASSWORD, USERS, insertUsers } from "../support/data.mjs";
import { ceiling } from "../support/floor.mjs";
import { interleaved } from "../support/rounds.mjs";
import { createDatabase, startOurs, startReference } from "../support/servers.mjs";
import { passwordHash, query } from "../support/stage.mjs";

const CONNECTIONS = 8;
const KEYS = ["ours", "reference", "ceilingScrypt", "argon2id", "ceilingArgon2id"];

export async function run(stage, report) {
  const ours = await stage.start(startOurs(stage.database));
  const reference = await stage.start(startReference(stage.database));
  const argon2id = await startArgon2id(stage);
  const servers = [ours, reference, argon2id];

  report.heading(`Sign-ins: POST /sign-in/email, ${CONNECTIONS} connections`);
  const [first, second, third] = servers.map(signIn);
  const targets = [first, second, ceiling("scrypt"), third, ceiling("argon2id")];
  const signIns = await interleaved(targets, CONNECTIONS, stage.fewer);
  report.rounds("per second", signIns, [
    [0, 1],
    [0, 2],
    [3, 4],
  ]);

  report.heading(`Sign-ups: POST /sign-up/email, ${CONNECTIONS} connections`);
  const signUps = await interleaved(servers.map(signUp), CONNECTIONS, stage.fewer);
  report.rounds("per second", signUps, [[0, 1]]);
  const keyed = (measured, keys) =>
    Object.fromEntries(measured.map(({ rounds }, at) => [keys[at], rounds]));
  return {
    results: {
      signIn: keyed(signIns, KEYS),
      signUp: keyed(signUps, ["ours", "reference", "argon2id"]),
    },
  };
}

/** A server on a database of its own, since Better Auth cannot verify its hashes. */
async function startArgon2id(stage) {
  const database = createDatabase(stage.database, "argon2id");
  const server = await stage.start(startOurs(database, { isShared: false }));
  const hash = await passwordHash(server, database);
  await query(database, [...insertUsers(0, USERS, hash), "VACUUM ANALYZE"]);
  return server;
}

export function signIn(server) {
  const body = JSON.stringify({ email: "u{user}@example.com", password: PASSWORD });
  return { name: server.name, url: server.url("/sign-in/email"), body };
}

export function signUp(server) {
  const body = JSON.stringify({ name: "Ada", email: "new{unique}@example.com", password: PASSWORD });
  return { name: server.name, url: server.url("/sign-up/email"), body };
}
