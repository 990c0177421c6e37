// Other reads: a JWT of the session, the keys that verify it, and the sessions of a user.
import assert from "node:assert/strict";

import { cookie } from "../support/data.mjs";
import { interleaved } from "../support/rounds.mjs";
import { secret, startOurs, startReference } from "../support/servers.mjs";
import { get } from "../support/stage.mjs";

const CONNECTIONS = 16;
/** Each route, with what every answer contains. */
const ROUTES = { "/token": '"token"', "/jwks": '"keys"', "/list-sessions": '"userId"' };

export async function run(stage, report) {
  const settings = { PORTCULLIS_PLUGINS__JWT__ENABLED: "true" };
  const servers = [
    await stage.start(startReference(stage.database, { settings: { JWT: "1" } })),
    await stage.start(startOurs(stage.database, { settings })),
  ].reverse();
  report.heading(`Tokens, keys and lists: ${CONNECTIONS} connections`);
  const results = {};
  for (const [route, content] of Object.entries(ROUTES)) {
    const targets = servers.map((server) => target(stage, server, route, content));
    const measured = await interleaved(targets, CONNECTIONS, stage.fewer);
    report.rounds(`GET ${route}, per second`, measured, [[0, 1]]);
    results[route] = { ours: measured[0].rounds, reference: measured[1].rounds };
  }
  return { results };
}

function target(stage, server, route, content) {
  const url = server.url(route);
  const known = async () => {
    const body = await get(url, cookie(1, secret));
    assert.ok(body.includes(content), `${url}: ${body}`);
    return body.length;
  };
  return { name: server.name, url, cookies: stage.cookies, known };
}
