// One-time tokens that hand sessions over, with the official client and its plugin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { oneTimeTokenClient } from "better-auth/client/plugins";

import { startServer } from "./support/server.mjs";
import { dataOf, member, refusal, visitor } from "./support/visitor.mjs";

const withTokens = { plugins: [oneTimeTokenClient()] };
const INVALID = { status: 400, code: "INVALID_TOKEN", message: "Invalid token" };

let server;
before(async () => {
  server = await startServer({
    environment: {
      PORTCULLIS_PLUGINS__ONE_TIME_TOKEN__ENABLED: "true",
      PORTCULLIS_PLUGINS__ONE_TIME_TOKEN__SET_OTT_HEADER_ON_NEW_SESSION: "true",
    },
  });
});
after(() => server?.stop());

const redeem = (client, token) => client.auth.oneTimeToken.verify({ token });

test("a user takes a session to another client, once", async () => {
  const own = await member(server, withTokens);
  const { token } = dataOf(await own.auth.oneTimeToken.generate());
  assert.match(token, /^[\w-]{32}$/);
  const other = visitor(server, withTokens);
  const taken = dataOf(await redeem(other, token));
  assert.deepEqual([taken.user.id, taken.session.token], [own.user.id, own.token]);
  assert.deepEqual(dataOf(await other.auth.getSession()), taken);
  assert.equal(other.jar.cookie("better-auth.session_token").attributes["max-age"], "604800");
  assert.deepEqual(await refusal(redeem(visitor(server, withTokens), token)), INVALID);
});

test("a client without a session receives no token", async () => {
  const { data, error } = await visitor(server, withTokens).auth.oneTimeToken.generate();
  assert.deepEqual([data, error.status], [null, 401]);
});

test("a token of a session that has ended is refused", async () => {
  const own = await member(server, withTokens);
  const { token } = dataOf(await own.auth.oneTimeToken.generate());
  dataOf(await own.auth.signOut());
  const gone = { status: 400, code: "SESSION_NOT_FOUND", message: "Session not found" };
  assert.deepEqual(await refusal(redeem(visitor(server, withTokens), token)), gone);
});

test("a response that sets a session cookie contains a token in a header", async () => {
  const { auth, person } = await member(server, withTokens);
  let token;
  const onSuccess = ({ response }) => (token = response.headers.get("set-ott"));
  dataOf(await visitor(server, withTokens).auth.signIn.email(person, { onSuccess }));
  const other = visitor(server, withTokens);
  dataOf(await redeem(other, token));
  assert.equal(dataOf(await other.auth.getSession()).user.id, dataOf(await auth.getSession()).user.id);
});
