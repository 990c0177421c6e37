// Session checks on several processes of Portcullis, with the connections spread over them.
import { read } from "../support/load.mjs";
import { interleaved } from "../support/rounds.mjs";
import { startOurs } from "../support/servers.mjs";
import { checks } from "../support/stage.mjs";

const CONNECTIONS = 64;
const COUNTS = [1, 2, 4];

export async function run(stage, report) {
  const servers = [];
  for (let count = 0; count < Math.max(...COUNTS); count += 1)
    servers.push(await stage.start(startOurs(stage.database)));
  const all = servers.map((server) => checks(stage, server));
  const targets = COUNTS.map((count) => together(all.slice(0, count)));
  const measured = await interleaved(targets, CONNECTIONS, stage.fewer);
  report.heading(`Processes: GET /get-session, ${CONNECTIONS} connections spread over them`);
  report.rounds("per second", measured, [
    [1, 0],
    [2, 0],
  ]);
  return { results: Object.fromEntries(COUNTS.map((count, at) => [count, measured[at].rounds])) };
}

/** One target of several servers. The response times are those of the slowest server. */
function together(targets) {
  return {
    name: targets.length === 1 ? "1 process" : `${targets.length} processes`,
    async known() {
      const sizes = [];
      for (const target of targets) sizes.push(await target.known());
      return Math.min(...sizes);
    },
    async measure(connections, seconds) {
      const each = Math.floor(connections / targets.length);
      const measured = await Promise.all(targets.map((target) => read(target, each, seconds)));
      const sum = (key) => measured.reduce((total, one) => total + one[key], 0);
      const most = (key) => Math.max(...measured.map((one) => one[key]));
      const size = Math.min(...measured.map((one) => one.size));
      return { rate: sum("rate"), median: most("median"), tail: most("tail"), refused: sum("refused"), size };
    },
  };
}
