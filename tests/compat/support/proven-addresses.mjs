// Steps of scenarios in which a user signs in by a link or a code that was sent to an address.

export const ADA = "ada@example.com";
export const PASSWORD = "password1234";
/** A code that no server makes. */
export const WRONG = "abcdef";

const LINK = "/sign-in/magic-link";
const OPEN = "/magic-link/verify";

/** Asks for a sign-in link, and returns its message. */
export async function askLink(t, body = {}, { to = ADA, ...options } = {}) {
  await t.post(LINK, { email: to, ...body }, { label: "ask", ...options });
  return t.message(to);
}

/** Opens a link with these parameters. */
export function openLink(t, parameters, options) {
  return t.get(`${OPEN}?${new URLSearchParams(parameters)}`, { label: "open the link", ...options });
}

/** Asks for a code of a type, and returns it. */
export async function askCode(t, type, { to = ADA, ...options } = {}) {
  await t.post("/email-otp/send-verification-otp", { email: to, type }, { label: `ask for ${type}`, ...options });
  return (await t.message(to)).code;
}

/** Signs in by a code. */
export function signInByCode(t, otp, { email = ADA, ...options } = {}) {
  return t.post("/sign-in/email-otp", { email, otp }, options);
}

/** Asks for a code, and signs in by it. */
export async function enterByCode(t, options = {}) {
  return signInByCode(t, await askCode(t, "sign-in", options), { email: options.to, ...options });
}

/** Signs a user up who has proven the address. */
export async function provenUser(t, name = "ada", options = {}) {
  await t.signUp(name, { jar: "own", ...options });
  await t.sql(`update "user" set "emailVerified" = true`);
}

/** Makes the newest one-time token of all expire. */
export function lapseNewest(t) {
  const newest = `select id from verification order by "createdAt" desc limit 1`;
  return t.sql(`update verification set "expiresAt" = now() - interval '1 minute' where id in (${newest})`);
}
