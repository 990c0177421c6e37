// The reference, Better Auth 1.4.22 on Node, in production: node server.mjs PROFILE. It makes its tables itself.
// DATABASE_URL, BETTER_AUTH_SECRET and PORT tell the rest.
import http from "node:http";

import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";
import * as plugins from "better-auth/plugins";
import pg from "pg";

import { profiles } from "./profiles.mjs";

const { baseURL, reference } = profiles[process.argv[2]];
const auth = betterAuth({
  ...reference,
  baseURL,
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL }),
  plugins: (reference.plugins ?? []).map((name) => plugins[name]()),
  logger: { level: "error" },
  telemetry: { enabled: false },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

http.createServer(toNodeHandler(auth)).listen(process.env.PORT, "127.0.0.1");
