// Additional fields that both servers declare in the same way.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { WAYS } from "../pair.mjs";

const FIELDS = {
  locale: "de",
  nickname: 'C"ä',
  age: 36,
  isMember: false,
  bornOn: "1815-12-10T00:00:00.000Z",
  tags: ["math", "ä"],
  scores: [1, 2.5, -3],
  plan: "paid",
  hidden: "never returned",
};

/** @param start starts both servers with a profile, as `startPair` does */
export function fields(start) {
  let pair;

  before(async () => {
    pair = await start("shared-fields");
  });
  after(() => pair.stop());

  for (const [here, there] of WAYS)
    test(`additional fields set at ${here} are returned and updated at ${there}`, async () => {
      const client = pair.at(here);
      const name = `ada-${here}`;
      assert.equal((await client.signUp(name, { body: { ...FIELDS, handle: name } })).status, 200);
      const other = pair.moved(client, there);
      const response = await other.get("/get-session?disableCookieCache=true");
      assert.equal(response.text, (await client.get("/get-session?disableCookieCache=true")).text);
      const { hidden, ...shown } = FIELDS;
      const { user, session } = response.json();
      for (const [field, value] of Object.entries(shown)) assert.deepEqual(user[field], value, field);
      assert.deepEqual([user.role, user.credit, user.hidden, session.seen], ["reader", 10, undefined, 0]);

      const change = { age: 37, tags: [], scores: null, bornOn: "1816-01-01T00:00:00.000Z", plan: "free" };
      assert.equal((await other.post("/update-user", change)).text, '{"status":true}');
      const changed = (await client.get("/get-session?disableCookieCache=true")).json().user;
      for (const [field, value] of Object.entries(change)) assert.deepEqual(changed[field], value, field);
      assert.equal((await client.get("/list-sessions")).text, (await other.get("/list-sessions")).text);
      assert.notEqual((await pair.at(there).signUp("eve", { body: { ...FIELDS, handle: name } })).status, 200);
    });
}
