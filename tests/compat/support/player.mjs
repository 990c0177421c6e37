// One side playing one scenario, and writing down what came of each step.
import { isDeepStrictEqual } from "node:util";

import { Client } from "./client.mjs";
import { Mask } from "./mask.mjs";

/** Of the transport, not of the answer; and cookies, which stand for themselves. */
const TRANSPORT = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "set-cookie",
  "transfer-encoding",
]);
/** Compared by being there alone. */
const PRESENT = new Set(["retry-after", "x-request-id", "x-retry-after"]);

const TABLES = ["user", "session", "account", "verification"];
const ROWS = TABLES.map(
  (table) => `'${table}', (select coalesce(json_agg(t order by t."createdAt"), '[]') from "${table}" t)`,
).join(", ");

export class Player extends Client {
  /** For each request `step`, `status`, `headers`, `cookies`, `body`, and the tables that it changed in `rows`. */
  steps = [];
  #pool;
  #mask;
  #rows = Object.fromEntries(TABLES.map((table) => [table, []]));

  /** @param {{ port: number, pool: import("pg").Pool }} side a server, and its database without any rows */
  constructor({ port, pool }, { secret, ...world }) {
    super(port, world);
    this.#pool = pool;
    this.#mask = new Mask(secret);
  }

  /** As that of [`Client`], and a step, named by `label`. */
  async call(method, route, { label = `${method} ${route}`, ...options } = {}) {
    const answer = await super.call(method, route, options);
    this.steps.push({ step: label, ...this.#seen(answer), rows: await this.#changedRows() });
    return answer;
  }

  /** For what HTTP cannot do. Not a step; what it changed is not compared. */
  async sql(text, values) {
    const { rows } = await this.#pool.query(text, values);
    await this.#changedRows();
    return rows;
  }

  /** Lets time pass, such as `2 days`, for all sessions there are. */
  age(interval) {
    const columns = ["createdAt", "updatedAt", "expiresAt"].map((name) => `"${name}" = "${name}" - $1::interval`);
    return this.sql(`update session set ${columns.join(", ")}`, [interval]);
  }

  #seen({ status, headers, cookies, text }) {
    const names = Object.keys(headers).filter((name) => !TRANSPORT.has(name));
    const shown = names.sort().map((name) => [name, PRESENT.has(name) ? "<present>" : headers[name]]);
    return {
      status,
      headers: Object.fromEntries(shown),
      cookies: cookies.map((line) => this.#mask.cookie(line, this.#place("cookie"))),
      body: this.#body(text),
    };
  }

  #body(text) {
    try {
      const value = JSON.parse(text);
      return JSON.stringify(value) === text
        ? { json: this.#mask.json(value, this.#place("body")) }
        : { spelt: text };
    } catch {
      return { text };
    }
  }

  /** Whole tables, but only those that are not as they were after the last step. */
  async #changedRows() {
    const { rows } = await this.#pool.query(`select json_build_object(${ROWS}) as tables`);
    const changed = Object.entries(rows[0].tables).filter(
      ([name, now]) => !isDeepStrictEqual(now, this.#rows[name]),
    );
    this.#rows = rows[0].tables;
    return this.#mask.json(Object.fromEntries(changed), this.#place("rows"));
  }

  #place(part) {
    return `${this.steps.length + 1} ${part}`;
  }
}
