// Session checks that the cookie cache answers. The rows of these sessions are deleted before the measurement, so that
// only the cookie can answer.
import assert from "node:assert/strict";

import { SESSIONS, USERS, cookie, email, insertSessions } from "../support/data.mjs";
import { bars } from "../support/plot.mjs";
import { perSecond } from "../support/report.mjs";
import { interleaved, spreadOf, values } from "../support/rounds.mjs";
import { secret, startBaseline, startOurs, startReference } from "../support/servers.mjs";
import { get, query } from "../support/stage.mjs";

const CONNECTIONS = 16;
const STRATEGIES = ["compact", "jwt", "jwe"];
/** The number of sessions that have a session cookie cache. */
export const SESSIONS_WITH_CACHE = 1000;
const ALL = Array.from({ length: SESSIONS_WITH_CACHE }, (_, at) => SESSIONS + at);

export async function run(stage, report) {
  const baseline = await stage.start(startBaseline(stage.database));
  report.heading(`Session checks with the cookie cache: GET /get-session, ${CONNECTIONS} connections`);
  const results = {};
  const rows = [];
  for (const strategy of STRATEGIES) {
    const measured = await stage.scope(() => measure(stage, strategy, baseline));
    report.rounds(`${strategy}, per second`, measured, [
      [0, 1],
      [0, 2],
    ]);
    results[strategy] = Object.fromEntries(
      ["ours", "reference", "bareRoute"].map((key, at) => [key, measured[at].rounds]),
    );
    for (const server of measured.slice(0, 2)) {
      const { median: value, low, high } = spreadOf(values(server));
      rows.push({ name: `${server.name}, ${strategy}`, value, low, high });
    }
  }
  const title = "Session checks per second with the cookie cache";
  return { results, plots: { "cookie-cache.svg": { title, svg: bars(title, rows, perSecond) } } };
}

async function measure(stage, strategy, baseline) {
  const settings = {
    PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED: "true",
    PORTCULLIS_SESSION__COOKIE_CACHE__MAX_AGE: "3600",
    PORTCULLIS_SESSION__COOKIE_CACHE__STRATEGY: strategy,
  };
  const ours = await stage.start(startOurs(stage.database, { settings }));
  const reference = await stage.start(
    startReference(stage.database, { settings: { COOKIE_CACHE: strategy } }),
  );
  await query(stage.database, [insertSessions(SESSIONS, SESSIONS + SESSIONS_WITH_CACHE, USERS)]);
  const targets = [await withCookieCache(stage, ours), await withCookieCache(stage, reference)];
  await query(stage.database, [`DELETE FROM "session" WHERE "id" IN (${ALL.map((n) => `md5('id ${n}')`)})`]);
  targets.push({ name: "bare route", url: baseline.url("/constant"), cookies: targets[0].cookies });
  return interleaved(targets, CONNECTIONS, stage.fewer);
}

/** A target with session cookie caches: reads the last sessions, and keeps the cookies of the answers. */
export async function withCookieCache(stage, server) {
  const url = server.url("/get-session");
  const cookies = [];
  for (const session of ALL) {
    const sent = cookie(session, secret);
    const answer = await fetch(url, { headers: { cookie: sent } });
    await answer.arrayBuffer();
    const caches = answer.headers.getSetCookie().filter((line) => line.includes("session_data"));
    assert.ok(caches.length > 0, `${server.name} sets the session cookie cache`);
    cookies.push([sent, ...caches.map((line) => line.split(";")[0])].join("; "));
  }
  const known = async () => {
    const body = await get(url, cookies[0]);
    assert.ok(body.includes(`"${email(ALL[0])}"`), `${server.name} answers from the session cookie cache: ${body}`);
    return body.length;
  };
  return { name: server.name, url, cookies: stage.writeCookies(`${server.name} with cookie cache`, cookies), known };
}
