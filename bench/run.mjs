// Measures session checks, sign-ins and memory: node run.mjs [--rounds N] [--seconds N]. README.md describes the
// measurement and how to read the results.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { startPostgres } from "../tests/support/postgres.mjs";
import { generator, read, write } from "./support/load.mjs";
import { heading, mebibytes, milliseconds, perSecond, ratio, table } from "./support/report.mjs";
import { startAdopted, startBaseline, startOurs, startReference } from "./support/servers.mjs";

const CHECKS = 16;
const CALM = 4;
const STORM = 8;
const BURST = 20;
const BURSTS = 5;
/** Databases that Drizzle has made: with text ids and with uuid ids. */
const ADOPTED = ["drizzle", "drizzle-uuid"];
const PERSON = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, seconds: { type: "string", default: "4" } },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

const running = [];
const started = async (server) => (running.unshift(await server), running[0]);
try {
  const database = await started(startPostgres());
  const reference = await started(startReference(database.url));
  const ours = await started(startOurs(database.url));
  const baseline = await started(startBaseline(database.url));
  const cookie = await signUp(reference);
  for (const server of [reference, ours, baseline]) await assertKnowsSession(server, cookie);
  const idle = [ours.memory(), reference.memory()];

  await checks([baseline, ours, reference], cookie);
  await adoptedChecks(ours, cookie, database.url);
  await signIns([ours, reference]);
  await storm([ours, reference], cookie);
  // Last, because it replaces the user's hash by one that Better Auth cannot verify.
  await memory([ours, reference], idle, () => started(startOurs(database.url, { isShared: false })));
} finally {
  for (const { stop } of running) await stop();
}

/** Creates the user, and returns the session cookie. */
async function signUp(server) {
  const answer = await fetch(server.url("/sign-up/email"), {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin },
    body: JSON.stringify(PERSON),
  });
  assert.equal(answer.status, 200);
  return answer.headers.getSetCookie()[0].split(";")[0];
}

/** Without this check, a server that does not find the session would look fast. */
async function assertKnowsSession(server, cookie) {
  const answer = await fetch(server.url("/get-session"), { headers: { cookie } });
  const found = await answer.json();
  assert.equal(found?.user.email, PERSON.email, `${server.name} finds the session`);
}

async function checks(servers, cookie) {
  const measured = await interleaved(servers, (server) => read(check(server, cookie), CHECKS, seconds));
  const [baseline, ours, reference] = measured;
  heading(`Session checks: GET /get-session, ${CHECKS} connections (${generator}), ${rounds} × ${seconds} s`);
  table(["", "per second", "median ms", "p99 ms"], measured.map(row));
  ratio("Responses per second, Portcullis / bare handler", ours.rate / baseline.rate);
  ratio("Responses per second, Portcullis / Better Auth", ours.rate / reference.rate);
}

/** Session checks on Better Auth's own tables and through the views of an adopted database. */
async function adoptedChecks(ours, cookie, database) {
  const cookies = new Map([[ours, cookie]]);
  for (const kind of ADOPTED) {
    const server = await started(startAdopted(database, kind));
    cookies.set(server, await signUp(server));
    await assertKnowsSession(server, cookies.get(server));
  }
  const servers = [...cookies.keys()];
  const measured = await interleaved(servers, (server) => read(check(server, cookies.get(server)), CHECKS, seconds));
  heading(`Session checks on adopted databases: ${CHECKS} connections, ${rounds} × ${seconds} s`);
  table(["", "per second", "median ms", "p99 ms"], measured.map(row));
  for (const { name, rate } of measured.slice(1))
    ratio(`Responses per second, ${name} / Better Auth's own tables`, rate / measured[0].rate);
}

async function signIns(servers) {
  const measured = await interleaved(servers, (server) => write(signIn(server), STORM, seconds));
  const [ours, reference] = measured;
  heading(`Sign-ins: POST /sign-in/email, scrypt, ${STORM} connections, ${rounds} × ${seconds} s`);
  table(["", "per second", "median ms", "p99 ms"], measured.map(row));
  ratio("Sign-ins per second, Portcullis / Better Auth", ours.rate / reference.rate);
}

async function storm(servers, cookie) {
  const calm = await interleaved(servers, (server) => read(check(server, cookie), CALM, seconds));
  const stormy = await interleaved(servers, async (server) => {
    const storm = write(signIn(server), STORM, seconds + 1);
    await sleep(1000);
    const measured = await read(check(server, cookie), CALM, seconds);
    const { refused } = await storm;
    return { ...measured, refused: measured.refused + refused };
  });
  heading(`Session checks during sign-ins: ${CALM} connections, while ${STORM} others sign in`);
  table(
    ["", "median ms, calm", "p99 ms, calm", "median ms, storm", "p99 ms, storm"],
    stormy.map((storm, at) => [storm.name, ...times(calm[at]), ...times(storm)]),
  );
  for (const [at, { name, median }] of stormy.entries())
    ratio(`${name}: median, storm / calm`, median / calm[at].median);
  ratio("Median in the storm, Portcullis / Better Auth", stormy[0].median / stormy[1].median);
}

/** Resident memory before and after bursts of simultaneous sign-ins. */
async function memory(servers, idle, startArgon2id) {
  if (idle.includes(null)) return;
  const rows = [];
  const measure = async (server, before) => {
    for (let burst = 0; burst < BURSTS; burst += 1) {
      const { refused } = await write(signIn(server), BURST, 1);
      assert.equal(refused, 0, `${server.name} answered every request with 2xx`);
    }
    const { now, peak } = server.memory();
    rows.push([server.name, ...[before.now, now, peak].map(mebibytes)]);
  };
  for (const [at, server] of servers.entries()) await measure(server, idle[at]);
  const argon2id = await startArgon2id();
  await measure(argon2id, argon2id.memory());
  heading(`Memory in MiB: before any load, and after ${BURSTS} bursts of sign-ins on ${BURST} connections`);
  table(["", "before", "after", "peak"], rows);
}

function check(server, cookie) {
  return { url: server.url("/get-session"), cookie };
}

function signIn(server) {
  const { email, password } = PERSON;
  return { url: server.url("/sign-in/email"), body: JSON.stringify({ email, password }) };
}

/** Medians of interleaved rounds, so that a slow minute of the machine affects all servers alike. */
async function interleaved(servers, measure) {
  const outcomes = servers.map(() => []);
  for (const server of servers) await measure(server);
  for (let round = 0; round < rounds; round += 1)
    for (const [at, server] of servers.entries()) {
      const outcome = await measure(server);
      assert.equal(outcome.refused, 0, `${server.name} answered every request with 2xx`);
      outcomes[at].push(outcome);
    }
  return servers.map(({ name }, at) => ({
    name,
    rate: medianOf(outcomes[at], "rate"),
    median: medianOf(outcomes[at], "median"),
    tail: medianOf(outcomes[at], "tail"),
  }));
}

function medianOf(outcomes, key) {
  const sorted = outcomes.map((outcome) => outcome[key]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function row(measured) {
  return [measured.name, perSecond(measured.rate), ...times(measured)];
}

function times({ median, tail }) {
  return [milliseconds(median), milliseconds(tail)];
}
