// What cannot be equal on two servers is replaced by its form: ids, tokens, times, signatures, hashes.
import { createHmac } from "node:crypto";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/**
 * The masks of one player. A random text is named after the place where it stood first, in answers, cookies and
 * rows alike, so that a token in the wrong place is a difference, and one difference does not make others.
 */
export class Mask {
  #secret;
  #seen = new Map();

  /** @param {string} secret what cookies are signed with */
  constructor(secret) {
    this.#secret = secret;
  }

  /** Any value of JSON. `place` says where it stands. */
  json(value, place) {
    if (typeof value === "string") return this.text(value, place);
    if (Array.isArray(value)) return value.map((item, at) => this.json(item, `${place}.${at}`));
    if (value === null || typeof value !== "object") return value;
    const entries = Object.entries(value).map(([key, item]) => [key, this.json(item, `${place}.${key}`)]);
    return Object.fromEntries(entries);
  }

  /** A text, whatever it is: only what is random is replaced. */
  text(value, place) {
    if (ISO.test(value)) return time(value);
    if (/^[A-Za-z0-9]{32}$/.test(value)) return this.#named("id", value, place);
    if (/^[0-9a-f]{32}:[0-9a-f]{128}$/.test(value)) return this.#named("scrypt", value, place);
    if (/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/.test(value))
      return this.#named("argon2id", value, place);
    const [, payload, signature] = value.match(/^(.+)\.([A-Za-z0-9+/]{43}=)$/) ?? [];
    return signature ? this.#signed(payload, signature, place) : value;
  }

  /** A line of `Set-Cookie`: the value by its form, the attributes in their order. */
  cookie(line, place) {
    const [pair, ...attributes] = line.split(";");
    const at = pair.indexOf("=");
    const [name, raw] = [pair.slice(0, at), pair.slice(at + 1)];
    return { name, value: this.#encoded(raw, `${place}.${name}`), attributes: attributes.map(maxAge).join(";") };
  }

  #named(kind, value, place) {
    if (!this.#seen.has(value)) this.#seen.set(value, place);
    return `<${kind} of ${this.#seen.get(value)}>`;
  }

  #signed(payload, signature, place) {
    const expected = createHmac("sha256", this.#secret).update(payload).digest("base64");
    return `${this.text(payload, place)}.<${expected === signature ? "signed" : "BAD SIGNATURE"}>`;
  }

  #encoded(raw, place) {
    const decoded = decodeURIComponent(raw);
    const spelling = encodeURIComponent(decoded) === raw ? "" : " in another encoding";
    return this.text(decoded, place) + spelling;
  }
}

/** By distance from now, in minutes; and its spelling, where that is not JavaScript's. */
function time(value) {
  const [, fraction = "", zone] = value.match(ISO);
  const minutes = Math.round((Date.parse(value) - Date.now()) / 60_000);
  const distance = minutes === 0 || minutes === -1 ? "now" : `now${minutes > 0 ? "+" : ""}${minutes}m`;
  const spelling = zone === "Z" ? (fraction.length === 3 ? "" : `, ${fraction.length} digits`) : row(fraction);
  return `<time ${distance}${spelling}>`;
}

/** PostgreSQL leaves zeros at the end away, so of the digits only their limit can be compared. */
function row(fraction) {
  return fraction.length <= 3 ? ", row" : ", row, below milliseconds";
}

/** A second may pass between a row's time and what remains of it. */
function maxAge(attribute) {
  return attribute.replace(/^( Max-Age=)(\d+9)$/, (_, name, seconds) => `${name}${Number(seconds) + 1}`);
}
