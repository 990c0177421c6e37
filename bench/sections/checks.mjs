// Session checks without any cache, and their floors.
import { pgbench } from "../support/floor.mjs";
import { bars, lines } from "../support/plot.mjs";
import { perSecond } from "../support/report.mjs";
import { interleaved, median, spreadOf, values } from "../support/rounds.mjs";
import { startBaseline, startOurs, startReference } from "../support/servers.mjs";
import { checks } from "../support/stage.mjs";

const KEYS = ["ours", "reference", "bareHandler", "bareRoute", "pgbench"];

export async function run(stage, report) {
  const ours = await stage.start(startOurs(stage.database));
  const reference = await stage.start(startReference(stage.database));
  const baseline = await stage.start(startBaseline(stage.database));
  const targets = [
    checks(stage, ours),
    checks(stage, reference),
    checks(stage, baseline),
    { name: "bare route", url: baseline.url("/constant"), cookies: stage.cookies },
    pgbench(stage.postgres),
  ];
  report.heading("Session checks: GET /get-session, without any cache");
  const results = {};
  for (const connections of stage.options.connections) {
    const measured = await interleaved(targets, connections, stage.options);
    report.rounds(`${connections} ${connections === 1 ? "connection" : "connections"}, per second`, measured, [
      [0, 1],
      [0, 2],
      [0, 4],
      [2, 4],
    ]);
    results[connections] = Object.fromEntries(KEYS.map((key, at) => [key, measured[at].rounds]));
  }
  return { results, plots: plots(results, targets) };
}

function plots(results, targets) {
  const all = Object.keys(results);
  const series = KEYS.map((key, at) => ({
    name: targets[at].name,
    values: all.map((connections) => median(results[connections][key].map(({ rate }) => rate))),
  }));
  const title = "Session checks per second, by connections";
  const pictures = { "checks.svg": { title, svg: lines(title, all, series, perSecond, "connections") } };
  const shown = all.includes("64") ? "64" : all.at(-1);
  const rows = KEYS.map((key, at) => {
    const { median: value, low, high } = spreadOf(values({ rounds: results[shown][key] }));
    return { name: targets[at].name, value, low, high };
  });
  const second = `Session checks per second, ${shown} connections`;
  return { ...pictures, "checks-bars.svg": { title: second, svg: bars(second, rows, perSecond) } };
}
