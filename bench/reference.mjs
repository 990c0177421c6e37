// Better Auth with password sign-in, without rate limits, and with no other features unless a variable enables them. Reads
// DATABASE_URL, BETTER_AUTH_SECRET and BETTER_AUTH_URL; COOKIE_CACHE, the encoding of the cookie cache; and JWT, which
// enables the plugin if it is set.
import http from "node:http";

import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";
import pg from "pg";

const { BETTER_AUTH_URL: baseURL, COOKIE_CACHE: strategy, DATABASE_URL: connectionString, JWT } = process.env;
const auth = betterAuth({
  baseURL,
  database: new pg.Pool({ connectionString }),
  emailAndPassword: { enabled: true },
  plugins: JWT ? [jwt()] : [],
  rateLimit: { enabled: false },
  session: strategy ? { cookieCache: { enabled: true, maxAge: 3600, strategy } } : {},
  telemetry: { enabled: false },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

http.createServer(toNodeHandler(auth)).listen(new URL(baseURL).port, "127.0.0.1");
