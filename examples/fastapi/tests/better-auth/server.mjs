// Better Auth with the options of portcullis.toml. Reads PORT, BASE_URL, DATABASE_URL, TRUSTED_ORIGINS and
// BETTER_AUTH_SECRET.
import http from "node:http";

import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";
import pg from "pg";

const { PORT, BASE_URL, DATABASE_URL, TRUSTED_ORIGINS } = process.env;
const auth = betterAuth({
  baseURL: BASE_URL,
  database: new pg.Pool({ connectionString: DATABASE_URL }),
  trustedOrigins: TRUSTED_ORIGINS.split(","),
  emailAndPassword: { enabled: true },
  user: {
    additionalFields: {
      timeZone: { type: "string", defaultValue: "UTC" },
      background: { type: "string", required: false },
    },
  },
  session: { updateAge: 0 },
  rateLimit: { enabled: true, customRules: { "/sign-in/email": { window: 60, max: 3 } } },
  plugins: [jwt()],
  logger: { level: "error" },
  telemetry: { enabled: false },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
http.createServer(toNodeHandler(auth)).listen(PORT, "127.0.0.1");
