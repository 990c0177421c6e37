// Time from the start of the process to its first answer, on a database with all tables.
import { cell, milliseconds } from "../support/report.mjs";
import { startBaseline, startOurs, startReference } from "../support/servers.mjs";

export async function run(stage, report) {
  const { rounds } = stage.options;
  const kinds = {
    ours: (from) => startOurs(stage.database, { beforeStart: from }),
    reference: (from) => (from(), startReference(stage.database)),
    bareHandler: (from) => (from(), startBaseline(stage.database)),
  };
  const results = {};
  const names = [];
  for (let round = 0; round < rounds; round += 1)
    for (const [key, start] of Object.entries(kinds))
      await stage.scope(async () => {
        let began = 0;
        const server = await stage.start(start(() => (began = performance.now())));
        (results[key] ??= []).push(performance.now() - began);
        names.push([key, server.name]);
      });
  report.heading("Start: milliseconds from the start of the process to the first answer");
  const named = Object.fromEntries(names);
  report.table(
    ["", "median (lowest–highest)"],
    Object.entries(results).map(([key, list]) => [named[key], cell(list, milliseconds)]),
  );
  return { results };
}
