// Servers of other Rust crates, each with its own tables in a database of its own.
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { PASSWORD, SESSIONS, USERS, token } from "./data.mjs";
import { createDatabase, peers, secret, startPeer } from "./servers.mjs";
import { query } from "./stage.mjs";

const folder = fileURLToPath(new URL("../peers/", import.meta.url));
const AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** Builds the programs of `bench/peers`, a workspace of its own. */
export function build() {
  const manifest = ["--manifest-path", `${folder}Cargo.toml`, "--target-dir", peers];
  execFileSync("cargo", ["build", "--release", "--locked", ...manifest], { stdio: "inherit" });
}

/** better-auth-rs: argon2id, and tokens that are not signed. The password hash is in the user's row. */
export const betterAuthRs = {
  name: "better-auth-rs",
  program: "portcullis-peer-better-auth-rs",
  tables: () => [readFileSync(`${folder}better-auth-rs/schema.sql`, "utf8")],
  hash: `SELECT metadata ->> 'password_hash' AS hash FROM users`,
  fill: (hash) => [
    `INSERT INTO users (id, name, email, email_verified, metadata)
     SELECT md5('user ' || n), 'User ' || n, 'u' || n || '@example.com', true,
         jsonb_build_object('password_hash', '${hash}') FROM generate_series(0, ${USERS - 1}) AS n`,
    sessions(`'session_' || md5('session ' || n)::uuid`),
  ],
  cookie(session) {
    const uuid = token(session).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    return `better-auth.session-token=session_${uuid}`;
  },
};

/** RustAuth: scrypt and signed cookies, as Better Auth has them. */
export const rustAuth = {
  name: "RustAuth",
  program: "portcullis-peer-rust-auth",
  tables: () => [],
  hash: `SELECT password AS hash FROM accounts`,
  fill: (hash) => [
    `INSERT INTO users (id, name, email, email_verified, created_at, updated_at)
     SELECT md5('user ' || n), 'User ' || n, 'u' || n || '@example.com', true, now(), now()
     FROM generate_series(0, ${USERS - 1}) AS n`,
    `INSERT INTO accounts (id, account_id, provider_id, user_id, password, created_at, updated_at)
     SELECT md5('account ' || n), md5('user ' || n), 'credential', md5('user ' || n), '${hash}', now(), now()
     FROM generate_series(0, ${USERS - 1}) AS n`,
    sessions(`md5('session ' || n)`),
  ],
  cookie(session) {
    const value = token(session);
    return `rustauth.session_token=${value}.${createHmac("sha256", secret).update(value).digest("base64")}`;
  },
};

function sessions(token) {
  return `INSERT INTO sessions (id, expires_at, token, created_at, updated_at, ip_address, user_agent, user_id)
     SELECT md5('id ' || n), now() + interval '7 days', ${token}, now(), now(), '203.0.113.7', '${AGENT}',
         md5('user ' || n % ${USERS})
     FROM generate_series(0, ${SESSIONS - 1}) AS n`;
}

/** Starts a peer on a database of its own with as many users and sessions as that of Better Auth. */
export async function startFilled(stage, peer) {
  const database = createDatabase(stage.database, peer.name);
  await query(database, peer.tables());
  const server = await stage.start(startPeer(peer.name, peer.program, database));
  const answer = await fetch(server.url("/sign-up/email"), {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin },
    body: JSON.stringify({ name: "Ada", email: "ada@example.com", password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`${peer.name}: ${answer.status} ${await answer.text()}`);
  const [{ hash }] = await query(database, [peer.hash]);
  await query(database, [...peer.fill(hash), "VACUUM ANALYZE"]);
  return server;
}
