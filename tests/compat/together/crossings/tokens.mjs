// Bearer tokens and JWTs of one server, accepted by the other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { decodeProtectedHeader } from "jose";

import { keys, verified, WAYS } from "../pair.mjs";

/**
 * @param start starts both servers with a profile, as `startPair` does. `isNew`: the database must not have been used;
 *     the other tests do not depend on existing keys
 */
export function tokens(start) {
  async function started(t, profile, options) {
    const pair = await start(profile, options);
    t.after(() => pair.stop());
    return pair;
  }

  const kid = (token) => decodeProtectedHeader(token).kid;
  const token = async (client) => (await client.get("/token")).json().token;

  for (const [here, there] of WAYS) {
    test(`a bearer token of ${here} is accepted at ${there}`, async (t) => {
      const pair = await started(t, "shared");
      const { headers } = await pair.at(here).signUp("ada");
      const signed = headers["set-auth-token"];
      const as = (bearer) => ({ headers: { authorization: `Bearer ${bearer}` } });
      for (const bearer of [signed, signed.split(".")[0]]) {
        const response = await pair.at(there).get("/get-session", as(bearer));
        assert.equal(response.json().user.email, "ada@example.com");
        assert.equal(response.text, (await pair.at(here).get("/get-session", as(bearer))).text);
      }
      await pair.at(there).post("/sign-out", {}, as(signed));
      assert.equal((await pair.at(here).get("/get-session", as(signed))).text, "null");
    });

    test(`a key created by ${here} also signs at ${there}`, async (t) => {
      const pair = await started(t, "shared", { isNew: true });
      const client = pair.at(here);
      await client.signUp("ada");
      const first = await token(client);
      const second = await token(pair.moved(client, there));
      assert.equal(kid(second), kid(first));
      assert.deepEqual(await keys(pair, there), await keys(pair, here));
      for (const jwt of [first, second])
        for (const server of [here, there]) assert.equal(await verified(pair, jwt, server), "ada@example.com");
      const { rows } = await pair.pool.query("select count(*)::int as count from jwks");
      assert.equal(rows[0].count, 1);
    });

    test(`an expired key is replaced by one of ${here}, which ${there} uses too`, async (t) => {
      const pair = await started(t, "shared-rotating", { isNew: true });
      const client = pair.at(here);
      await client.signUp("ada");
      const other = pair.moved(client, there);
      const old = await token(other);
      assert.equal(kid(await token(client)), kid(old));
      await sleep(4500);
      const first = await token(client);
      assert.notEqual(kid(first), kid(old));
      assert.equal(kid(await token(other)), kid(first));
      for (const server of [here, there])
        for (const jwt of [old, first]) assert.equal(await verified(pair, jwt, server), "ada@example.com");
    });
  }

  test("a key created by a command signs at Better Auth at once", async (t) => {
    const pair = await started(t, "shared", { isNew: true });
    const client = pair.at("reference");
    await client.signUp("ada");
    const old = await token(client);
    pair.run("keys rotate");
    const next = await token(client);
    assert.notEqual(kid(next), kid(old));
    const fromOurs = await token(pair.moved(client, "ours"));
    assert.equal(kid(fromOurs), kid(next));
    for (const server of ["reference", "ours"])
      for (const jwt of [old, next, fromOurs]) assert.equal(await verified(pair, jwt, server), "ada@example.com");
  });

  test("of concurrent first requests for a token at both, each returns one that both verify", async (t) => {
    const pair = await started(t, "shared", { isNew: true });
    const client = pair.at("ours");
    await client.signUp("ada");
    const asking = Array.from({ length: 8 }, (_, index) => token(pair.moved(client, WAYS[index % 2][0])));
    for (const jwt of await Promise.all(asking))
      for (const server of ["reference", "ours"]) assert.equal(await verified(pair, jwt, server), "ada@example.com");
  });
}
