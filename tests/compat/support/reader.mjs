// What only a key opens, read with the reference's own code: JWTs, copies of sessions, private keys.
import { symmetricDecodeJWT, symmetricDecrypt } from "better-auth/crypto";
import { getCookieCache } from "better-auth/cookies";
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader } from "jose";

const JWT = /(?<![\w.-])eyJ[\w-]+\.[\w-]+\.[\w-]+(?![\w.-])/g;
const JWE = /^eyJ[\w-]+(\.[\w-]*){4}$/;
/** As a text of JSON. */
const SEALED = /(?<=")[0-9a-f]{80,}(?=")/g;

export class Reader {
  #secret;
  #keySet;

  /** @param {{ secret: string, keySet: () => Promise<object> }} keys the shared one, and the server's published ones */
  constructor({ secret, keySet }) {
    this.#secret = secret;
    this.#keySet = keySet;
  }

  /** What every JWT and every sealed key in a text says, by its own text. */
  async readAll(text) {
    const found = new Map();
    for (const [jwt] of text.matchAll(JWT)) found.set(jwt, await this.#jwt(jwt));
    for (const [sealed] of text.matchAll(SEALED)) found.set(sealed, await this.#privateKey(sealed));
    return found;
  }

  /** What a copy of a session says, which is a cookie's whole value; none where it is no copy. */
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

  async #privateKey(text) {
    const jwk = await symmetricDecrypt({ key: this.#secret, data: text }).catch(() => "null");
    return { sealed: JSON.parse(jwk) ?? "UNREADABLE" };
  }
}

function verdict(isGood) {
  return isGood ? "good" : "BAD";
}
