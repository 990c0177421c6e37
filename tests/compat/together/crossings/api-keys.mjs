// API keys of one server, used at the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { SERVICE } from "../../profiles/api-key.mjs";
import { WAYS } from "../pair.mjs";

const AUTHORIZATION = `Basic ${Buffer.from(`${SERVICE.name}:${SERVICE.secret}`).toString("base64")}`;
const DAY = 86_400;

/** @param start starts both servers with a profile, as `startPair` does */
export function apiKeys(start) {
  let pair;
  before(async () => {
    pair = await start("shared-api-key");
  });
  after(() => pair.stop());

  /** Asserts that a response is a success, and returns its body. */
  function bodyOf(answer) {
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  /** A new user of a server, and a key that it created there. */
  async function owner(name, where, body = {}) {
    const client = pair.at(where);
    bodyOf(await client.signUp(name));
    return { client, created: bodyOf(await client.post("/api-key/create", { name, ...body })) };
  }

  const by = (key) => ({ jar: null, headers: { origin: null, "x-api-key": key } });
  const sessionOf = async (key, where) => pair.at(where).get("/get-session", by(key));
  const change = (id, column, value) => pair.pool.query(`update apikey set "${column}" = $2 where id = $1`, [id, value]);

  async function verify(key, where, permissions) {
    const options = { jar: null, headers: { authorization: AUTHORIZATION } };
    return bodyOf(await pair.at(where).post("/portcullis/api-key/verify", { key, permissions }, options));
  }

  /** The members of a row that a use of the key does not change. */
  function steady({ key: _key, updatedAt: _at, lastRequest: _last, requestCount: _count, ...rest }) {
    return rest;
  }

  for (const [here, there] of WAYS) {
    test(`a key created at ${here} is valid at ${there}`, async () => {
      const metadata = { plan: "pro", "ä🔑": [1, null, { deep: true }] };
      const { created } = await owner(`valid-${here}`, here, { metadata, prefix: "acme_", expiresIn: 7 * DAY });
      for (const where of [there, here, there]) {
        const { valid, error, key } = await verify(created.key, where);
        assert.deepEqual([valid, error], [true, null]);
        assert.deepEqual(steady(key), steady(created));
      }
      const { session, user } = bodyOf(await sessionOf(created.key, there));
      assert.deepEqual([user.name, session.id, session.userId], [`valid-${here}`, created.id, created.userId]);
      assert.equal((await verify(created.key, here)).key.requestCount, 5);
    });

    test(`a key created at ${here} is read, changed and deleted at ${there}`, async () => {
      const { client, created } = await owner(`changed-${here}`, here, { metadata: { a: 1 } });
      const other = pair.moved(client, there);
      for (const at of [client, other]) {
        assert.deepEqual(steady(bodyOf(await at.get(`/api-key/get?id=${created.id}`))), steady(created));
        assert.deepEqual(bodyOf(await at.get("/api-key/list")).map(steady), [steady(created)]);
      }

      const change = { keyId: created.id, name: "new", metadata: { b: [2] }, expiresIn: 2 * DAY };
      const changed = bodyOf(await other.post("/api-key/update", change));
      assert.deepEqual([changed.name, changed.metadata], ["new", { b: [2] }]);
      assert.deepEqual(bodyOf(await client.get(`/api-key/get?id=${created.id}`)), changed);

      bodyOf(await other.post("/api-key/delete", { keyId: created.id }));
      assert.equal((await verify(created.key, here)).error.code, "INVALID_API_KEY");
    });

    test(`a key that was disabled at ${here} is rejected at ${there}`, async () => {
      const { client, created } = await owner(`disabled-${here}`, here);
      bodyOf(await client.post("/api-key/update", { keyId: created.id, enabled: false }));
      assert.equal((await verify(created.key, there)).error.code, "KEY_DISABLED");
      const { status, text } = await sessionOf(created.key, there);
      assert.deepEqual([status, JSON.parse(text).code], [401, "KEY_DISABLED"]);
    });

    test(`uses at ${here} count at ${there}`, async () => {
      const { created } = await owner(`counted-${here}`, here);
      await change(created.id, "remaining", 3);
      const remaining = async (where) => (await verify(created.key, where)).key?.remaining;
      assert.deepEqual([await remaining(here), await remaining(there), await remaining(here)], [2, 1, 0]);
      assert.equal((await verify(created.key, there)).error.code, "USAGE_EXCEEDED");
    });

    test(`requests at ${here} count for the limit at ${there}`, async () => {
      const { created } = await owner(`limited-${here}`, here);
      await change(created.id, "rateLimitMax", 2);
      for (const where of [here, there]) assert.equal((await verify(created.key, where)).valid, true);
      for (const where of [here, there]) {
        const { error } = await verify(created.key, where);
        assert.equal(error.code, "RATE_LIMITED");
        assert.ok(error.details.tryAgainIn > 86_000_000, `${error.details.tryAgainIn} ms`);
      }
    });

    test(`a key that expires at ${here} is gone at ${there}`, async () => {
      const { client, created } = await owner(`expired-${here}`, here);
      await change(created.id, "expiresAt", new Date(Date.now() - 1000));
      assert.equal((await verify(created.key, here)).error.code, "KEY_EXPIRED");
      assert.equal((await verify(created.key, there)).error.code, "INVALID_API_KEY");
      assert.deepEqual(bodyOf(await pair.moved(client, there).get("/api-key/list")), []);
    });

    test(`permissions in the database count at ${here}`, async () => {
      const { created } = await owner(`permitted-${here}`, there);
      await change(created.id, "permissions", '{"files":["read","write"]}');
      for (const [permissions, isValid] of [
        [{ files: ["read"] }, true],
        [{ files: ["read", "delete"] }, false],
        [{ users: ["read"] }, false],
      ])
        assert.equal((await verify(created.key, here, permissions)).valid, isValid, JSON.stringify(permissions));
    });

    test(`metadata of an old version of Better Auth is read at ${here}`, async () => {
      const { client, created } = await owner(`old-${here}`, there, { metadata: { a: 1 } });
      await change(created.id, "metadata", JSON.stringify(JSON.stringify({ plan: "pro" })));
      const read = async (where) =>
        bodyOf(await pair.moved(client, where).get(`/api-key/get?id=${created.id}`)).metadata;
      assert.deepEqual([await read(here), await read(there)], [{ plan: "pro" }, { plan: "pro" }]);
    });
  }
}
