// Better Auth 1.4.22 on Node: node server.mjs PROFILE [KIND]. It creates its tables itself, unless they are of a kind in
// `adopt/`. Reads DATABASE_URL, BETTER_AUTH_SECRET, PORT, MAILBOX, the URL that receives its messages, and PROVIDERS, the
// origin of the simulated providers.
import http from "node:http";

import { expo } from "@better-auth/expo";
import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth";
import { toNodeHandler } from "better-auth/node";
import * as ownPlugins from "better-auth/plugins";

import { withNames } from "./adopt/kinds.mjs";
import { profiles } from "./profiles.mjs";
import { openDatabase } from "./support/adapters.mjs";
import { redirectFetch } from "./support/redirected-fetch.mjs";
import { withServices } from "./support/reference-services.mjs";
import { nativeScrypt } from "./support/scrypt.mjs";

/** The path of the option that holds the sender of each kind of message. */
const SENDERS = {
  "reset-password": ["emailAndPassword", "sendResetPassword"],
  "verify-email": ["emailVerification", "sendVerificationEmail"],
  "change-email": ["user", "changeEmail", "sendChangeEmailConfirmation"],
  "delete-account": ["user", "deleteUser", "sendDeleteAccountVerification"],
  "two-factor-otp": ["plugins", "twoFactor", "otpOptions", "sendOTP"],
  invitation: ["plugins", "organization", "sendInvitationEmail"],
  "magic-link": ["plugins", "magicLink", "sendMagicLink"],
  "email-otp": ["plugins", "emailOTP", "sendVerificationOTP"],
  "phone-otp": ["plugins", "phoneNumber", "sendOTP"],
  "phone-reset": ["plugins", "phoneNumber", "sendPasswordResetOTP"],
};

if (process.env.PROVIDERS) redirectFetch(process.env.PROVIDERS);

const plugins = { ...ownPlugins, expo, passkey };
const [profile, kind] = process.argv.slice(2);
const { baseURL, reference, messages = [] } = profiles[profile];
const { database, names, prepare } = await openDatabase(process.env.DATABASE_URL, kind);
const options = withNames(messages.reduce(withSender, reference), names);
const auth = betterAuth({
  ...options,
  baseURL,
  database,
  // The crossings run once for each kind, and most of their time would be spent on hashes.
  ...(kind && { emailAndPassword: { ...options.emailAndPassword, password: nativeScrypt } }),
  plugins: Object.entries(options.plugins ?? {}).map(([name, own]) => plugins[name](own)),
  logger: { level: "error" },
  telemetry: { enabled: false },
});
await prepare(auth.options);

http.createServer(withServices(auth, toNodeHandler(auth))).listen(process.env.PORT, "127.0.0.1");

function withSender(options, kind) {
  const path = SENDERS[kind];
  const put = (value, [name, ...rest]) => ({
    ...value,
    [name]: rest.length === 0 ? (data) => send(kind, data) : put(value?.[name], rest),
  });
  return put(options, path);
}

/** Sends a message in the format of Portcullis's webhooks. */
async function send(kind, { user, url, token, phoneNumber, code, otp = code, type, ...rest }) {
  const { invitation, email = phoneNumber ?? user.email } = rest;
  const content = invitation ? invitationContent(invitation) : { url, token, otp };
  const data = { to: email, ...content, type, user: user && shown(user) };
  const body = JSON.stringify({ type: kind, timestamp: new Date(), data });
  await fetch(process.env.MAILBOX, { method: "POST", body });
}

function shown({ id, email, name }) {
  return { id, email, name };
}

/** The link that Portcullis sends. */
function invitationContent({ id }) {
  return { url: `${baseURL}/accept-invitation?invitationId=${id}`, token: id };
}
