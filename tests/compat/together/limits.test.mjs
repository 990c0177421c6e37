// Requests that one has counted are counted at the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startPair, WAYS } from "./pair.mjs";

let pair;

before(async () => {
  pair = await startPair("shared-limited");
});
after(() => pair.stop());

for (const [index, [here, there]] of WAYS.entries())
  test(`what ${here} has admitted is counted at ${there}`, async () => {
    const options = { jar: null, headers: { "x-forwarded-for": `203.0.113.${index + 1}` } };
    const ask = async (where) => (await pair.at(where).signIn("nobody", options)).status;
    assert.deepEqual([await ask(here), await ask(here), await ask(there)], [401, 401, 401]);
    assert.deepEqual([await ask(there), await ask(here)], [429, 429]);

    const { rows } = await pair.pool.query(`select key, count from "rateLimit" where key like $1`, [
      `203.0.113.${index + 1}|%`,
    ]);
    assert.deepEqual(rows, [{ key: `203.0.113.${index + 1}|/sign-in/email`, count: 3 }]);
  });

test("a path that both count by the general rule has one count", async () => {
  const options = { jar: null, headers: { "x-forwarded-for": "203.0.113.9" } };
  const statuses = [];
  for (let request = 0; request < 22; request += 1)
    statuses.push((await pair.at(WAYS[request % 2][0]).get("/get-session", options)).status);
  assert.deepEqual(statuses, [...Array(20).fill(200), 429, 429]);
});

test("while both count at once, whoever has asked too often is refused by both", async () => {
  const options = { jar: null, headers: { "x-forwarded-for": "203.0.113.10" } };
  const ask = async (index) => (await pair.at(WAYS[index % 2][0]).signIn("nobody", options)).status;
  const burst = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(index)));
  assert.ok(burst.includes(429), "the reference looks before it counts, ours does not");
  assert.deepEqual([await ask(0), await ask(1)], [429, 429]);
  const { rows } = await pair.pool.query(`select key from "rateLimit" where key like '203.0.113.10|%'`);
  assert.equal(rows.length, 1);
});
