// Better Auth 1.4.22 on Node: node server.mjs PROFILE. It creates its tables itself. Reads DATABASE_URL,
// BETTER_AUTH_SECRET, PORT, and MAILBOX, the URL that receives its messages.
import http from "node:http";

import { expo } from "@better-auth/expo";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";
import * as ownPlugins from "better-auth/plugins";
import pg from "pg";

import { profiles } from "./profiles.mjs";

/** The path of the option that holds the sender of each kind of message. */
const SENDERS = {
  "reset-password": ["emailAndPassword", "sendResetPassword"],
  "verify-email": ["emailVerification", "sendVerificationEmail"],
  "change-email": ["user", "changeEmail", "sendChangeEmailConfirmation"],
  "delete-account": ["user", "deleteUser", "sendDeleteAccountVerification"],
  "two-factor-otp": ["plugins", "twoFactor", "otpOptions", "sendOTP"],
};

const plugins = { ...ownPlugins, expo };
const { baseURL, reference, messages = [] } = profiles[process.argv[2]];
const options = messages.reduce(withSender, reference);
const auth = betterAuth({
  ...options,
  baseURL,
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL }),
  plugins: Object.entries(options.plugins ?? {}).map(([name, own]) => plugins[name](own)),
  logger: { level: "error" },
  telemetry: { enabled: false },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

http.createServer(toNodeHandler(auth)).listen(process.env.PORT, "127.0.0.1");

function withSender(options, kind) {
  const path = SENDERS[kind];
  const put = (value, [name, ...rest]) => ({
    ...value,
    [name]: rest.length === 0 ? (data) => send(kind, data) : put(value?.[name], rest),
  });
  return put(options, path);
}

/** Sends a message in the format of Portcullis's webhooks. */
async function send(kind, { user: { id, email, name }, url, token, otp }) {
  const data = { to: email, url, token, otp, user: { id, email, name } };
  const body = JSON.stringify({ type: kind, timestamp: new Date(), data });
  await fetch(process.env.MAILBOX, { method: "POST", body });
}
