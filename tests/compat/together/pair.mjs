// The reference and ours on one database, at the same time.
import { createLocalJWKSet, jwtVerify } from "jose";

import { profiles } from "../profiles.mjs";
import { Client } from "../support/client.mjs";
import { Mailbox } from "../support/mailbox.mjs";
import { openPool, runOurs, startDatabases, startOurs, startReference } from "../support/servers.mjs";

/** Where something is made, and where it is used. */
export const WAYS = [
  ["reference", "ours"],
  ["ours", "reference"],
];

/**
 * Starts both with a profile.
 *
 * @returns `at(name)`, a browser at one of them; `moved(client, name)`, the same browser at the other;
 *     `message(to)`, what either has sent there last; `run(command)` of ours; `pool` and `stop`
 */
export async function startPair(profile) {
  const { baseURL } = profiles[profile];
  const running = [];
  const keep = (started) => (running.unshift(started), started);
  const databases = keep(await startDatabases());
  const database = await databases.database("together");
  const pool = openPool(database);
  keep({ stop: () => pool.end() });
  const mailboxes = [];
  const servers = {};
  for (const [name, start] of Object.entries({ reference: startReference, ours: startOurs })) {
    mailboxes.push(keep(await Mailbox.open({ isSigned: name === "ours" })));
    servers[name] = keep(await start(profile, database, mailboxes.at(-1)));
  }
  const at = (name) => new Client(servers[name].port, { baseURL });
  return {
    at,
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

/** The keys that `where` publishes. */
export async function keys(pair, where) {
  return (await pair.at(where).get("/jwks")).json().keys;
}

/** Whose token it is, by the keys that `where` publishes. */
export async function verified(pair, jwt, where) {
  const { baseURL } = pair.at(where);
  const options = { issuer: baseURL, audience: baseURL };
  return (await jwtVerify(jwt, createLocalJWKSet({ keys: await keys(pair, where) }), options)).payload.email;
}

/** Ours sends what is queued, a moment after the answer. */
async function arrived(mailboxes, to) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    for (const mailbox of mailboxes) {
      const message = mailbox.take(to);
      if (message) return message;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${to} was sent nothing`);
}
