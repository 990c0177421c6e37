// Session checks while users sign in.
import { setTimeout as sleep } from "node:timers/promises";

import { read, write } from "../support/load.mjs";
import { cell, milliseconds, times } from "../support/report.mjs";
import { interleaved, ratios, values } from "../support/rounds.mjs";
import { startOurs, startReference } from "../support/servers.mjs";
import { checks } from "../support/stage.mjs";
import { signIn } from "./passwords.mjs";

const CHECKS = 4;
const SIGN_INS = 8;
/** Shorter rounds have too few answers for a 99th percentile. */
const LEAST_SECONDS = 4;

export async function run(stage, report) {
  const servers = [
    await stage.start(startOurs(stage.database)),
    await stage.start(startReference(stage.database)),
  ];
  const targets = servers.flatMap((server) => [checks(stage, server), stormy(stage, server)]);
  const seconds = Math.max(stage.fewer.seconds, LEAST_SECONDS);
  const measured = await interleaved(targets, CHECKS, { ...stage.fewer, seconds });
  const results = {
    ours: { quiet: measured[0].rounds, storm: measured[1].rounds },
    reference: { quiet: measured[2].rounds, storm: measured[3].rounds },
  };
  report.heading(`Session checks on ${CHECKS} connections while ${SIGN_INS} others only sign in`);
  const columns = ["", "p50 ms, quiet", "p50 ms, storm", "p99 ms, quiet", "p99 ms, storm", "p99, storm / quiet"];
  const rows = [0, 2].map((at) => {
    const [quiet, storm] = [measured[at], measured[at + 1]];
    const shown = (server, kind) => cell(values(server, kind), milliseconds);
    return [
      quiet.name,
      shown(quiet, "median"),
      shown(storm, "median"),
      shown(quiet, "tail"),
      shown(storm, "tail"),
      cell(ratios(storm, quiet, "tail"), times),
    ];
  });
  report.table(columns, rows);
  return { results };
}

/** Session checks that begin when the sign-ins are under way. */
function stormy(stage, server) {
  const target = checks(stage, server);
  return {
    ...target,
    mayBeSilent: true,
    async measure(connections, seconds) {
      const storm = write(signIn(server), SIGN_INS, seconds + 1);
      await sleep(500);
      const measured = await read(target, connections, seconds);
      const { refused } = await storm;
      // No answer within the round: it takes at least as long as the round.
      const least = measured.rate === 0 ? 1000 * seconds : 0;
      const [median, tail] = [measured.median, measured.tail].map((time) => Math.max(time, least));
      return { ...measured, median, tail, refused: measured.refused + refused };
    },
  };
}
