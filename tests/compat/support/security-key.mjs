// An authenticator of passkeys: makes what a browser sends to a server, valid or wrong in chosen parts.
import { constants, createHash, generateKeyPairSync, sign } from "node:crypto";

import { cbor } from "./cbor.mjs";

/** The flags of authenticator data. */
export const UP = 0x01;
export const UV = 0x04;
export const BE = 0x08;
export const BS = 0x10;
export const AT = 0x40;
export const ED = 0x80;

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING };
/** By name: the COSE number, the type of key with its options, and the parameters of a signature. */
const ALGORITHMS = {
  EdDSA: { alg: -8, type: "ed25519", hash: null },
  ES256: { alg: -7, type: "ec", options: { namedCurve: "P-256" }, hash: "sha256" },
  ES384: { alg: -35, type: "ec", options: { namedCurve: "P-384" }, hash: "sha384" },
  ES512: { alg: -36, type: "ec", options: { namedCurve: "P-521" }, hash: "sha512" },
  ES256K: { alg: -47, type: "ec", options: { namedCurve: "secp256k1" }, hash: "sha256" },
  RS256: { alg: -257, type: "rsa", options: { modulusLength: 2048 }, hash: "sha256" },
  RS384: { alg: -258, type: "rsa", options: { modulusLength: 2048 }, hash: "sha384" },
  RS512: { alg: -259, type: "rsa", options: { modulusLength: 2048 }, hash: "sha512" },
  RS1: { alg: -65535, type: "rsa", options: { modulusLength: 2048 }, hash: "sha1" },
  PS256: { alg: -37, type: "rsa", options: { modulusLength: 2048 }, hash: "sha256", padding: { ...PSS, saltLength: 32 } },
  PS384: { alg: -38, type: "rsa", options: { modulusLength: 2048 }, hash: "sha384", padding: { ...PSS, saltLength: 48 } },
  PS512: { alg: -39, type: "rsa", options: { modulusLength: 2048 }, hash: "sha512", padding: { ...PSS, saltLength: 64 } },
};
const CURVES = { "P-256": 1, "P-384": 2, "P-521": 3, Ed25519: 6, secp256k1: 8 };
/** An id that no catalogue of authenticators has. */
const AAGUID = "00112233445566778899aabbccddeeff";

const sha256 = (data) => createHash("sha256").update(data).digest();
const encoded = (bytes) => Buffer.from(bytes).toString("base64url");
const decoded = (text) => Buffer.from(text, "base64url");

/** Pairs of keys by name and algorithm. Both servers meet the same ones, so what they store can be compared. */
const pairs = new Map();

function pairOf(name, algorithm) {
  const at = `${name} ${algorithm}`;
  const { type, options } = ALGORITHMS[algorithm];
  if (!pairs.has(at)) pairs.set(at, generateKeyPairSync(type, options));
  return pairs.get(at);
}

export class SecurityKey {
  /** How often the key was used. An authenticator without a counter keeps 0. */
  counter;
  id;
  algorithm;
  #pair;
  #step;

  /** @param {string} name keys of one name and algorithm are the same */
  constructor(name, { algorithm = "ES256", counter = 1, step = 1, id = sha256(`${name} ${algorithm}`).subarray(0, 20) } = {}) {
    this.algorithm = algorithm;
    this.counter = counter;
    this.id = Buffer.from(id);
    this.#step = step;
    this.#pair = pairOf(name, algorithm);
  }

  get credentialID() {
    return encoded(this.id);
  }

  /** The public key as a COSE map. */
  get publicKey() {
    const { kty, crv, x, y, n, e } = this.#pair.publicKey.export({ format: "jwk" });
    const { alg } = ALGORITHMS[this.algorithm];
    const shared = [[3, alg]];
    if (kty === "OKP") return new Map([[1, 1], ...shared, [-1, CURVES[crv]], [-2, decoded(x)]]);
    if (kty === "EC") return new Map([[1, 2], ...shared, [-1, CURVES[crv]], [-2, decoded(x)], [-3, decoded(y)]]);
    return new Map([[1, 3], ...shared, [-1, decoded(n)], [-2, decoded(e)]]);
  }

  /**
   * Makes a credential: what `navigator.credentials.create` returns for a server's options. `changes` replace parts:
   * `flags`, `counter`, `rpId`, `aaguid`, `id`, `publicKey`, `tail`, `authData`, `client`, `clientText`, `format`,
   * `statement`, `attestationObject`; `response` and `all` replace members of the result.
   */
  create({ challenge, rp: { id: rpId } }, origin, changes = {}) {
    const { aaguid = AAGUID, id = this.id, publicKey = this.publicKey } = changes;
    const flags = changes.flags ?? UP | UV | AT;
    const attested = [decoded16(aaguid), length(id), id, publicKey instanceof Uint8Array ? publicKey : cbor(publicKey)];
    const authData = changes.authData ?? this.#data({ rpId, ...changes, flags }, flags & AT ? attested : []);
    const client = clientData({ type: "webauthn.create", challenge, origin }, changes);
    const { format = "none" } = changes;
    const statement = changes.statement ?? (format === "packed" ? this.#selfAttested(authData, client) : new Map());
    const object = new Map([["fmt", format], ["attStmt", statement], ["authData", authData]]);
    return {
      id: encoded(id),
      rawId: encoded(id),
      type: "public-key",
      clientExtensionResults: { credProps: { rk: true } },
      authenticatorAttachment: "cross-platform",
      response: {
        clientDataJSON: encoded(client),
        attestationObject: encoded(changes.attestationObject ?? cbor(object)),
        transports: ["usb", "nfc"],
        ...changes.response,
      },
      ...changes.all,
    };
  }

  /** Signs a challenge: what `navigator.credentials.get` returns for a server's options. `changes` as of `create`. */
  get({ challenge, rpId }, origin, changes = {}) {
    this.counter += this.#step;
    const authData = changes.authData ?? this.#data({ rpId, flags: UP | UV, ...changes }, []);
    const client = clientData({ type: "webauthn.get", challenge, origin }, changes);
    const signature = (changes.signer ?? this).sign(Buffer.concat([authData, sha256(client)]));
    return {
      id: this.credentialID,
      rawId: this.credentialID,
      type: "public-key",
      clientExtensionResults: {},
      authenticatorAttachment: "cross-platform",
      response: {
        clientDataJSON: encoded(client),
        authenticatorData: encoded(authData),
        signature: encoded(changes.signature ?? signature),
        userHandle: encoded("a".repeat(32)),
        ...changes.response,
      },
      ...changes.all,
    };
  }

  sign(data) {
    const { hash, padding } = ALGORITHMS[this.algorithm];
    return sign(hash, data, { key: this.#pair.privateKey, ...padding });
  }

  #data({ rpId, flags, counter = this.counter, tail = Buffer.alloc(0) }, attested) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, ...attested, tail]);
  }

  #selfAttested(authData, client) {
    const sig = this.sign(Buffer.concat([authData, sha256(client)]));
    return new Map([["alg", ALGORITHMS[this.algorithm].alg], ["sig", sig]]);
  }
}

function clientData(members, { client, clientText }) {
  return Buffer.from(clientText ?? JSON.stringify({ ...members, crossOrigin: false, ...client }));
}

function decoded16(aaguid) {
  return Buffer.from(aaguid, "hex");
}

function length(bytes) {
  return Buffer.from([bytes.length >> 8, bytes.length & 0xff]);
}
