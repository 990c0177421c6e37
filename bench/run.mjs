// Measures Portcullis beside Better Auth: node run.mjs [--only SECTION,SECTION] [--rounds N] [--seconds N]
// [--connections N,N] [--peers] [--write] [SECTION…]. README.md describes the measurement and how to read the results.
import { execFileSync } from "node:child_process";
import os from "node:os";
import { parseArgs } from "node:util";

import { printGoals } from "./support/goals.mjs";
import { assertInstalled } from "./support/load.mjs";
import { readResults, writeResults, writeSection } from "./support/page.mjs";
import { Report } from "./support/report.mjs";
import { Stage } from "./support/stage.mjs";

const SECTIONS = [
  "checks",
  "cookie-cache",
  "session-cache",
  "passwords",
  "tokens",
  "storm",
  "cost",
  "growth",
  "processes",
  "memory",
  "start",
  "adopted",
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    connections: { type: "string", default: "1,8,16,64,256" },
    only: { type: "string", default: "" },
    peers: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
  },
});
const chosen = [...positionals, ...values.only.split(",")].filter(Boolean);
const usual = values.peers ? [...SECTIONS, "peers"] : SECTIONS;
const sections = chosen.length > 0 ? chosen : usual;
const unknown = sections.filter((name) => ![...SECTIONS, "peers"].includes(name));
if (unknown.length > 0) throw new Error(`unknown section ${unknown}; there are ${SECTIONS}, peers`);

await assertInstalled();
const report = new Report();
const results = values.write ? readResults() : {};
const stage = new Stage({
  connections: values.connections.split(",").map(Number),
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
});
try {
  await stage.open();
  results.machine = await machine();
  report.note(Object.entries(results.machine).map(([name, value]) => `${name}: ${value}`).join("; "));
  keep("machine", {});
  for (const name of sections) await measure(name).catch((error) => fail(name, error));
} finally {
  await stage.close();
  printGoals(report, results);
  keep("goals", {});
}

async function measure(name) {
  const began = performance.now();
  const { run } = await import(`./sections/${name}.mjs`);
  const measured = await stage.scope(() => run(stage, report));
  if (measured.results) results[name] = measured.results;
  keep(name, measured.plots ?? {});
  console.error(`${name}: ${Math.round((performance.now() - began) / 1000)} s`);
}

/** Reports a section without a result. The others are measured nevertheless. */
function fail(name, error) {
  // What the section has printed must not become a part of the page.
  report.take();
  console.error(`${name} has no result:`, error);
  process.exitCode = 1;
}

/** Writes what a section has printed, with `--write`. */
function keep(name, plots) {
  const text = report.take();
  if (!values.write) return;
  writeSection(name, text, plots);
  writeResults(results);
}

async function machine() {
  const version = (program, flag) => execFileSync(program, [flag], { encoding: "utf8" }).trim();
  return {
    processor: `${os.cpus()[0].model}, ${os.cpus().length} cores`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.release()}`,
    PostgreSQL: version(`${stage.postgres.programs}/postgres`, "--version").split(" ")[2],
    Node: process.version,
    rounds: `${values.rounds} × ${values.seconds} s`,
  };
}
