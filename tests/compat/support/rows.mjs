// Contents of the tables that both servers have.
import { isDeepStrictEqual } from "node:util";

const CREATED_AT = `t."createdAt"`;
/** The tables, with the expression that orders their rows. */
const TABLES = { user: CREATED_AT, session: CREATED_AT, account: CREATED_AT, verification: CREATED_AT };

/** Columns that plugins add, by table. Portcullis creates them even if the plugin is off. */
const PLUGIN_COLUMNS = {
  username: { user: ["username", "displayUsername"] },
  twoFactor: { user: ["twoFactorEnabled"] },
  organization: { session: ["activeOrganizationId"] },
  teams: { session: ["activeTeamId"], invitation: ["teamId"] },
  phoneNumber: { user: ["phoneNumber", "phoneNumberVerified"] },
};

/** The tables of organizations. Rows of one request can have the same time. */
const ORGANIZATIONS = { organization: CREATED_AT, member: CREATED_AT, invitation: CREATED_AT };
const TEAMS = {
  team: `${CREATED_AT}, t.name`,
  teamMember: `(select o."createdAt" from team o where o.id = t."teamId"), ${CREATED_AT}`,
};

/** Purposes of one-time tokens that Better Auth stores too, with the prefixes of their identifiers. */
const PURPOSES = [
  ["reset-password", "password reset"],
  ["delete-account", "account deletion"],
  ["2fa-otp-", "two-factor code"],
  ["two-factor-code", "two-factor code"],
  ["2fa-", "two-factor challenge"],
  ["two-factor-challenge", "two-factor challenge"],
  ["trust-device-", "trusted device"],
  ["trusted-device", "trusted device"],
  ["one-time-token:", "hand-over of a session"],
  ["session-hand-over", "hand-over of a session"],
  ["sign-in-otp-", "sign-in code"],
  ["email-verification-otp-", "verification code"],
  ["forget-password-otp-", "reset code"],
  ["address-code-sign-in", "sign-in code"],
  ["address-code-email-verification", "verification code"],
  ["address-code-reset-password", "reset code"],
  ["phone-code-verification", "code by phone"],
  ["phone-code-reset-password", "reset code by phone"],
  ["magic-link", "magic link"],
];
/** The tables in which Portcullis counts wrong codes and messages for each recipient. */
const COUNTS = ['"rateLimit"', "portcullis_rate_limit"];
/** The end of identifiers of codes that reset passwords by phone. Those of other codes by phone are the numbers. */
const RESET_BY_PHONE = "-request-password-reset";
const PLAIN_CODE = /^\d{4,12}(:\d+)?$/;

export class Rows {
  #pool;
  #tables;
  #foreign;
  #allowed;
  #last = {};

  /** @param {object} reference Better Auth's options: some of them add tables */
  constructor(pool, { plugins: { organization, ...plugins } = {}, rateLimit = {} }) {
    this.#pool = pool;
    this.#tables = {
      ...TABLES,
      ...(plugins.jwt && { jwks: CREATED_AT }),
      ...(plugins.twoFactor && { twoFactor: `(select u."createdAt" from "user" u where u.id = t."userId")` }),
      ...(plugins.apiKey && { apikey: CREATED_AT }),
      ...(plugins.passkey && { passkey: CREATED_AT }),
      ...(rateLimit.storage === "database" && { rateLimit: "t.key" }),
      ...(organization && ORGANIZATIONS),
      ...(organization?.teams?.enabled && TEAMS),
      ...(organization?.dynamicAccessControl?.enabled && { organizationRole: `${CREATED_AT}, t.role` }),
    };
    const on = { ...plugins, organization, teams: organization?.teams?.enabled };
    this.#allowed = allowedAttempts(plugins);
    const off = Object.entries(PLUGIN_COLUMNS).filter(([plugin]) => !on[plugin]);
    this.#foreign = new Set(off.flatMap(([, tables]) => Object.entries(tables).flatMap(columnsOf)));
  }

  /** Empties all tables except `jwks`: a running server caches its keys. */
  async clear() {
    const cleared = Object.keys(this.#tables).filter((name) => name !== "jwks");
    await this.#pool.query(`truncate ${cleared.map((name) => `"${name}"`).join(", ")} cascade`);
    const existing = "select name from unnest($1::text[]) as name where to_regclass(name) is not null";
    const { rows } = await this.#pool.query(existing, [COUNTS]);
    for (const { name } of rows) await this.#pool.query(`truncate ${name}`);
    await this.changed();
    // The servers create their first key at different times.
    delete this.#last.jwks;
  }

  /** Returns the complete tables that changed since the last call. */
  async changed() {
    const parts = Object.entries(this.#tables).map(
      ([table, order]) => `'${table}', (select coalesce(json_agg(t order by ${order}), '[]') from "${table}" t)`,
    );
    const { rows } = await this.#pool.query(`select json_build_object(${parts.join(", ")}) as tables`);
    const now = shaped(rows[0].tables, this.#foreign, this.#allowed);
    const changed = Object.entries(now).filter(([name, table]) => !isDeepStrictEqual(table, this.#last[name]));
    this.#last = now;
    return Object.fromEntries(changed);
  }
}

/** The columns of a table as `table.column`. */
function columnsOf([table, columns]) {
  return columns.map((column) => `${table}.${column}`);
}

/** Converts what both servers store in different forms to one form. */
function shaped({ verification, jwks, ...tables }, foreign, allowed) {
  const own = (table, row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !foreign.has(`${table}.${name}`)));
  const all = Object.entries(tables).map(([table, rows]) => [table, rows.map((row) => own(table, row))]);
  return {
    ...Object.fromEntries(all),
    verification: verification.filter(isNewest).flatMap(secret).filter((code) => !isSpent(code, allowed)),
    ...(jwks && { jwks: jwks.map(key) }),
  };
}

/** Both parts are JSON text. An encrypted private key is a JSON string. */
function key({ publicKey, privateKey, ...row }) {
  return { ...row, publicKey: JSON.parse(publicKey), privateKey: JSON.parse(privateKey) };
}

/** Portcullis replaces a code, of which Better Auth keeps every row. */
function isNewest({ identifier }, at, all) {
  return !all.slice(at + 1).some((later) => later.identifier === identifier);
}

/**
 * The servers use different identifiers for one-time tokens and delete expired ones at different times. Portcullis also
 * stores links, which Better Auth does not. Of the value of a code, the number of attempts is compared, which Better Auth
 * does not store at first if a sign-in by phone number asks for the code.
 */
function secret({ identifier, value, expiresAt }) {
  if (isState(value)) return [{ purpose: "authorization state", value: JSON.parse(value), expiresAt }];
  if (isPasskeyChallenge(value, expiresAt)) return [{ purpose: "passkey challenge", ...passkeyChallenge(value), expiresAt }];
  const purpose = purposeOf(identifier, value);
  if (!purpose || Date.parse(expiresAt) <= Date.now()) return [];
  return [{ purpose, value: counted(value), expiresAt }];
}

/** How often a code may be wrong, by its purpose. */
function allowedAttempts({ twoFactor, emailOTP, phoneNumber }) {
  const [app, mail, phone] = [twoFactor?.otpOptions, emailOTP, phoneNumber];
  return {
    "two-factor code": app?.allowedAttempts ?? 5,
    "sign-in code": mail?.allowedAttempts ?? 3,
    "verification code": mail?.allowedAttempts ?? 3,
    "reset code": mail?.allowedAttempts ?? 3,
    "code by phone": phone?.allowedAttempts ?? 3,
    "reset code by phone": phone?.allowedAttempts ?? 3,
  };
}

/** Whether a code was wrong too often. Better Auth deletes it at the next attempt, and Portcullis keeps it until it expires. */
function isSpent({ purpose, value }, allowed) {
  return typeof value === "string" && Number(value.match(/:(\d+)$/)?.[1]) > allowed[purpose];
}

function counted(value) {
  return value.replace(/^\d+$/, "$&:0").replace(/^.*(?=:\d+$)/, "<code>");
}

function purposeOf(identifier, value) {
  if (value.startsWith('{"email":')) return "magic link";
  const [, purpose] = PURPOSES.find(([beginning]) => identifier.startsWith(beginning)) ?? [];
  if (purpose || !PLAIN_CODE.test(value)) return purpose;
  return identifier.endsWith(RESET_BY_PHONE) ? "reset code by phone" : "code by phone";
}

/** Whether a value is the state of a request to a provider. */
function isState(value) {
  return value.startsWith("{") && value.includes('"codeVerifier":');
}

/** Whether a value is the challenge for a passkey, and has not expired. */
function isPasskeyChallenge(value, expiresAt) {
  return value.startsWith('{"expectedChallenge":') && Date.parse(expiresAt) > Date.now();
}

/** The content of such a challenge. Portcullis also stores whether it is for a registration or a sign-in. */
function passkeyChallenge(value) {
  const { expectedChallenge, userData } = JSON.parse(value);
  return { expectedChallenge, userData };
}
