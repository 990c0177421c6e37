// Plays a scenario on one server, and records the result of each step.
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "./client.mjs";
import { Mask } from "./mask.mjs";
import { Reader } from "./reader.mjs";
import { Rows } from "./rows.mjs";

/** Headers of the transport, and `set-cookie`, which is recorded separately. */
const TRANSPORT = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "set-cookie",
  "transfer-encoding",
]);
/**
 * Headers of which only the presence is compared. Better Auth sends those of a request back to a client with an API key.
 */
const PRESENT = new Set(["authorization", "cookie", "host", "retry-after", "x-request-id", "x-retry-after"]);
/** A URL to which a user is sent, in a body. */
const AUTHORIZATION_URL = /(?<=")https?:[^"]*[?&]state=[^"]*(?=")/g;
/** An API key, in the body that shows it. */
const API_KEY = /(?<="key":")[\w-]*[A-Za-z]{64}(?=")/g;
/** Kinds of messages in which Better Auth does not name the user. */
const WITHOUT_USER = new Set(["magic-link", "email-otp", "phone-otp", "phone-reset"]);
/** A one-time token that hands a session over, in the body that shows it. */
const HAND_OVER = /(?<=^{"token":")[\w-]{32}(?="}$)/;
/** Suffix of the name of a cookie piece. */
const PIECE = /\.\d+$/;

export class Player extends Client {
  /**
   * For each request: `step`, `status`, `headers`, `cookies`, `body`, in `rows` the tables that changed, and in `asked` the
   * requests that the server sent to providers.
   */
  steps = [];
  secret;
  /** The simulated providers. */
  provider;
  #pool;
  #mailbox;
  #rows;
  #mask;
  #reader;
  #signsTokens;
  #keys;

  /** @param {{ port: number, pool: import("pg").Pool }} side a server, its database, mailbox and simulated providers */
  constructor({ port, pool, mailbox, provider }, { secret, reference, ...world }) {
    super(port, world);
    this.secret = secret;
    this.#pool = pool;
    this.#mailbox = mailbox;
    this.provider = provider;
    this.#rows = new Rows(pool, reference);
    this.#mask = new Mask(secret);
    this.#signsTokens = Boolean(reference.plugins?.jwt);
    this.#keys = reference.plugins?.jwt?.jwks?.jwksPath ?? "/jwks";
    this.#reader = new Reader({ secret, keySet: async () => (await super.call("GET", this.#keys, { jar: null })).json() });
  }

  /**
   * Plays a scenario on empty tables, and records in the end which messages it did not read. Then requests the
   * published keys, so that both servers have created a key for JWTs before the next scenario.
   */
  async play(scenario) {
    await this.#rows.clear();
    this.#mailbox.unread = [];
    this.provider.reset();
    try {
      await scenario(this);
      await this.silence("unread messages at the end");
      if (this.#signsTokens) await super.call("GET", this.#keys, { jar: null });
    } catch (error) {
      this.steps.push({ step: "stopped", stack: error.stack });
    }
    return this.steps;
  }

  /** As in [`Client`]; records a step with the name `label`. */
  async call(method, route, { label = `${method} ${route}`, ...options } = {}) {
    const answer = await super.call(method, route, options);
    const rows = await this.#rows.changed();
    const asked = this.provider.asked();
    await this.#learn(answer, { rows, asked });
    this.steps.push({
      step: label,
      ...this.#seen(answer),
      rows: this.#mask.json(rows, this.#place("rows")),
      ...(asked.length > 0 && { asked: this.#mask.json(asked, this.#place("asked")) }),
    });
    return answer;
  }

  /** Takes the newest message to this address, with `url` and `token`, or with `code`; records a step. */
  async message(to, label = `message to ${to}`) {
    await this.#delivered();
    const message = this.#mailbox.take(to);
    if (!message) throw new Error(`no message to ${to} arrived`);
    const { kind, type, to: recipient, user, ...content } = message;
    const place = this.#place("message");
    const named = WITHOUT_USER.has(kind) ? undefined : user;
    const masked = this.#mask.json({ kind, type, to: recipient, user: named }, place);
    this.steps.push({ step: label, ...masked, ...(await this.#content(content, place)) });
    return message;
  }

  /** Records a step with the kind and address of each unread message. */
  async silence(label = "silence") {
    await this.#delivered();
    const unread = this.#mailbox.unread.map(({ kind, to }) => `${kind} to ${to}`).sort();
    this.steps.push({ step: label, unread });
  }

  /** As in [`Client`]; the default label does not contain the link, because links differ. */
  follow(url, { label = "follow the link", ...options } = {}) {
    return super.follow(url, { label, ...options });
  }

  /**
   * Runs SQL. Records no step; its changes are not compared. The time of `now()` has milliseconds, as both servers write
   * times: of the microseconds of two times, one in a thousand is 0, and the rows would differ.
   */
  async sql(text, values) {
    const { rows } = await this.#pool.query(text.replaceAll("now()", "date_trunc('milliseconds', now())"), values);
    await this.#rows.changed();
    return rows;
  }

  /** Moves the times of all sessions back by an interval, such as `2 days`. */
  age(interval) {
    const columns = ["createdAt", "updatedAt", "expiresAt"].map((name) => `"${name}" = "${name}" - $1::interval`);
    return this.sql(`update session set ${columns.join(", ")}`, [interval]);
  }

  /** Makes all one-time tokens expire. */
  lapse() {
    return this.sql(`update verification set "expiresAt" = now() - interval '1 minute'`);
  }

  /** Waits until the message queue is empty: Portcullis sends messages after the response. */
  async #delivered() {
    const count = `select count(*)::int as waiting from portcullis_message where "diedAt" is null`;
    const { rows } = await this.#pool.query(`select to_regclass('portcullis_message') is not null as queues`);
    for (let attempt = 0; rows[0].queues && attempt < 100; attempt += 1) {
      const [{ waiting }] = (await this.#pool.query(count)).rows;
      if (waiting === 0) return;
      await sleep(20);
    }
  }

  /** Masks what a message contains: a link with a token, or a code, of which only the form is compared. */
  async #content({ url, token, code }, place) {
    if (code) return { code: code.replace(/\d/g, "0") };
    if (!token) return { url: this.#mask.within(url, place) };
    this.#mask.learn(await this.#reader.readAll(token));
    const link = this.#mask.within(url.replaceAll(token, "<token>"), place);
    return { token: this.#mask.json(token, `${place}.token`), url: link };
  }

  /** Decodes the tokens and encrypted values of a response, for the mask. */
  async #learn({ headers, cookies, text }, seen) {
    const all = [text, JSON.stringify(seen), ...Object.values(headers).flat()].join(" ");
    this.#mask.learn(await this.#reader.readAll(all));
    for (const [key] of text.matchAll(API_KEY)) this.#mask.text(key, this.#place("key"));
    for (const token of [headers["set-ott"], ...(text.match(HAND_OVER) ?? [])].filter(Boolean))
      this.#mask.oneTime(token, this.#place("token"));
    for (const [url] of text.matchAll(AUTHORIZATION_URL)) this.#mask.text(url, this.#place("url"));
    for (const [first, ...pieces] of cookieValues(cookies)) {
      const meaning = await this.#reader.cookieValue([first, ...pieces].join(""));
      if (meaning) this.#mask.learn(await this.#reader.readAll(JSON.stringify(meaning)));
      if (meaning) this.#mask.learn([[first, meaning], ...pieces.map((piece) => [piece, `${piece.length} more`])]);
    }
  }

  #seen({ status, headers, cookies, text }) {
    const names = Object.keys(headers).filter((name) => !TRANSPORT.has(name));
    return {
      status,
      headers: Object.fromEntries(names.sort().map((name) => [name, this.#header(name, withoutPassed(headers[name], cookies))])),
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

/** Replaces the cookies that a deep link passes to an application, if they are those of the response. */
function withoutPassed(header, cookies) {
  const passed = new URLSearchParams({ cookie: cookies.join(", ") });
  return cookies.length === 0 ? header : String(header).replace(`${passed}`, "cookie=<the response's cookies>");
}

/** The values of cookies, each as a list of its pieces in order. A response may set one cookie several times. */
function cookieValues(lines) {
  const pairs = lines.map((line) => line.match(/^([^=]*)=([^;]*)/).slice(1)).filter(([, value]) => value !== "");
  const all = new Map();
  for (const [at, [name, value]] of pairs.entries()) {
    const before = pairs.slice(0, at).filter(([other]) => other === name).length;
    const key = `${name.replace(PIECE, "")}, ${before} before`;
    all.set(key, [...(all.get(key) ?? []), [number(name), value]]);
  }
  return [...all.values()].map((pieces) => pieces.sort(([one], [other]) => one - other).map(([, value]) => value));
}

/** The number of a piece, from the name of its cookie. */
function number(name) {
  return Number(name.match(PIECE)?.[0].slice(1) ?? 0);
}
