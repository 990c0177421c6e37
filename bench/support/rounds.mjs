// Interleaved rounds, and what is computed from them.
import assert from "node:assert/strict";

import { read, write } from "./load.mjs";

/** Seconds of load on each server before the first round. */
const WARM_UP = 1;

/**
 * Measures targets in interleaved rounds (A B C A B C …), so that a slow minute of the machine affects all alike. Returns
 * `{ name, rounds }` for each target.
 *
 * A target has either a `url` with `cookies` (GET), a `url` with a `body` (POST), or its own `measure`. `known` throws if
 * the server does not answer correctly, and returns the size of a body that every answer must reach. `isWarm` is set for
 * programs that are started anew for each round, and `mayBeSilent` if a server may give no answer within a round.
 */
export async function interleaved(targets, connections, { rounds, seconds }) {
  const outcomes = targets.map(({ name }) => ({ name, rounds: [] }));
  const sizes = [];
  for (const target of targets) {
    sizes.push((await target.known?.()) ?? 0);
    if (!target.isWarm) await measure(target, connections, WARM_UP);
  }
  for (let round = 0; round < rounds; round += 1)
    for (const [at, target] of targets.entries()) {
      const outcome = await measure(target, connections, seconds);
      assertAnswered(target, outcome, sizes[at]);
      outcomes[at].rounds.push(outcome);
    }
  for (const target of targets) await target.known?.();
  return outcomes;
}

function measure(target, connections, seconds) {
  if (target.measure) return target.measure(connections, seconds);
  return target.body ? write(target, connections, seconds) : read(target, connections, seconds);
}

/** Without this check, a server that rejects requests or returns nothing would look fast. */
export function assertAnswered({ name, mayBeSilent }, { rate, refused, size }, expected) {
  assert.equal(refused, 0, `${name} answered every request with 2xx`);
  if (mayBeSilent && rate === 0) return;
  assert.ok(rate > 0, `${name} answered`);
  // A response also has a head, so the mean falls below this only if bodies are missing.
  assert.ok(!expected || size >= expected, `${name}: ${size} bytes in a response, ${expected} expected`);
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The values of one kind, such as `rate`, of all rounds. */
export function values(measured, kind = "rate") {
  return measured.rounds.map((round) => round[kind]);
}

/** The ratios of two servers, each of the same round. */
export function ratios(measured, other, kind = "rate") {
  const divisors = values(other, kind);
  return values(measured, kind).map((value, at) => value / divisors[at]);
}

/** Median, lowest and highest of the values. */
export function spreadOf(list) {
  return { median: median(list), low: Math.min(...list), high: Math.max(...list) };
}
