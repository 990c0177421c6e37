// Users and sessions of the benchmark. Tokens and ids are hashes of numbers, so that PostgreSQL makes the rows and this
// program the cookies without exchanging them.
import { createHash, createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";

export const USERS = 10_000;
export const SESSIONS = 50_000;
export const PASSWORD = "correct horse battery";
/** How many cookies a file has at most. */
const LONGEST = 50_000;

const md5 = (text) => createHash("md5").update(text).digest("hex");

export function token(session) {
  return md5(`session ${session}`);
}

/** The address of the user of a session, if there are this many users. */
export function email(session, users = USERS) {
  return `u${session % users}@example.com`;
}

/** The session cookie as Better Auth signs it. */
export function cookie(session, secret) {
  const value = token(session);
  const signature = createHmac("sha256", secret).update(value).digest("base64");
  return `better-auth.session_token=${value}.${encodeURIComponent(signature)}`;
}

/** Numbers of sessions, in an order without locality. All of them, or a part that is spread over all. */
export function spread(sessions, most = LONGEST) {
  const count = Math.min(sessions, most);
  const step = 2_147_483_647;
  return Array.from({ length: count }, (_, at) => (at * step) % sessions);
}

/** Writes a file with a cookie in each line. */
export function writeCookies(file, cookies) {
  writeFileSync(file, `${cookies.join("\n")}\n`);
}

/** Statements that insert the users `from` to `to`, whose accounts have this password hash. */
export function insertUsers(from, to, hash) {
  return [
    `INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
     SELECT md5('user ' || n), 'User ' || n, 'u' || n || '@example.com', true, now(), now()
     FROM generate_series(${from}, ${to - 1}) AS n`,
    `INSERT INTO "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
     SELECT md5('account ' || n), md5('user ' || n), 'credential', md5('user ' || n), '${hash}', now(), now()
     FROM generate_series(${from}, ${to - 1}) AS n`,
  ];
}

/** The statement that inserts the sessions `from` to `to` of this many users. */
export function insertSessions(from, to, users = USERS) {
  return `INSERT INTO "session"
       ("id", "expiresAt", "token", "createdAt", "updatedAt", "ipAddress", "userAgent", "userId")
     SELECT md5('id ' || n), now() + interval '7 days', md5('session ' || n), now(), now(), '203.0.113.7',
         'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', md5('user ' || n % ${users})
     FROM generate_series(${from}, ${to - 1}) AS n`;
}
