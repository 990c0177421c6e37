// Replaces values that differ between two servers by their form: ids, tokens, times, signatures, hashes, keys.
import { createHash, createHmac } from "node:crypto";

const THOUSAND_DAYS = 1000 * 24 * 60 * 60 * 1000;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** JSON members that hold times as numbers, with their units per second. */
const UNITS = { iat: 1, exp: 1, nbf: 1, updatedAt: 1000, expiresAt: 1000, lastRequest: 1000 };
/** The random parameters of a URL to which a user is sent. */
const RANDOM_PARAMETERS = /(?<=[?&](state|code_challenge)=)[\w-]{32,}(?=&|$)/g;
/** An API key: random letters after a prefix. A text that ends in one repeated letter is not random. */
const API_KEY = /^(?!.*(.)\1{9}$)[\w-]*[A-Za-z]{64}$/;
/** A session token in lower case, in the name of the cookie of a session of the device. */
const OF_SESSION = /(?<=_multi-)[a-z0-9]{32}$/;
/** JSON members that hold the challenge for a passkey. */
const CHALLENGES = new Set(["challenge", "expectedChallenge"]);
/** JWK members with random bytes. */
const KEY_PARTS = new Set(["x", "y", "d", "n", "p", "q", "dp", "dq", "qi"]);

/**
 * The masks of one player. A random text is replaced by the place where it occurred first, in responses, cookies and
 * rows, so that a token in the wrong place is a difference, and one difference does not cause others.
 */
export class Mask {
  #secret;
  #seen = new Map();
  #meanings = new Map();

  /** @param {string} secret the secret that signs cookies */
  constructor(secret) {
    this.#secret = secret;
  }

  /** Replaces the keys of the map by their values from now on. */
  learn(meanings) {
    for (const [text, meaning] of meanings) this.#meanings.set(text, meaning);
  }

  /** Names a one-time token, which may contain other characters than ids. */
  oneTime(token, place) {
    return this.#named("one-time token", token, place);
  }

  /** Masks a JSON value. `place` is its location. */
  json(value, place) {
    if (typeof value === "string") return this.text(value, place);
    if (Array.isArray(value)) return value.map((item, at) => this.json(item, `${place}.${at}`));
    if (value === null || typeof value !== "object") return value;
    const isKey = typeof value.kty === "string";
    const entries = Object.entries(value).map(([key, item]) => {
      if (key === "start" && typeof item === "string") return [key, this.#beginning(item)];
      if (CHALLENGES.has(key)) return [key, this.#challenge(item, `${place}.${key}`)];
      if (key === "tryAgainIn") return [key, `<${Math.round(item / 60_000)} minutes>`];
      if (isKey && KEY_PARTS.has(key)) return [key, this.#keyPart(item, `${place}.${key}`)];
      if (typeof item === "number" && UNITS[key]) return [key, `<number ${distance((item * 1000) / UNITS[key])}>`];
      return [key, this.json(item, `${place}.${key}`)];
    });
    return Object.fromEntries(entries);
  }

  /** Masks a text if it is random or a recent time. */
  text(value, place) {
    if (this.#meanings.has(value)) return this.json(this.#meanings.get(value), place);
    if (this.#seen.has(value)) return this.#seen.get(value);
    if (isRecent(value)) return time(value);
    if (UUID.test(value)) return this.#named("uuid", value, place);
    if (/^([A-Za-z0-9]{32}|[A-Za-z0-9]{24})$/.test(value)) return this.#named(alphabet(value), value, place);
    if (/^[A-Za-z0-9]{32}(,[A-Za-z0-9]{32})+$/.test(value))
      return value.split(",").map((id) => this.text(id, place)).join(",");
    if (/^[0-9a-f]{32}:[0-9a-f]{128}$/.test(value)) return this.#named("scrypt", value, place);
    if (/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/.test(value))
      return this.#named("argon2id", value, place);
    if (/^[A-Za-z0-9]{5}-[A-Za-z0-9]{5,7}$/.test(value)) return this.#named("backup code", value, place);
    if (/^[A-Z2-7]{52}$/.test(value)) return this.#named("TOTP key", value, place);
    if (/^[\w-]{128}$/.test(value)) return this.#named("code verifier", value, place);
    if (/^https?:.*[?&]state=[\w-]{32}(&|$)/.test(value))
      return value.replace(RANDOM_PARAMETERS, (random, name) => this.#named(name, random, place));
    if (API_KEY.test(value)) return this.#named(`API key, ${value.length} characters,`, value, place);
    if (isUserHandle(value)) return this.#named("user handle", value, place);
    if (/^[\w-]{43}$/.test(value)) return this.#hash(value) ?? value;
    if (/^2fa-[\w-]{20}$/.test(value)) return this.#named("challenge", value, place);
    if (value.startsWith("otpauth:"))
      return value.replace(/(?<=[?&]secret=)\w+/, (key) => this.text(key, place));
    const [, mac, identifier] = value.match(/^([\w-]{43})!(trust-device-[\w-]{32})$/) ?? [];
    if (mac) return this.#trusted(mac, identifier, place);
    const [, guest] = value.match(/^temp[@-]([a-z0-9]{32})(?:\.com|@.+)$/) ?? [];
    if (guest) return value.replace(guest, this.#named("guest", guest, place));
    const [, token, mark] = value.match(/^([A-Za-z0-9]{32}):(true)?$/) ?? [];
    if (token) return `${this.text(token, place)} of an administrator${mark ? ", not remembered" : ""}`;
    const [, payload, signature] = value.match(/^(.+)\.([A-Za-z0-9+/]{43}=)$/) ?? [];
    return signature ? this.#signed(payload, signature, place) : value;
  }

  /** As `text`, but also replaces random texts seen before inside it, such as the token in a link. */
  within(value, place) {
    const masked = this.text(value, place);
    if (masked !== value) return masked;
    const seen = [...this.#seen].filter(([random]) => value.includes(random));
    return seen.reduce((text, [random, name]) => text.replaceAll(random, name), value);
  }

  /** Masks a percent-encoded value, and notes if its encoding is not JavaScript's. */
  encoded(raw, place) {
    if (this.#meanings.has(raw)) return this.json(this.#meanings.get(raw), place);
    const decoded = decodeURIComponent(raw);
    const spelling = encodeURIComponent(decoded) === raw ? "" : " in another encoding";
    return this.text(decoded, place) + spelling;
  }

  /** Masks the value of a `Set-Cookie` line, and keeps the order of the attributes. */
  cookie(line, place) {
    const [pair, ...attributes] = line.split(";");
    const at = pair.indexOf("=");
    const [name, raw] = [pair.slice(0, at), pair.slice(at + 1)];
    const [token] = name.includes("passkey") ? decodeURIComponent(raw).match(/^[\w-]{32}(?=\.)/) ?? [] : [];
    if (token) this.#named("passkey token", token, place);
    const value = this.encoded(raw, `${place}.${name}`);
    return { name: name.replace(OF_SESSION, (token) => this.#lowered(token)), value, attributes: attributes.map(maxAge).join(";") };
  }

  /** Names the random text whose lower-case form is part of the name of a cookie. */
  #lowered(token) {
    const [, name = `<unknown ${token}>`] = [...this.#seen].find(([random]) => random.toLowerCase() === token) ?? [];
    return name;
  }

  #named(kind, value, place) {
    if (!this.#seen.has(value)) this.#seen.set(value, `<${kind} of ${place}>`);
    return this.#seen.get(value);
  }

  /** Masks the challenge for a passkey: 32 random bytes. */
  #challenge(value, place) {
    return /^[\w-]{43}$/.test(value) ? this.#named("challenge", value, place) : this.json(value, place);
  }

  /** Names the API key that a text begins, if it was seen before. */
  #beginning(value) {
    const [, name] = [...this.#seen].find(([key]) => API_KEY.test(key) && key.startsWith(value)) ?? [];
    return name ? `<first ${value.length} of ${name}>` : value;
  }

  /** Names the API key that a text is the digest of, if it was seen before. */
  #hash(value) {
    const digest = (key) => createHash("sha256").update(key).digest("base64url");
    const [, name] = [...this.#seen].find(([key]) => API_KEY.test(key) && digest(key) === value) ?? [];
    return name && `<SHA-256 of ${name}>`;
  }

  /** Masks a number of a key. Its length is rounded up, because leading zeros are omitted. */
  #keyPart(value, place) {
    const words = Math.ceil(Buffer.from(value, "base64url").length / 8);
    return this.#named(`${words * 8} bytes`, value, place);
  }

  /** Masks the cookie of a trusted device, and names the user that it belongs to. */
  #trusted(mac, identifier, place) {
    const macOf = (id) => createHmac("sha256", this.#secret).update(`${id}!${identifier}`).digest("base64url");
    const [, user = "NO USER"] = [...this.#seen].find(([id]) => macOf(id) === mac) ?? [];
    return `${this.#named("trusted device", identifier, place)} of ${user}`;
  }

  #signed(payload, signature, place) {
    const expected = createHmac("sha256", this.#secret).update(payload).digest("base64");
    return `${this.text(payload, place)}.<${expected === signature ? "signed" : "BAD SIGNATURE"}>`;
  }
}

/** The kind of a random text. With capitals in its alphabet, 24 or 32 characters practically always contain one. */
function alphabet(value) {
  return `${value.length === 32 ? "id" : "secret"}${/[A-Z]/.test(value) ? "" : " without capitals"}`;
}

/** Whether a text is the id of a user for an authenticator: 32 random letters and digits, in base64url. */
function isUserHandle(value) {
  return /^[\w-]{43}$/.test(value) && /^[a-z0-9]{32}$/.test(Buffer.from(value, "base64url"));
}

/** Whether it is a time from a server's clock. Times far from now were sent by a scenario. */
function isRecent(value) {
  return ISO.test(value) && Math.abs(Date.parse(value) - Date.now()) < THOUSAND_DAYS;
}

/** Masks a time as its distance from now in minutes, and its format if that is not JavaScript's. */
function time(value) {
  const [, fraction = "", zone] = value.match(ISO);
  const spelling = zone === "Z" ? (fraction.length === 3 ? "" : `, ${fraction.length} digits`) : row(fraction);
  return `<time ${distance(Date.parse(value))}${spelling}>`;
}

/** Rounds: the servers play a scenario at different speeds, so the same time can be a few minutes nearer on one. */
function distance(time) {
  const exact = (time - Date.now()) / 60_000;
  const step = exact < 0 ? 60 : exact < 60 ? 1 : 5;
  const minutes = Math.round(exact / step) * step;
  return minutes === 0 ? "now" : `now${minutes > 0 ? "+" : ""}${minutes}m`;
}

/** PostgreSQL omits trailing zeros, so only the maximum number of digits can be compared. */
function row(fraction) {
  return fraction.length <= 3 ? ", row" : ", row, below milliseconds";
}

/** Rounds a lifetime that ends in 9 up: a second may pass between the row's time and the response. */
function maxAge(attribute) {
  return attribute.replace(/^( Max-Age=)(\d+9)$/, (_, name, seconds) => `${name}${Number(seconds) + 1}`);
}
