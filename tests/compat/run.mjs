// Plays every scenario on the reference and on ours, and tells where their answers or rows differ.
//
//   node run.mjs [--only TEXT]... [--show]
//
// --only plays the scenarios whose name holds one of the texts, --show prints what the reference did. What may differ
// stands in docs/deviations.txt. Exit status: 0 nothing else differs, 1 something does.
import { readFileSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { profiles } from "./profiles.mjs";
import { Deviations, differences } from "./support/compare.mjs";
import { Mailbox } from "./support/mailbox.mjs";
import { Player } from "./support/player.mjs";
import { openPool, secret, startDatabases, startOurs, startReference } from "./support/servers.mjs";

const document = (name) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
const { values: options } = parseArgs({
  options: { only: { type: "string", multiple: true, default: [""] }, show: { type: "boolean", default: false } },
});
const deviations = Deviations.from(document("deviations.txt"));
const tally = { scenarios: 0, steps: 0, meant: 0, failed: 0 };
/** How many scenarios a pair of servers plays before it is another's turn. */
const SHARE = 30;

// Whoever ends the run ends the servers, which is done on exit.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

const databases = await startDatabases();
try {
  const shares = (await chosen()).entries();
  await Promise.all(Array.from({ length: availableParallelism() }, () => compareAll(shares)));
} finally {
  await databases.stop();
}
const complaints = bookkeeping();
for (const complaint of complaints) console.log(complaint);
console.log(
  `\n${tally.scenarios} scenarios, ${tally.steps} steps, ${tally.meant} of them differ as is meant, ${tally.failed} otherwise`,
);
process.exitCode = tally.failed + complaints.length === 0 && tally.scenarios > 0 ? 0 : 1;

/** A profile and scenarios for it, each a pair of name and function, as often as there are more of them. */
async function chosen() {
  const byProfile = new Map();
  const folder = new URL("scenarios/", import.meta.url);
  for (const file of readdirSync(folder).sort()) {
    const { default: scenarios, profile = "plain" } = await import(new URL(file, folder));
    const found = Object.entries(scenarios).filter(([name]) => options.only.some((text) => name.includes(text)));
    if (found.length > 0) byProfile.set(profile, [...(byProfile.get(profile) ?? []), ...found]);
  }
  return [...byProfile].flatMap(([profile, scenarios]) => {
    const shares = Array.from({ length: Math.ceil(scenarios.length / SHARE) }, (_, at) => at * SHARE);
    return shares.map((from) => [profile, scenarios.slice(from, from + SHARE)]);
  });
}

/** Takes one share after the other, beside others who do. */
async function compareAll(shares) {
  for (const [index, [profile, scenarios]] of shares) await compare(index, profile, scenarios);
}

async function compare(index, profile, scenarios) {
  const sides = [];
  try {
    for (const [side, start] of Object.entries({ reference: startReference, ours: startOurs })) {
      const database = await databases.database(`${profile}-${side}-${index}`);
      const mailbox = await Mailbox.open({ isSigned: side === "ours" });
      sides.push({ mailbox, pool: openPool(database), ...(await start(profile, database, mailbox)) });
    }
    for (const [name, scenario] of scenarios) report(name, await played(profile, sides, scenario));
  } finally {
    for (const { mailbox, pool, stop } of sides) {
      await pool.end();
      await stop();
      await mailbox.stop();
    }
  }
}

/** What both sides wrote down, the reference first. */
function played(profile, sides, scenario) {
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
    else if (all.length > 0) tally.meant += 1;
    if (open.length > 0) console.log(`\n✗ ${name} | ${at + 1} ${step}\n${open.map(shortened).join("\n")}`);
  }
}

function shortened(difference) {
  return `    ${difference.length > 500 ? `${difference.slice(0, 500)}…` : difference}`;
}

/** An address of its own for each scenario, so that no limit of one is felt in another. */
function address() {
  return `198.51.100.${(tally.scenarios % 254) + 1}`;
}

/** What is wrong with the list of deviations itself. */
function bookkeeping() {
  const page = readFileSync(document("deviations.md"), "utf8");
  const unexplained = deviations.unexplained(page).map((line) => `no row of deviations.md explains: ${line}`);
  const unused = options.only.includes("") ? deviations.unused() : [];
  return [...unexplained, ...unused.map((line) => `excuses nothing: ${line}`)];
}
