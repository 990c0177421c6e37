// Authenticator app: one-time codes by time (TOTP, RFC 6238) for the URI that a server returns at enrolment.
import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** Time in which a request with a code arrives, in milliseconds. */
const TRANSIT = 4000;

export class Authenticator {
  /** Key of the codes, as in the URI: base32 without padding. */
  secret;
  #key;
  #digits;
  #period;
  #used = 0;

  /** @param {string} uri `otpauth://totp/…` */
  constructor(uri) {
    const { searchParams } = new URL(uri);
    this.secret = searchParams.get("secret");
    this.#key = decodeBase32(this.secret);
    this.#digits = Number(searchParams.get("digits"));
    this.#period = Number(searchParams.get("period")) * 1000;
  }

  /**
   * Returns a code that a server accepts and that this method has not returned before. The steps of the codes ascend.
   * Waits if a server accepts no further step yet: it accepts the previous, the current and the next one.
   */
  async next() {
    const step = Math.max(this.#oldest(), this.#used + 1);
    this.#used = step;
    const start = (step - 1) * this.#period;
    if (start > Date.now()) await sleep(start - Date.now());
    return this.#code(step);
  }

  /** Returns the code of the step that is `offset` steps from the current one. */
  at(offset) {
    return this.#code(this.#now() + offset);
  }

  #now() {
    return Math.floor(Date.now() / this.#period);
  }

  /** The oldest step that a server still accepts when the code arrives. */
  #oldest() {
    const rest = this.#period - (Date.now() % this.#period);
    return rest > TRANSIT ? this.#now() - 1 : this.#now();
  }

  #code(step) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const hash = createHmac("sha1", this.#key).update(counter).digest();
    const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fff_ffff;
    return String(number % 10 ** this.#digits).padStart(this.#digits, "0");
  }
}

/** Decodes base32 without padding. */
export function decodeBase32(text) {
  const bits = Array.from(text, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** Encodes a text as base32 without padding. */
export function encodeBase32(text) {
  const bits = Array.from(Buffer.from(text), (byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.replace(/.{1,5}/g, (part) => BASE32[Number.parseInt(part.padEnd(5, "0"), 2)]);
}
