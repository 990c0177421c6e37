// Better Auth with password sign-in, without rate limits, and with no other features. Reads DATABASE_URL,
// BETTER_AUTH_SECRET and BETTER_AUTH_URL.
import http from "node:http";

import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";
import pg from "pg";

const baseURL = process.env.BETTER_AUTH_URL;
const auth = betterAuth({
  baseURL,
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

http.createServer(toNodeHandler(auth)).listen(new URL(baseURL).port, "127.0.0.1");
