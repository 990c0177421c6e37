// Rate limits that count the requests at both servers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { WAYS } from "../pair.mjs";

/** @param start starts both servers with a profile, as `startPair` does */
export function limits(start) {
  let pair;

  before(async () => {
    pair = await start("shared-limited");
  });
  after(() => pair.stop());

  for (const [index, [here, there]] of WAYS.entries())
    test(`requests accepted by ${here} are counted at ${there}`, async () => {
      const options = { jar: null, headers: { "x-forwarded-for": `203.0.113.${index + 1}` } };
      const ask = async (server) => (await pair.at(server).signIn("unknown", options)).status;
      assert.deepEqual([await ask(here), await ask(here), await ask(there)], [401, 401, 401]);
      assert.deepEqual([await ask(there), await ask(here)], [429, 429]);

      const { rows } = await pair.pool.query(`select key, count from "rateLimit" where key like $1`, [
        `203.0.113.${index + 1}|%`,
      ]);
      assert.deepEqual(rows, [{ key: `203.0.113.${index + 1}|/sign-in/email`, count: 3 }]);
    });

  test("a path under the general rule has one count for both servers", async () => {
    const options = { jar: null, headers: { "x-forwarded-for": "203.0.113.9" } };
    const statuses = [];
    for (let request = 0; request < 22; request += 1)
      statuses.push((await pair.at(WAYS[request % 2][0]).get("/get-session", options)).status);
    assert.deepEqual(statuses, [...Array(20).fill(200), 429, 429]);
  });

  test("under concurrent requests at both, both reject a client over the limit", async () => {
    const options = { jar: null, headers: { "x-forwarded-for": "203.0.113.10" } };
    const ask = async (index) => (await pair.at(WAYS[index % 2][0]).signIn("unknown", options)).status;
    const burst = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(index)));
    assert.ok(burst.includes(429), "Better Auth reads the count before it writes it, Portcullis does both at once");
    assert.deepEqual([await ask(0), await ask(1)], [429, 429]);
    const { rows } = await pair.pool.query(`select key from "rateLimit" where key like '203.0.113.10|%'`);
    assert.equal(rows.length, 1);
  });
}
