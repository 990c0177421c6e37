// The goals, as ratios within one run.
import { spreadOf } from "./rounds.mjs";
import { times } from "./report.mjs";

const rates = (rounds, kind = "rate") => rounds.map((round) => round[kind]);
const paired = (some, others, kind) => {
  const divisors = rates(others, kind);
  return rates(some, kind).map((value, at) => value / divisors[at]);
};
const least = (bound, list) => ({ bound: `≥ ${bound} ×`, list, holds: (value) => value >= bound });
const most = (bound, list, unit = "×") => ({ bound: `≤ ${bound} ${unit}`, list, holds: (value) => value <= bound });

const against = (section, place, one, other) => (all) => {
  const measured = all[section]?.[place];
  return measured?.[one] && measured[other] && paired(measured[one], measured[other]);
};

/** Each goal: its text, and from the results of all sections its bound and the values of the rounds. */
const GOALS = [
  ["get-session, 16 connections, no cache: of Better Auth", 20, against("checks", 16, "ours", "reference")],
  ["get-session, 64 connections, no cache: of Better Auth", 30, against("checks", 64, "ours", "reference")],
  ["get-session, 64 connections: of the bare handler", 1.3, against("checks", 64, "ours", "bareHandler")],
  ["session cache, 64 connections: of Better Auth", 60, against("session-cache", 64, "cached", "reference")],
  ...["compact", "jwt", "jwe"].flatMap((strategy) => [
    [`cookie cache ${strategy}: of Better Auth with its own`, 50, against("cookie-cache", strategy, "ours", "reference")],
    [`cookie cache ${strategy}: of a bare route`, 0.5, against("cookie-cache", strategy, "ours", "bareRoute")],
  ]),
  ["sign-in, scrypt: of the machine's hashing", 0.85, against("passwords", "signIn", "ours", "ceilingScrypt")],
  ["sign-in, argon2id: of the machine's hashing", 0.85, against("passwords", "signIn", "argon2id", "ceilingArgon2id")],
].map(([text, bound, find]) => [text, (list) => least(bound, list), find]);

GOALS.push(
  [
    "p99 of get-session in a storm of sign-ins: of its quiet p99",
    (list) => most(10, list),
    (all) => all.storm && paired(all.storm.ours.storm, all.storm.ours.quiet, "tail"),
  ],
  ["idle memory", (list) => most(40, list, "MiB"), (all) => all.memory?.ours && [all.memory.ours.idle]],
  ["from start to first answer", (list) => most(300, list, "ms"), (all) => all.start?.ours],
);

/** Adds a goal for each row and peer: Portcullis is faster. */
function peerGoals(all) {
  return Object.entries(all.peers ?? {}).flatMap(([row, { ours, ...peers }]) =>
    Object.entries(peers).map(([peer, rounds]) => [
      `${row}: of ${peer}`,
      (list) => least(1, list),
      () => paired(ours, rounds),
    ]),
  );
}

/** Prints which goals hold, of those whose sections have results. */
export function printGoals(report, all) {
  const rows = [];
  for (const [text, goal, find] of [...GOALS, ...peerGoals(all)]) {
    const list = find(all);
    if (!list) continue;
    const { bound, holds } = goal(list);
    const { median, low, high } = spreadOf(list);
    const range = list.length > 1 ? `${times(low)}–${times(high)}` : "";
    rows.push([text, bound, times(median), range, holds(median) ? "yes" : "**no**"]);
  }
  report.heading("Goals");
  report.table(["goal", "bound", "median", "lowest–highest", "holds"], rows);
}
