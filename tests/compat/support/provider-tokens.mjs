// Id tokens of the simulated providers, valid and invalid, made with node:crypto.
import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";

/** The name of the key that all simulated providers publish. */
export const KEY_ID = "provider-1";

const published = pair();
const unpublished = pair();

/** The key set that all simulated providers publish (RFC 7517). */
export const keySet = { keys: [{ ...published.jwk, kid: KEY_ID, alg: "RS256", use: "sig" }] };

/**
 * Makes an id token. `algorithm` is `RS256`, `none`, or `HS256` with the public key as the secret; a token with
 * `isForged` is signed with a key that no provider publishes.
 */
export function idToken(claims, { header = {}, algorithm = "RS256", isForged = false } = {}) {
  const head = encode({ alg: algorithm, typ: "JWT", kid: KEY_ID, ...header });
  const input = `${head}.${encode(claims)}`;
  return `${input}.${signature(input, algorithm, (isForged ? unpublished : published).privateKey)}`;
}

function signature(input, algorithm, key) {
  if (algorithm === "none") return "";
  if (algorithm === "RS256") return sign("sha256", Buffer.from(input), key).toString("base64url");
  const secret = createPublicKey(published.privateKey).export({ type: "spki", format: "pem" });
  return createHmac("sha256", secret).update(input).digest("base64url");
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function pair() {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { privateKey, jwk: publicKey.export({ format: "jwk" }) };
}
