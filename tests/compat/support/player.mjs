// One side playing one scenario, and writing down what came of each step.
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "./client.mjs";
import { Mask } from "./mask.mjs";
import { Reader } from "./reader.mjs";
import { Rows } from "./rows.mjs";

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
/** What of a cookie that is in pieces follows its name. */
const PIECE = /\.\d+$/;

export class Player extends Client {
  /** For each request `step`, `status`, `headers`, `cookies`, `body`, and the tables that it changed in `rows`. */
  steps = [];
  secret;
  #pool;
  #mailbox;
  #rows;
  #mask;
  #reader;

  /** @param {{ port: number, pool: import("pg").Pool, mailbox: object }} side a server, its database, its messages */
  constructor({ port, pool, mailbox }, { secret, reference, ...world }) {
    super(port, world);
    this.secret = secret;
    this.#pool = pool;
    this.#mailbox = mailbox;
    this.#rows = new Rows(pool, reference);
    this.#mask = new Mask(secret);
    const path = reference.plugins?.jwt?.jwks?.jwksPath ?? "/jwks";
    this.#reader = new Reader({ secret, keySet: async () => (await super.call("GET", path, { jar: null })).json() });
  }

  /** Begins with nothing, and tells in the end which messages nobody has looked at. */
  async play(scenario) {
    await this.#rows.clear();
    this.#mailbox.unread = [];
    try {
      await scenario(this);
      await this.silence("messages that nobody has looked at");
    } catch (error) {
      this.steps.push({ step: "stopped", stack: error.stack });
    }
    return this.steps;
  }

  /** As that of [`Client`], and a step, named by `label`. */
  async call(method, route, { label = `${method} ${route}`, ...options } = {}) {
    const answer = await super.call(method, route, options);
    const rows = await this.#rows.changed();
    await this.#learn(answer, rows);
    this.steps.push({
      step: label,
      ...this.#seen(answer),
      rows: this.#mask.json(rows, this.#place("rows")),
    });
    return answer;
  }

  /** The newest message to this address, with `url` and `token`. A step. */
  async message(to, label = `message to ${to}`) {
    await this.#delivered();
    const message = this.#mailbox.take(to);
    if (!message) throw new Error(`${to} was sent nothing`);
    this.#mask.learn(await this.#reader.readAll(message.token));
    const { token, url, ...rest } = message;
    const place = this.#place("message");
    const link = this.#mask.within(url.replaceAll(token, "<token>"), place);
    this.steps.push({ step: label, ...this.#mask.json({ ...rest, token }, place), url: link });
    return message;
  }

  /** Tells to whom what was sent that nobody has looked at, if anything. A step. */
  async silence(label = "silence") {
    await this.#delivered();
    const unread = this.#mailbox.unread.map(({ kind, to }) => `${kind} to ${to}`).sort();
    this.steps.push({ step: label, unread });
  }

  /** As that of [`Client`], named by `label` alone, since links differ. */
  follow(url, { label = "follow the link", ...options } = {}) {
    return super.follow(url, { label, ...options });
  }

  /** For what HTTP cannot do. Not a step; what it changed is not compared. */
  async sql(text, values) {
    const { rows } = await this.#pool.query(text, values);
    await this.#rows.changed();
    return rows;
  }

  /** Lets time pass, such as `2 days`, for all sessions there are. */
  age(interval) {
    const columns = ["createdAt", "updatedAt", "expiresAt"].map((name) => `"${name}" = "${name}" - $1::interval`);
    return this.sql(`update session set ${columns.join(", ")}`, [interval]);
  }

  /** Lets all one-time secrets there are expire. */
  lapse() {
    return this.sql(`update verification set "expiresAt" = now() - interval '1 minute'`);
  }

  /** Ours sends what is queued, a moment after the answer. */
  async #delivered() {
    const count = `select count(*)::int as waiting from portcullis_message where "diedAt" is null`;
    const { rows } = await this.#pool.query(`select to_regclass('portcullis_message') is not null as queues`);
    for (let attempt = 0; rows[0].queues && attempt < 100; attempt += 1) {
      const [{ waiting }] = (await this.#pool.query(count)).rows;
      if (waiting === 0) return;
      await sleep(20);
    }
  }

  /** Reads what only a key opens in an answer. */
  async #learn({ headers, cookies, text }, rows) {
    const all = [text, JSON.stringify(rows), ...Object.values(headers).flat()].join(" ");
    this.#mask.learn(await this.#reader.readAll(all));
    for (const [first, ...pieces] of copies(cookies)) {
      const meaning = await this.#reader.copy([first, ...pieces].join(""));
      if (meaning) this.#mask.learn([[first, meaning], ...pieces.map((piece) => [piece, `${piece.length} more`])]);
    }
  }

  #seen({ status, headers, cookies, text }) {
    const names = Object.keys(headers).filter((name) => !TRANSPORT.has(name));
    return {
      status,
      headers: Object.fromEntries(names.sort().map((name) => [name, this.#header(name, headers[name])])),
      cookies: cookies.map((line) => this.#mask.cookie(line, this.#place("cookie"))),
      body: this.#body(text),
    };
  }

  #header(name, value) {
    if (PRESENT.has(name)) return "<present>";
    const place = this.#place("header");
    return name === "set-auth-token" ? this.#mask.encoded(value, place) : this.#mask.within(value, place);
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

  #place(part) {
    return `${this.steps.length + 1} ${part}`;
  }
}

/** The values of cookies, each as its pieces in the order of their numbers. */
function copies(lines) {
  const pieces = new Map();
  const pairs = lines.map((line) => line.match(/^([^=]*)=([^;]*)/).slice(1));
  for (const [name, value] of pairs.sort(([one], [other]) => number(one) - number(other))) {
    const whole = name.replace(PIECE, "");
    if (value !== "") pieces.set(whole, [...(PIECE.test(name) ? (pieces.get(whole) ?? []) : []), value]);
  }
  return pieces.values();
}

/** Of a piece, by the name of its cookie. */
function number(name) {
  return Number(name.match(PIECE)?.[0].slice(1) ?? 0);
}
