// Measures every list and search with 10,000 users, 1,000 organizations and 100,000 members:
// node lists.mjs [--requests N] [--connections N] [--plugins NAME,NAME]. README.md describes the measurement.
import assert from "node:assert/strict";
import http from "node:http";
import os from "node:os";
import { parseArgs } from "node:util";

import pg from "pg";

import { startPostgres } from "../tests/support/postgres.mjs";
import { FILL, PLANS, fillArguments } from "./support/lists.mjs";
import { Report, milliseconds } from "./support/report.mjs";
import { startOurs } from "./support/servers.mjs";

/** Requests of each route before the measurement. */
const WARM_UP = 20;
/** What each list must not exceed, in milliseconds. */
const LIMIT = 50;
const PERSON = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };

const SETTINGS = {
  admin: { PORTCULLIS_PLUGINS__ADMIN__ENABLED: "true" },
  api_key: { PORTCULLIS_PLUGINS__API_KEY__ENABLED: "true" },
  organization: {
    PORTCULLIS_PLUGINS__ORGANIZATION__ENABLED: "true",
    PORTCULLIS_PLUGINS__ORGANIZATION__TEAMS__ENABLED: "true",
    PORTCULLIS_PLUGINS__ORGANIZATION__DYNAMIC_ACCESS_CONTROL__ENABLED: "true",
  },
};

/** The routes of each plugin. The active organization is the largest one, with 10,000 members. */
const ROUTES = {
  admin: [
    "/admin/list-users?limit=100",
    "/admin/list-users?limit=100&offset=9800",
    "/admin/list-users?limit=100&sortBy=email&sortDirection=desc",
    "/admin/list-users?limit=100&searchValue=U77&searchField=email&searchOperator=contains",
    "/admin/list-users?limit=100&searchValue=u77&searchField=email&searchOperator=starts_with",
    "/admin/list-users?limit=100&searchValue=nothing&searchField=name&searchOperator=contains",
    "/admin/list-users?limit=100&filterField=role&filterValue=admin",
  ],
  api_key: ["/api-key/list"],
  organization: [
    "/organization/list",
    "/organization/list-members?limit=100",
    "/organization/list-members?limit=100&offset=9800",
    "/organization/list-members?limit=100&sortBy=role&sortDirection=desc",
    "/organization/list-members?limit=100&sortBy=createdAt&sortDirection=desc",
    "/organization/list-members?limit=100&filterField=role&filterOperator=contains&filterValue=ADM",
    "/organization/list-members?limit=100&filterField=role&filterOperator=eq&filterValue=owner",
    "/organization/list-members?limit=100&filterField=userId&filterOperator=eq&filterValue=u77",
    "/organization/list-members?organizationId=o7",
    "/organization/get-full-organization?membersLimit=100",
    "/organization/get-full-organization?organizationSlug=o7",
    "/organization/list-invitations",
    "/organization/list-invitations?organizationId=o7",
    "/organization/list-user-invitations",
    "/organization/list-teams",
    "/organization/list-user-teams",
    "/organization/list-team-members?teamId=t0",
    "/organization/list-roles",
    "/organization/get-active-member",
    "/organization/get-active-member-role",
  ],
};

const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "1" },
    plugins: { type: "string", default: "organization" },
    requests: { type: "string", default: "300" },
  },
});
const plugins = values.plugins.split(",");
const report = new Report();
const running = [];
const started = async (server) => (running.unshift(await server), running[0]);
try {
  const postgres = await started(startPostgres([], os.tmpdir()));
  const settings = Object.assign({}, ...plugins.map((plugin) => SETTINGS[plugin]));
  const ours = await started(startOurs(postgres.url, { isShared: false, settings }));
  const database = new pg.Client({ connectionString: postgres.url });
  await database.connect();
  const cookie = await signUp(ours);
  await fill(database);
  await activate(ours, cookie);
  for (const plugin of plugins) await measure(ours, cookie, plugin);
  await explain(database);
  await database.end();
} finally {
  for (const { stop } of running) await stop();
}

/** Creates the user who sends all requests, and returns the session cookie. */
async function signUp(server) {
  const answer = await post(server, "/sign-up/email", PERSON);
  return answer.headers.getSetCookie()[0].split(";")[0];
}

async function activate(server, cookie) {
  if (!plugins.includes("organization")) return;
  await post(server, "/organization/set-active", { organizationId: "o0" }, cookie);
  await post(server, "/organization/set-active-team", { teamId: "t0" }, cookie);
}

async function post(server, route, body, cookie = "") {
  const answer = await fetch(server.url(route), {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin, cookie },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, `${route}: ${await answer.clone().text()}`);
  return answer;
}

async function fill(database) {
  const { rows } = await database.query('SELECT "id" FROM "user" WHERE "email" = $1', [PERSON.email]);
  for (const plugin of ["users", ...plugins]) {
    for (const statement of FILL[plugin]) await database.query(statement, fillArguments(statement, rows[0].id));
  }
  await database.query("VACUUM ANALYZE");
}

/** Prints the response times of a plugin's routes. */
async function measure(server, cookie, plugin) {
  report.heading(`Lists of the plugin ${plugin}`);
  const rows = [];
  for (const route of ROUTES[plugin]) {
    const { times, size } = await requests(server.url(route), cookie);
    const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
    const [median, tail] = [at(0.5), at(0.99)];
    rows.push([
      tail > LIMIT ? `${route} (!)` : route,
      milliseconds(median),
      milliseconds(tail),
      (size / 1024).toFixed(1),
    ]);
  }
  report.table(["route", "p50 ms", "p99 ms", "KiB"], rows);
}

/** Repeats a request. Returns the times in milliseconds, sorted, and the size of the body. */
async function requests(url, cookie) {
  const connections = Number(values.connections);
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  for (let round = 0; round < WARM_UP; round += 1) await get(url, cookie, agent);
  const times = [];
  let size = 0;
  let left = Number(values.requests);
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const before = performance.now();
      size = await get(url, cookie, agent);
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  return { times: times.sort((a, b) => a - b), size };
}

/** Sends a request, and returns the size of the body. A list without content would look fast, so it is an error. */
function get(url, cookie, agent) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, headers: { cookie } }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.once("end", () => {
        const body = Buffer.concat(parts);
        if (response.statusCode === 200 && body.length > 4) resolve(body.length);
        else reject(new Error(`${url}: ${response.statusCode} ${body}`));
      });
    });
    request.once("error", reject).end();
  });
}

/** Prints which indexes PostgreSQL uses, and how long it takes. */
async function explain(database) {
  report.heading("Plans");
  for (const plugin of plugins) {
    for (const [name, statement] of Object.entries(PLANS[plugin])) {
      const { rows } = await database.query(`EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) ${statement}`);
      const lines = rows.map((row) => row["QUERY PLAN"]);
      const shown = lines.filter((line) => /Scan|Sort|Execution Time/.test(line));
      console.log(`${name}:\n${shown.map((line) => `  ${line.trim()}`).join("\n")}\n`);
    }
  }
}
