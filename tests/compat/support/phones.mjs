// Steps of scenarios with phone numbers.

export const PASSWORD = "password1234";
export const NUMBER = "+4915112345678";
export const OTHER = "+4915187654321";
/** A code that no server makes. */
export const WRONG = "abcdef";

const SEND = "/phone-number/send-otp";
const VERIFY = "/phone-number/verify";
const ASK = "/phone-number/request-password-reset";

/** Asks for a code, and returns it. */
export async function sent(t, { to = NUMBER, ...options } = {}) {
  await t.post(SEND, { phoneNumber: to }, { label: "send a code", ...options });
  return (await t.message(to)).code;
}

/** Enters a code. */
export function verify(t, code, { number = NUMBER, body, ...options } = {}) {
  return t.post(VERIFY, { phoneNumber: number, code, ...body }, { label: "verify", ...options });
}

/** Asks for a code, and proves a number by it. */
export async function prove(t, { number = NUMBER, body, ...options } = {}) {
  return verify(t, await sent(t, { to: number, jar: options.jar }), { number, body, ...options });
}

/** Adds a number to the user of a jar. */
export function add(t, options = {}) {
  return prove(t, { ...options, body: { updatePhoneNumber: true, ...options.body } });
}

/** Signs a user up in the jar `own`, who then proves a number. */
export async function owner(t, { name = "ada", number = NUMBER, jar = "own", body } = {}) {
  await t.signUp(name, { jar, body, label: `sign-up of ${name}` });
  await add(t, { number, jar });
}

/** Signs in by a number and a password. */
export function signIn(t, { number = NUMBER, password = PASSWORD, body, ...options } = {}) {
  return t.post("/sign-in/phone-number", { phoneNumber: number, password, ...body }, { label: "sign in", ...options });
}

/** Asks for a code of a reset, and returns it. */
export async function askReset(t, { to = NUMBER, ...options } = {}) {
  await t.post(ASK, { phoneNumber: to }, { jar: null, label: "ask for a reset", ...options });
  return (await t.message(to)).code;
}

/** Makes the newest one-time token of all expire. */
export function lapseNewest(t) {
  const newest = `select id from verification order by "createdAt" desc limit 1`;
  return t.sql(`update verification set "expiresAt" = now() - interval '1 minute' where id in (${newest})`);
}
