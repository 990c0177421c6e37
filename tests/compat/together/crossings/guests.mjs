// Guests of one server at the other, and the method of the last sign-in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { DELETE, ROUTE } from "../../support/guests.mjs";
import { WAYS } from "../pair.mjs";

const LAST = "better-auth.last_used_login_method";

/** @param start starts both servers with a profile, as `startPair` does */
export function guests(start) {
  let pair;
  before(async () => {
    pair = await start("shared-anonymous");
  });
  after(() => pair.stop());

  /** Asserts that a response is a success, and returns its body. */
  function bodyOf(answer) {
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  /** A new browser with a guest of a server. */
  async function arrive(at) {
    const client = pair.at(at);
    const { user } = bodyOf(await client.post(ROUTE));
    assert.equal(user.isAnonymous, true);
    return { client, guest: user };
  }

  async function isThere({ id }) {
    const { rowCount } = await pair.pool.query(`select id from "user" where id = $1`, [id]);
    return rowCount > 0;
  }

  for (const [here, there] of WAYS) {
    test(`a guest of ${here} is the same guest at ${there}, and does not become another one`, async () => {
      const { client, guest } = await arrive(here);
      const other = pair.moved(client, there);
      assert.deepEqual(bodyOf(await other.get("/get-session")).user, guest);
      const { code } = (await other.post(ROUTE)).json();
      assert.equal(code, "ANONYMOUS_USERS_CANNOT_SIGN_IN_AGAIN_ANONYMOUSLY");
    });

    test(`a guest of ${here} who signs up at ${there} is deleted`, async () => {
      const { client, guest } = await arrive(here);
      const other = pair.moved(client, there);
      bodyOf(await other.signUp(`up-${here}`));
      assert.equal(await isThere(guest), false);
      assert.equal((await client.get("/get-session")).text, "null");
      const { user } = bodyOf(await pair.moved(other, here).get("/get-session"));
      assert.deepEqual([user.name, user.isAnonymous], [`up-${here}`, false]);
    });

    test(`a guest of ${here} who signs in at ${there} as a user of ${here} is deleted`, async () => {
      bodyOf(await pair.at(here).signUp(`in-${here}`));
      const { client, guest } = await arrive(here);
      bodyOf(await pair.moved(client, there).signIn(`in-${here}`));
      assert.equal(await isThere(guest), false);
    });

    test(`a guest of ${here} is deleted at ${there} at the guest's request, and a user is not`, async () => {
      const { client, guest } = await arrive(here);
      assert.deepEqual(bodyOf(await pair.moved(client, there).post(DELETE)), { success: true });
      assert.equal(await isThere(guest), false);
      bodyOf(await client.signUp(`kept-${here}`));
      const { code } = (await pair.moved(client, there).post(DELETE)).json();
      assert.equal(code, "USER_IS_NOT_ANONYMOUS");
    });
  }
}

/** @param start starts both servers with a profile, as `startPair` does */
export function lastLogins(start) {
  let pair;
  before(async () => {
    pair = await start("shared-last-login");
  });
  after(() => pair.stop());

  for (const [here, there] of WAYS)
    test(`the method of a sign-up at ${here} is read, and that of a sign-in is stored, at ${there}`, async () => {
      const name = `last-${here}`;
      const client = pair.at(here);
      assert.equal((await client.signUp(name)).status, 200);
      assert.equal((await pair.moved(client, there).get("/get-session")).json().user.lastLoginMethod, "email");
      await pair.pool.query(`update "user" set "lastLoginMethod" = 'google' where name = $1`, [name]);
      const other = pair.moved(client, there);
      assert.equal((await other.signIn(name)).status, 200);
      assert.equal(other.jar().get(LAST), "email");
      assert.equal((await pair.moved(other, here).get("/get-session")).json().user.lastLoginMethod, "email");
    });
}
