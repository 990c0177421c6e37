// Plays every scenario on Better Auth and on Portcullis, and reports the differences in their responses and rows.
//
//   node run.mjs [--only TEXT]... [--show] [--self]
//
// --only plays the scenarios whose name contains one of the texts; --show prints the steps of Better Auth. --self plays
// Better Auth against itself: a difference then shows that a scenario or a mask is wrong.
// docs/deviations.txt lists the accepted differences. Exit status: 0 if there are no others, 1 if there are.
import { readFileSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { profiles } from "./profiles.mjs";
import { Deviations, differences } from "./support/compare.mjs";
import { Mailbox } from "./support/mailbox.mjs";
import { Player } from "./support/player.mjs";
import { Provider } from "./support/provider.mjs";
import { openPool, secret, startDatabases, startOurs, startReference } from "./support/servers.mjs";

const document = (name) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [""] },
    show: { type: "boolean", default: false },
    self: { type: "boolean", default: false },
  },
});
const deviations = options.self ? new Deviations("") : Deviations.from(document("deviations.txt"));
const tally = { scenarios: 0, steps: 0, listed: 0, failed: 0 };
/** Number of scenarios that one pair of servers plays. */
const BATCH = 30;

const databases = await startDatabases();
try {
  const batches = (await chosen()).entries();
  await Promise.all(Array.from({ length: availableParallelism() }, () => compareAll(batches)));
} finally {
  await databases.stop();
}
const problems = listProblems();
for (const problem of problems) console.log(problem);
console.log(
  `\n${tally.scenarios} scenarios, ${tally.steps} steps: ${tally.listed} differ as listed, ${tally.failed} otherwise`,
);
process.exitCode = tally.failed + problems.length === 0 && tally.scenarios > 0 ? 0 : 1;

/** Returns the chosen scenarios in batches: pairs of a profile and a list of `[name, function]`. */
async function chosen() {
  const byProfile = new Map();
  const folder = new URL("scenarios/", import.meta.url);
  for (const file of readdirSync(folder).sort()) {
    const { default: scenarios, profile = "plain" } = await import(new URL(file, folder));
    const found = Object.entries(scenarios).filter(([name]) => options.only.some((text) => name.includes(text)));
    if (found.length > 0) byProfile.set(profile, [...(byProfile.get(profile) ?? []), ...found]);
  }
  return [...byProfile].flatMap(([profile, scenarios]) => {
    const batches = Array.from({ length: Math.ceil(scenarios.length / BATCH) }, (_, at) => at * BATCH);
    return batches.map((from) => [profile, scenarios.slice(from, from + BATCH)]);
  });
}

/** Compares batches until none is left. Several calls share one iterator. */
async function compareAll(batches) {
  for (const [index, [profile, scenarios]] of batches) await compare(index, profile, scenarios);
}

async function compare(index, profile, scenarios) {
  const sides = [];
  try {
    const starts = { reference: startReference, ours: options.self ? startReference : startOurs };
    for (const [side, start] of Object.entries(starts)) {
      const database = await databases.database(`${profile}-${side}-${index}`);
      const mailbox = await Mailbox.open({ isSigned: start === startOurs });
      const provider = await Provider.open();
      const server = await start(profile, database, mailbox, undefined, provider);
      sides.push({ mailbox, provider, pool: openPool(database), ...server });
    }
    for (const [name, scenario] of scenarios) report(name, await playOnBoth(profile, sides, scenario));
  } finally {
    for (const { mailbox, provider, pool, stop } of sides) {
      await pool.end();
      await stop();
      await mailbox.stop();
      await provider.stop();
    }
  }
}

/** Plays a scenario on both servers at once, and returns the steps of both, Better Auth's first. */
function playOnBoth(profile, sides, scenario) {
  const { baseURL, reference } = profiles[profile];
  const world = { secret, baseURL, reference, address: address() };
  return Promise.all(sides.map((side) => new Player(side, world).play(scenario)));
}

function report(name, [reference, ours]) {
  tally.scenarios += 1;
  if (options.show) console.log(JSON.stringify(reference, null, 1));
  for (let at = 0; at < Math.max(reference.length, ours.length); at += 1) {
    const { step } = reference[at] ?? ours[at];
    const all = differences(reference[at], ours[at]);
    if (step === "stopped") all.push(`stopped: ${reference[at]?.stack} -> ${ours[at]?.stack}`);
    const open = all.filter((difference) => !deviations.excuse(name, step, difference));
    tally.steps += 1;
    if (open.length > 0) tally.failed += 1;
    else if (all.length > 0) tally.listed += 1;
    if (open.length > 0) console.log(`\n✗ ${name} | ${at + 1} ${step}\n${open.map(shortened).join("\n")}`);
  }
}

function shortened(difference) {
  return `    ${difference.length > 500 ? `${difference.slice(0, 500)}…` : difference}`;
}

/** A separate client address for each scenario, so that rate limits of one do not affect another. */
function address() {
  return `198.51.100.${(tally.scenarios % 254) + 1}`;
}

/** Problems of the list of deviations: lines without a documented reason, and unused lines. */
function listProblems() {
  const page = readFileSync(document("deviations.md"), "utf8");
  const unexplained = deviations.unexplained(page).map((line) => `reason is not in deviations.md: ${line}`);
  const unused = options.only.includes("") ? deviations.unused() : [];
  return [...unexplained, ...unused.map((line) => `matches no difference: ${line}`)];
}
