// JWTs that no verifier may accept, made with the keys of the server.
import { createHmac, createPrivateKey, createPublicKey, constants, generateKeyPairSync, sign } from "node:crypto";

const { RSA_PKCS1_PSS_PADDING } = constants;
/** How each algorithm signs, and how a key for it is made. */
const KINDS = {
  EdDSA: { make: ["ed25519"], sign: (data, key) => sign(null, data, key) },
  ES256: { make: ["ec", { namedCurve: "P-256" }], sign: (data, key) => ecdsa("sha256", data, key) },
  ES512: { make: ["ec", { namedCurve: "P-521" }], sign: (data, key) => ecdsa("sha512", data, key) },
  RS256: { make: ["rsa", { modulusLength: 2048 }], sign: (data, key) => sign("sha256", data, key) },
  PS256: {
    make: ["rsa", { modulusLength: 2048 }],
    sign: (data, key) => sign("sha256", data, { key, padding: RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  },
};

export const ALGORITHMS = Object.keys(KINDS);

/** Keys that the server does not have. An RSA key takes long to make, so there is one for each algorithm. */
const foreign = {};
function foreignKey(algorithm) {
  return (foreign[algorithm] ??= generateKeyPairSync(...KINDS[algorithm].make).privateKey);
}

function ecdsa(hash, data, key) {
  return sign(hash, data, { key, dsaEncoding: "ieee-p1363" });
}

const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
const decode = (part) => JSON.parse(Buffer.from(part, "base64url"));

function compact(header, claims, signer) {
  const data = `${encode(header)}.${encode(claims)}`;
  return `${data}.${signer(Buffer.from(data)).toString("base64url")}`;
}

/** The id of the key that signed a JWT. */
export function keyIdOf(token) {
  return decode(token.split(".")[0]).kid;
}

/** JWTs like the good one, each with one fault, by the name of the fault. `jwk` is the private key of the good one. */
export function faulty(good, algorithm, jwk) {
  const [header, claims] = good.split(".").slice(0, 2).map(decode);
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  const kind = KINDS[algorithm];
  const genuine = (data) => kind.sign(data, key);
  const other = foreignKey(algorithm);
  const spki = createPublicKey(key).export({ type: "spki", format: "pem" });
  const hmac = (secret) => (data) => createHmac("sha256", secret).update(data).digest();
  const { kid, ...withoutKid } = header;
  const without = (name) => Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name));
  const now = Math.floor(Date.now() / 1000);
  return {
    "another audience": compact(header, { ...claims, aud: "https://other.example.com" }, genuine),
    "another issuer": compact(header, { ...claims, iss: `${claims.iss}/` }, genuine),
    "expired": compact(header, { ...claims, iat: now - 7200, exp: now - 3600 }, genuine),
    "without expiry": compact(header, without("exp"), genuine),
    "without audience": compact(header, without("aud"), genuine),
    "without issuer": compact(header, without("iss"), genuine),
    "changed": good.replace(/\.[^.]+\./, `.${encode({ ...claims, sub: "another" })}.`),
    "another key": compact(header, claims, (data) => kind.sign(data, other)),
    "another key without kid": compact(withoutKid, claims, (data) => kind.sign(data, other)),
    "an unknown kid": compact({ ...header, kid: "unknown" }, claims, (data) => kind.sign(data, other)),
    "without kid": compact(withoutKid, claims, genuine),
    "none": compact({ alg: "none", kid }, claims, () => Buffer.alloc(0)),
    "none, signed": compact({ ...header, alg: "none" }, claims, genuine),
    "HS256 with the public key": compact({ ...header, alg: "HS256" }, claims, hmac(spki)),
    "HS256 with the JWK": compact({ ...header, alg: "HS256" }, claims, hmac(jwk.x ?? jwk.n)),
    "HS256 with an empty key": compact({ ...header, alg: "HS256" }, claims, hmac("")),
  };
}

/** The same JWT, signed again by a private key: shows that the faults above are the only ones. */
export function again(good, algorithm, jwk, header = {}) {
  const [old, claims] = good.split(".").slice(0, 2).map(decode);
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  return compact({ ...old, ...header }, claims, (data) => KINDS[algorithm].sign(data, key));
}
