// What Better Auth changes on a shared database is seen by the session cache of every replica of Portcullis.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startOurs } from "../support/servers.mjs";
import { Client } from "../support/client.mjs";
import { startPair } from "./pair.mjs";

const PROFILE = "session-cache";
/** Within this time, each replica has seen a change or asks the database. In milliseconds. */
const BOUND = 100;

const session = async (client) => (await client.get("/get-session?disableRefresh=true")).json();

/** Starts Better Auth and two replicas of Portcullis, and signs Ada in at Better Auth. */
async function started(t) {
  const pair = await startPair(PROFILE);
  t.after(() => pair.stop());
  const replica = await startOurs(PROFILE, pair.database);
  t.after(() => replica.stop());
  const ada = pair.at("reference");
  await ada.signUp("ada");
  const first = pair.moved(ada, "ours");
  const second = new Client(replica.port, ada);
  for (const cookie of ada.jar()) second.jar().set(...cookie);
  const clients = [first, second];
  for (const client of clients) await inMemory(client, pair.pool);
  return { ada, clients };
}

/** Waits until a replica answers while the table of sessions is locked, from its memory. */
async function inMemory(client, pool) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    await session(client);
    const lock = await pool.connect();
    await lock.query('BEGIN; LOCK TABLE "session"');
    const answer = session(client).then(() => true);
    const isAnswered = await Promise.race([answer, sleep(300, false)]);
    await lock.query("ROLLBACK");
    lock.release();
    await answer;
    if (isAnswered) return;
  }
  throw new Error("the session is not in memory");
}

test("a session that Better Auth ends is dead at every replica", async (t) => {
  const { ada, clients } = await started(t);
  assert.equal((await ada.post("/sign-out")).status, 200);
  await sleep(BOUND);
  for (const client of clients) assert.equal(await session(client), null);
});

test("a name that Better Auth changes is seen at every replica", async (t) => {
  const { ada, clients } = await started(t);
  assert.equal((await ada.post("/update-user", { name: "Countess" })).status, 200);
  await sleep(BOUND);
  for (const client of clients) assert.equal((await session(client)).user.name, "Countess");
});
