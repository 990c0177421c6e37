// Decodes JWTs, session cookie caches and encrypted columns with Better Auth's own code.
import { symmetricDecodeJWT, symmetricDecrypt } from "better-auth/crypto";
import { getCookieCache } from "better-auth/cookies";
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader } from "jose";

import { encodeBase32 } from "../../support/authenticator.mjs";
import { KEY_ID, keySet } from "./provider-tokens.mjs";

const JWT = /(?<![\w.-])eyJ[\w-]+\.[\w-]+\.[\w-]+(?![\w.-])/g;
const JWE = /^eyJ[\w-]+(\.[\w-]*){4}$/;
/** The names of the keys of encrypted cookies: the session cookie cache and the account cookie. */
const SALTS = ["better-auth-session", "better-auth-account"];
/** An encrypted value that is a JSON string. */
const SEALED = /(?<=")[0-9a-f]{80,}(?=")/g;

export class Reader {
  #secret;
  #keySet;

  /** @param {{ secret: string, keySet: () => Promise<object> }} keys the shared secret, and the published keys */
  constructor({ secret, keySet }) {
    this.#secret = secret;
    this.#keySet = keySet;
  }

  /** Decodes every JWT and every encrypted column in a text. Returns the contents by their encoded text. */
  async readAll(text) {
    const found = new Map();
    for (const [jwt] of text.matchAll(JWT)) found.set(jwt, await this.#jwt(jwt));
    for (const [sealed] of text.matchAll(SEALED)) found.set(sealed, await this.#column(sealed));
    return found;
  }

  /** Decodes the whole value of a cookie: a session cookie cache, an account or a state; undefined if it is none. */
  async cookieValue(value) {
    if (JWE.test(value)) return this.#jwe(value);
    if (/^[0-9a-f]{80,}$/.test(value)) return this.#column(value);
    if (/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(value)) return this.#jwt(value);
    if (!/^eyJzZXNzaW9uIjp[\w-]*$/.test(value)) return undefined;
    const { signature, ...content } = JSON.parse(Buffer.from(value, "base64url"));
    const headers = new Headers({ cookie: `better-auth.session_data=${value}` });
    const isGood = await getCookieCache(headers, { secret: this.#secret, isSecure: false }).catch(() => null);
    return { compact: { ...content, signature: verdict(isGood && signature) } };
  }

  async #jwe(text) {
    const found = await Promise.all(SALTS.map((salt) => symmetricDecodeJWT(text, this.#secret, salt)));
    const at = found.findIndex(Boolean);
    const key = SALTS[at] ?? "UNKNOWN";
    return { jwe: { header: decodeProtectedHeader(text), key, claims: found[at] ?? "UNREADABLE" } };
  }

  async #jwt(text) {
    const header = decodeProtectedHeader(text);
    const keys = header.kid === KEY_ID ? async () => keySet : this.#keySet;
    const key = header.alg === "HS256" ? Buffer.from(this.#secret) : createLocalJWKSet(await keys());
    const isGood = await compactVerify(text, key).catch(() => null);
    return { jwt: { header, claims: decodeJwt(text), signature: verdict(isGood) } };
  }

  /** Decrypts a text, such as a private key, a token, or the key of an authenticator app, returned as apps show it. */
  async #column(text) {
    const content = await symmetricDecrypt({ key: this.#secret, data: text }).catch(() => undefined);
    if (/^[\w-]{32}$/.test(content)) return { sealed: encodeBase32(content) };
    return { sealed: parsed(content) ?? "UNREADABLE" };
  }
}

/** The value of a JSON text; another text unchanged. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function verdict(isGood) {
  return isGood ? "good" : "BAD";
}
