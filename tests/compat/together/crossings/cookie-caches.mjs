// Session cookie caches of one server, read by the other.
import assert from "node:assert/strict";
import { test } from "node:test";

import { WAYS } from "../pair.mjs";

const LONG = { name: 'ä"'.repeat(120), image: `https://example.com/${"x".repeat(2000)}` };

/** @param start starts both servers with a profile, as `startPair` does */
export function cookieCaches(start) {
  for (const encoding of ["compact", "jwt", "jwe"])
    test(`a session cookie cache as ${encoding} of one is read by the other`, async (t) => {
      const pair = await start(`shared-${encoding}`);
      t.after(() => pair.stop());
      await t.test("while both write", () => staysCurrent(pair));
      for (const [here, there] of WAYS)
        for (const [length, body] of Object.entries({ short: {}, long: LONG }))
          await t.test(`${length}, of ${here} at ${there}`, () => isRead(pair, here, there, length, body));
    });

  /** Signs users up, and reads and changes them at both servers at once: each response contains the current name. */
  async function staysCurrent(pair) {
    const round = async (index) => {
      const [here, there] = WAYS[index % 2];
      const client = pair.at(here);
      await client.signUp(`busy-${index}`);
      const other = pair.moved(client, there);
      const first = (await other.get("/get-session")).json().user.name;
      await other.post("/update-user", { name: `changed-${index}` });
      const changed = (await pair.moved(other, here).get("/get-session")).json().user.name;
      return [first, changed];
    };
    const all = await Promise.all(Array.from({ length: 6 }, (_, index) => round(index)));
    for (const [index, names] of all.entries()) assert.deepEqual(names, [`busy-${index}`, `changed-${index}`]);
  }

  async function isRead(pair, here, there, length, body) {
    const name = `${length}-${here}`;
    const client = pair.at(here);
    const person = { ...body, email: `${name}@example.com` };
    const signUp = await client.signUp(name, { body: person, headers: { "user-agent": "x".repeat(500) } });
    assert.equal(signUp.status, 200, signUp.text);
    // Portcullis leaves a long cookie cache out of the response to a sign-up, so that its head stays within 4 KiB.
    await client.get("/get-session?disableCookieCache=true");
    const pieces = [...client.jar().keys()].filter((cookie) => cookie.includes("session_data"));
    assert.equal(pieces.length > 1, length === "long");

    const other = pair.moved(client, there);
    const cached = (await client.get("/get-session")).text;
    await pair.pool.query(`update "user" set name = 'changed' where email = $1`, [`${name}@example.com`]);
    const read = await other.get("/get-session");
    assert.equal(read.text, cached, "read from the cookie cache");
    assert.deepEqual(read.cookies, []);

    const current = await other.get("/get-session?disableCookieCache=true");
    assert.equal(current.json().user.name, "changed");
    assert.equal((await pair.moved(other, here).get("/get-session")).text, current.text, "read from the new cache");
    await other.post("/sign-out");
    assert.equal(other.jar().size, 0);
  }
}
