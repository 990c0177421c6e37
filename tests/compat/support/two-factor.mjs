// Steps of scenarios for users with a second factor.
import { createHmac } from "node:crypto";

import { Authenticator } from "../../support/authenticator.mjs";

export const PASSWORD = "password1234";
export const CHALLENGE = "better-auth.two_factor";
export const TRUST = "better-auth.trust_device";
/** A code of the right form that no user has. */
export const NO_CODE = "ZZZZZ-ZZZZZ";

/** Starts an enrolment: returns the authenticator app and the backup codes. */
export async function enable(t, { body, ...options } = {}) {
  const answer = await t.post("/two-factor/enable", { password: PASSWORD, ...body }, options);
  const { totpURI, backupCodes } = answer.json();
  return { app: new Authenticator(totpURI), backupCodes };
}

/** Enrols the user of a jar. */
export async function enrol(t, options) {
  const enrolment = await enable(t, options);
  await t.post("/two-factor/verify-totp", { code: await enrolment.app.next() }, options);
  return enrolment;
}

/** Signs a user up and enrols it, in the jar `own`; the default jar stays empty. */
export async function enrolled(t, name = "ada", { jar = "own", body } = {}) {
  await t.signUp(name, { jar, body });
  return enrol(t, { jar });
}

/** Answers the challenge of a jar with a code of the app. */
export async function answer(t, app, body = {}, options = {}) {
  return t.post("/two-factor/verify-totp", { code: await app.next(), ...body }, options);
}

/** Options of requests with the bearer token of a response instead of cookies. */
export function bearer({ headers }) {
  return { jar: null, headers: { authorization: `Bearer ${headers["set-auth-token"]}` } };
}

/** The value of a cookie with this content, signed as a server signs it. */
export function signed(t, content) {
  const signature = createHmac("sha256", t.secret).update(content).digest("base64");
  return encodeURIComponent(`${content}.${signature}`);
}

/** The content of a signed cookie. */
export function content(value) {
  return decodeURIComponent(value).replace(/\.[^.]*$/, "");
}

/** A copy of a jar, in the form of a header. */
export function header(jar) {
  return [...jar].map((pair) => pair.join("=")).join("; ");
}
