import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const published = createRemoteJWKSet(new URL(`${process.env.PORTCULLIS}/api/auth/jwks`));

/** For programs without cookies: requires a JWT. */
export async function GET(request) {
  const [scheme, token] = (request.headers.get("authorization") ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer" || !token) return Response.json({}, { status: 401 });
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      issuer: process.env.APP,
      audience: `${process.env.APP}/api`,
      algorithms: ["EdDSA"],
      requiredClaims: ["sub", "exp"],
    });
    return Response.json({ id: payload.sub, plan: payload.plan });
  } catch (error) {
    const ofKeys = ["ERR_JOSE_GENERIC", "ERR_JWKS_INVALID", "ERR_JWKS_TIMEOUT"];
    const isOutage = !(error instanceof errors.JOSEError) || ofKeys.includes(error.code);
    return Response.json({}, { status: isOutage ? 503 : 401 });
  }
}

async function keyOf(header, token) {
  if (!header.kid) throw new errors.JWKSNoMatchingKey();
  return published(header, token);
}
