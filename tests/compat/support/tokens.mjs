// Valid and invalid tokens, made without a server.
import { createHmac } from "node:crypto";

import { signJWT, symmetricEncodeJWT } from "better-auth/crypto";
import { SignJWT, UnsecuredJWT } from "jose";

const seconds = () => Math.floor(Date.now() / 1000);

/** A JWT as in links, which expires in an hour. Undefined claims are omitted. */
export function linkToken(secret, claims, header = {}) {
  const all = { iat: seconds(), exp: seconds() + 3600, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg: "HS256", ...header }).sign(Buffer.from(secret));
}

/** As `linkToken`, without a signature. */
export function unsignedToken(claims) {
  return new UnsecuredJWT({ iat: seconds(), exp: seconds() + 3600, ...claims }).encode();
}

/** A session cookie cache as Better Auth makes it. `of` is the body of `/get-session`. */
export function cookieCacheOf(strategy, secret, of, { version = "1", expiresIn = 300 } = {}) {
  const content = { ...of, updatedAt: Date.now(), version };
  if (strategy === "jwt") return signJWT(content, secret, expiresIn);
  if (strategy === "jwe") return symmetricEncodeJWT(content, secret, "better-auth-session", expiresIn);
  const expiresAt = Date.now() + expiresIn * 1000;
  const signed = JSON.stringify({ ...content, expiresAt });
  const signature = createHmac("sha256", secret).update(signed).digest("base64url");
  return Buffer.from(JSON.stringify({ session: content, expiresAt, signature })).toString("base64url");
}
