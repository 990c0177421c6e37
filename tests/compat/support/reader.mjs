// Decodes JWTs, session cookie caches and encrypted columns with Better Auth's own code.
import { symmetricDecodeJWT, symmetricDecrypt } from "better-auth/crypto";
import { getCookieCache } from "better-auth/cookies";
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader } from "jose";

import { encodeBase32 } from "../../support/authenticator.mjs";

const JWT = /(?<![\w.-])eyJ[\w-]+\.[\w-]+\.[\w-]+(?![\w.-])/g;
const JWE = /^eyJ[\w-]+(\.[\w-]*){4}$/;
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

  /** Decodes a session cookie cache, the whole value of a cookie; undefined if it is none. */
  async copy(value) {
    if (JWE.test(value)) {
      const claims = await symmetricDecodeJWT(value, this.#secret, "better-auth-session");
      return { jwe: { header: decodeProtectedHeader(value), claims: claims ?? "UNREADABLE" } };
    }
    if (/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(value)) return this.#jwt(value);
    if (!/^eyJzZXNzaW9uIjp[\w-]*$/.test(value)) return undefined;
    const { signature, ...content } = JSON.parse(Buffer.from(value, "base64url"));
    const headers = new Headers({ cookie: `better-auth.session_data=${value}` });
    const isGood = await getCookieCache(headers, { secret: this.#secret, isSecure: false }).catch(() => null);
    return { compact: { ...content, signature: verdict(isGood && signature) } };
  }

  async #jwt(text) {
    const header = decodeProtectedHeader(text);
    const key = header.alg === "HS256" ? Buffer.from(this.#secret) : createLocalJWKSet(await this.#keySet());
    const isGood = await compactVerify(text, key).catch(() => null);
    return { jwt: { header, claims: decodeJwt(text), signature: verdict(isGood) } };
  }

  /** Decrypts JSON, such as a private key, or the key of an authenticator app, which is returned as apps show it. */
  async #column(text) {
    const content = await symmetricDecrypt({ key: this.#secret, data: text }).catch(() => "null");
    if (/^[\w-]{32}$/.test(content)) return { sealed: encodeBase32(content) };
    return { sealed: JSON.parse(content) ?? "UNREADABLE" };
  }
}

function verdict(isGood) {
  return isGood ? "good" : "BAD";
}
