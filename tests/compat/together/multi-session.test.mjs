// Several sessions on one device, begun at one server and used at the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ACTIVATE, LIST, REVOKE } from "../support/multi-sessions.mjs";
import { WAYS, startPair } from "./pair.mjs";

let pair;
before(async () => {
  pair = await startPair("shared-multi-session");
});
after(() => pair?.stop());

const tokenOf = (answer) => (assert.equal(answer.status, 200, answer.text), answer.json().token);
const namesOf = (answer) => answer.json().map(({ user }) => user.name);
const current = async (client) => (await client.get("/get-session")).json()?.user.name;

for (const [here, there] of WAYS) {
  test(`sessions that a device got at ${here} and at ${there} are those of one device`, async () => {
    const [first, second] = [`first-${here}`, `second-${here}`];
    const client = pair.at(here);
    const sessionToken = tokenOf(await client.signUp(first));
    const other = pair.moved(client, there);
    tokenOf(await other.signUp(second));
    assert.deepEqual(namesOf(await other.get(LIST)), [first, second]);
    const back = pair.moved(other, here);
    assert.deepEqual(namesOf(await back.get(LIST)), [first, second]);

    assert.equal((await other.post(ACTIVATE, { sessionToken })).status, 200);
    assert.equal(await current(other), first);
    assert.equal((await other.post(REVOKE, { sessionToken })).status, 200);
    assert.equal(await current(other), second);
    assert.deepEqual(namesOf(await back.get(LIST)), [second]);
  });

  test(`a user who signs in at ${there} again has one session on a device of ${here}`, async () => {
    const name = `again-${here}`;
    const client = pair.at(here);
    tokenOf(await client.signUp(name));
    const other = pair.moved(client, there);
    tokenOf(await other.signIn(name));
    assert.deepEqual(namesOf(await other.get(LIST)), [name]);
    assert.equal(await current(client), undefined, "the older session has ended");
  });

  test(`sign-out at ${there} ends the sessions that a device got at ${here}`, async () => {
    const client = pair.at(here);
    for (const name of [`out-a-${here}`, `out-b-${here}`]) tokenOf(await client.signUp(name));
    const other = pair.moved(client, there);
    assert.equal((await other.post("/sign-out")).status, 200);
    assert.equal(other.jar().size, 0);
    assert.deepEqual(namesOf(await client.get(LIST)), []);
  });
}
