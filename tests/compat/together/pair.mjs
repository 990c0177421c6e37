// Better Auth and Portcullis on one database, at the same time.
import { createLocalJWKSet, jwtVerify } from "jose";

import { profiles } from "../profiles.mjs";
import { Client } from "../support/client.mjs";
import { Mailbox } from "../support/mailbox.mjs";
import { fill, standIn } from "../support/kinds.mjs";
import { openPool, runOurs, startDatabases, startOurs, startReference } from "../support/servers.mjs";

/** Pairs of the server that creates something and the server that uses it. */
export const WAYS = [
  ["reference", "ours"],
  ["ours", "reference"],
];

let count = 0;

/**
 * Starts both servers with a profile. `kind` is a kind of tables in `adopt/`; `databases` is a running PostgreSQL, if there
 * is one.
 *
 * @returns `at(name)`, a new client of a server; `moved(client, name)`, a client of a server with the same cookies;
 *     `message(to)`, the newest message to an address; `run(command)`, a command of Portcullis; `database`, `pool` and `stop`
 */
export async function startPair(profile, { kind, databases: given } = {}) {
  const { baseURL } = profiles[profile];
  const running = [];
  const keep = (started) => (running.unshift(started), started);
  const databases = given ?? keep(await startDatabases());
  const created = await databases.database(`together-${(count += 1)}`);
  const { database, searchPath } = kind ? await fill(created, kind) : { database: created };
  const pool = openPool(database, searchPath);
  keep({ stop: () => pool.end() });
  const mailboxes = [];
  const servers = {};
  const isAlone = kind && process.env.SELF;
  for (const [name, start] of Object.entries({ reference: startReference, ours: isAlone ? standIn : startOurs })) {
    mailboxes.push(keep(await Mailbox.open({ isSigned: start === startOurs })));
    servers[name] = keep(await start(profile, database, mailboxes.at(-1), kind));
  }
  const at = (name) => new Client(servers[name].port, { baseURL });
  return {
    at,
    database,
    pool,
    moved(client, name) {
      const other = at(name);
      for (const pair of client.jar()) other.jar().set(...pair);
      return other;
    },
    message: (to) => arrived(mailboxes, to),
    run: (command) => runOurs(command, profile, database, mailboxes.at(-1)),
    async stop() {
      for (const started of running) await started.stop();
    },
  };
}

/** The keys that a server publishes. */
export async function keys(pair, server) {
  return (await pair.at(server).get("/jwks")).json().keys;
}

/** Verifies a JWT with the keys that a server publishes, and returns its e-mail address. */
export async function verified(pair, jwt, server) {
  const { baseURL } = pair.at(server);
  const options = { issuer: baseURL, audience: baseURL };
  return (await jwtVerify(jwt, createLocalJWKSet({ keys: await keys(pair, server) }), options)).payload.email;
}

/** Waits for a message to this address: Portcullis sends messages after the response. */
async function arrived(mailboxes, to) {
  for (let attempt = 0; attempt < 1500; attempt += 1) {
    for (const mailbox of mailboxes) {
      const message = mailbox.take(to);
      if (message) return message;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no message to ${to} arrived`);
}
