// The reference and ours on one database, at the same time.
import { profiles } from "../profiles.mjs";
import { Client } from "../support/client.mjs";
import { Mailbox } from "../support/mailbox.mjs";
import { openPool, startDatabases, startOurs, startReference } from "../support/servers.mjs";

/** Where something is made, and where it is used. */
export const WAYS = [
  ["reference", "ours"],
  ["ours", "reference"],
];

/**
 * Starts both with a profile.
 *
 * @returns `at(name)`, a browser at one of them; `moved(client, name)`, the same browser at the other;
 *     `message(to)`, what either has sent there last; `database`, `pool` and `stop`
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
    database,
    pool,
    moved(client, name) {
      const other = at(name);
      for (const pair of client.jar()) other.jar().set(...pair);
      return other;
    },
    message: (to) => arrived(mailboxes, to),
    async stop() {
      for (const started of running) await started.stop();
    },
  };
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
