// What the sections share: PostgreSQL with users and sessions, the servers, and the options of the run.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import pg from "pg";

import { startPostgres } from "../../tests/support/postgres.mjs";
import {
  PASSWORD,
  SESSIONS,
  USERS,
  cookie,
  email,
  insertSessions,
  insertUsers,
  spread,
  writeCookies,
} from "./data.mjs";
import { secret, startReference } from "./servers.mjs";

/** How many answers are compared with the session of their cookie. */
const SAMPLES = 25;

export class Stage {
  #running = [];
  #folder = mkdtempSync(path.join(os.tmpdir(), "portcullis-bench-"));

  constructor(options) {
    this.options = options;
    process.once("exit", () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  /** Starts PostgreSQL, creates the tables by Better Auth, and inserts the users and sessions. */
  async open() {
    // More connections than the default, for as many clients of pgbench as the servers have.
    this.postgres = await this.start(startPostgres(["max_connections=400"], os.tmpdir()));
    this.database = this.postgres.url;
    const reference = await startReference(this.database);
    const hash = await passwordHash(reference, this.database);
    await reference.stop();
    await query(this.database, [...insertUsers(0, USERS, hash), insertSessions(0, SESSIONS), "VACUUM ANALYZE"]);
    this.cookies = this.writeCookies("sessions", spread(SESSIONS).map((session) => cookie(session, secret)));
  }

  /** Waits for a server, and stops it at the end of the section or of the run. */
  async start(server) {
    this.#running.unshift(await server);
    return this.#running[0];
  }

  /** Runs a function, and stops the servers that it has started. */
  async scope(work) {
    const before = this.#running.length;
    try {
      return await work();
    } finally {
      while (this.#running.length > before) await this.#running.shift().stop();
    }
  }

  async close() {
    while (this.#running.length > 0) await this.#running.shift().stop();
  }

  /** Writes cookies to a file of the run, and returns its path. */
  writeCookies(name, cookies) {
    const file = path.join(this.#folder, name);
    writeCookies(file, cookies);
    return file;
  }

  /** Fewer and shorter rounds than those of the session checks, for the other sections. */
  get fewer() {
    const { rounds, seconds } = this.options;
    return { rounds: Math.min(rounds, 3), seconds: Math.min(seconds, 2) };
  }
}

/** Runs statements one after another, and returns the rows of the last one. */
export async function query(database, statements) {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    let rows = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

/** Has a server hash the password, by a sign-up. */
export async function passwordHash(server, database) {
  const person = { name: "Ada", email: "ada@example.com", password: PASSWORD };
  const answer = await fetch(server.url("/sign-up/email"), {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin },
    body: JSON.stringify(person),
  });
  assert.equal(answer.status, 200, await answer.text());
  const [{ password }] = await query(database, ['SELECT "password" FROM "account"']);
  return password;
}

/**
 * A target of session checks. Every answer must contain the address of the session's user. A peer has its own `cookies`,
 * and `cookie`, which makes that of a session.
 */
export function checks(stage, server, { cookies = stage.cookies, cookie = ours } = {}) {
  const known = async () => {
    let size = 0;
    for (const session of spread(SESSIONS, SAMPLES)) {
      const body = await get(server.url("/get-session"), cookie(session));
      assert.ok(body.includes(`"${email(session)}"`), `${server.name} returns the session: ${body}`);
      size += body.length / SAMPLES;
    }
    return size;
  };
  return { name: server.name, url: server.url("/get-session"), cookies, known };
}

function ours(session) {
  return cookie(session, secret);
}

/** Sends a GET request, and returns the body of the answer. */
export async function get(url, sent) {
  const answer = await fetch(url, { headers: { cookie: sent } });
  const body = await answer.text();
  assert.equal(answer.status, 200, `${url}: ${body}`);
  return body;
}
