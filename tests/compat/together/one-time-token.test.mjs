// Sessions that one server hands over with a token of the other one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { GENERATE, VERIFY } from "../support/one-time-tokens.mjs";
import { WAYS, startPair } from "./pair.mjs";

for (const profile of ["shared-one-time-token", "shared-one-time-token-hashed"]) {
  let pair;
  before(async () => {
    pair = await startPair(profile);
  });
  after(() => pair?.stop());

  for (const [here, there] of WAYS)
    test(`${profile}: a token of ${here} is accepted once, at ${there}`, async () => {
      const name = `user-${here}`;
      const client = pair.at(here);
      assert.equal((await client.signUp(name)).status, 200);
      const { token } = (await client.get(GENERATE)).json();
      const other = pair.at(there);
      const taken = await other.post(VERIFY, { token });
      assert.equal(taken.status, 200, taken.text);
      assert.equal(taken.json().user.name, name);
      assert.equal((await other.get("/get-session")).json().user.name, name);
      for (const server of [here, there]) {
        const again = await pair.at(server).post(VERIFY, { token });
        assert.deepEqual([again.status, again.json().code], [400, "INVALID_TOKEN"], server);
      }
    });
}
