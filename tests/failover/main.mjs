// The fail-over test. `node main.mjs [standby]`: with the word, a standby answers session checks (`database.read_url`).
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { Deployment } from "./support/deployment.mjs";
import { ask, Load } from "./support/load.mjs";
import { until } from "./support/programs.mjs";

const USERS = 16;
const other = (name) => (name === "a" ? "b" : "a");

const faults = {
  "the primary crashes": async (deployment) => {
    const primary = await deployment.primary();
    deployment.killNode(primary);
    await until("no new primary", 120, () => deployment.isPrimary(other(primary)));
    return () => deployment.startNode(primary);
  },
  "the primary is switched over": async (deployment) => {
    const primary = await deployment.primary();
    await deployment.switchOver(primary, other(primary));
    await until("no new primary", 120, () => deployment.isPrimary(other(primary)));
  },
  "a server of ours crashes": async (deployment) => {
    deployment.killServer("one");
    return () => deployment.startServer("one");
  },
};

for (const readUrl of process.argv.includes("standby") ? [true] : [false, true]) {
  console.log(readUrl ? "\na standby answers session checks" : "the primary answers session checks");
  const deployment = await Deployment.start({ readUrl });
  try {
    await test(deployment, readUrl);
  } catch (error) {
    for (const name of ["server-one", "server-two", "pgbouncer", "patroni-a", "patroni-b"]) {
      console.error(`--- ${name}\n${deployment.programs.log(name).split("\n").slice(-15).join("\n")}`);
    }
    process.exitCode = 1;
    console.error(error);
  } finally {
    await deployment.end();
  }
}

async function test(deployment, readUrl) {
  const load = new Load(deployment.url, USERS);
  const start = performance.now();
  await sleep(5000);
  console.log(`  before: ${load.writes.length} writes and ${load.checks.answered} session checks in 5 s`);
  for (const [what, cause] of Object.entries(faults)) {
    const writes = load.writes.length;
    const began = performance.now();
    const failed = load.checks.failed;
    const repair = await cause(deployment);
    await until("there are no writes", 120, () => load.writes.length > writes + 10);
    await sleep(5000);
    const pause = load.longestPause(began).toFixed(1);
    console.log(`  ${what}: ${pause} s without writes, ${load.checks.failed - failed} session checks failed`);
    await repair?.();
    await deployment.untilSynchronous();
    await sleep(2000);
  }
  await load.stop();
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`  ${seconds} s: ${load.writes.length} writes, ${load.checks.answered} session checks`);
  console.log(`  failed requests by status (0: no answer): ${JSON.stringify(load.failures)}`);
  if (readUrl) await expectStandbyInUse(deployment);
  await verify(deployment, load);
}

/** The standby answers again after all faults, as our servers log. */
async function expectStandbyInUse(deployment) {
  for (const name of Object.keys(deployment.servers)) {
    await until(`server ${name} does not use the standby`, 60, () => {
      const lines = deployment.programs.log(`server-${name}`).split("\n");
      const last = lines.filter((line) => line.includes("session checks use the")).at(-1);
      return last?.includes('"session checks use the standby"');
    });
  }
}

/** Every acknowledged write is there, at both servers. */
async function verify(deployment, load) {
  const stored = new Set(await deployment.sql('SELECT email FROM "user"'));
  for (const email of load.users) if (!stored.has(email)) load.violations.push(`${email} was lost`);
  const agent = new http.Agent({ keepAlive: true });
  for (const { port } of Object.values(deployment.servers)) {
    const url = `http://127.0.0.1:${port}/api/auth/get-session`;
    for (const [cookie, email] of load.live) {
      const { status, text } = await ask(agent, url, { cookie });
      if (status !== 200) load.violations.push(`${email}: status ${status} at the end`);
      else if (JSON.parse(text)?.user.email !== email) load.violations.push(`${email}: a session was lost`);
    }
    for (const cookie of load.dead.keys()) {
      const { status, text } = await ask(agent, url, { cookie });
      if (status !== 200 || text !== "null") load.violations.push("a revoked session is live at the end");
    }
  }
  agent.destroy();
  const counts = `${load.users.size} users, ${load.live.size} live and ${load.dead.size} revoked sessions`;
  if (load.violations.length > 0) throw new Error(`${counts}; violations:\n${load.violations.join("\n")}`);
  console.log(`  every acknowledged write is there: ${counts}`);
}
