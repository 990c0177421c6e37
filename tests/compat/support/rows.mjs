// What stands in the tables that both servers know.
import { isDeepStrictEqual } from "node:util";

/** Each with what its rows are in order of. */
const TABLES = { user: "createdAt", session: "createdAt", account: "createdAt", verification: "createdAt" };

/** What one-time secrets are for that the reference remembers too, and how their rows begin. */
const PURPOSES = [
  ["reset-password", "password reset"],
  ["delete-account", "account deletion"],
];

export class Rows {
  #pool;
  #tables;
  #last = {};

  /** @param {object} reference the profile's options: some of them bring tables */
  constructor(pool, { plugins = {}, rateLimit = {} }) {
    this.#pool = pool;
    this.#tables = {
      ...TABLES,
      ...(plugins.jwt && { jwks: "createdAt" }),
      ...(rateLimit.storage === "database" && { rateLimit: "key" }),
    };
  }

  /** Empties all tables but that of keys, which a running server keeps at hand. */
  async clear() {
    const cleared = Object.keys(this.#tables).filter((name) => name !== "jwks");
    await this.#pool.query(`truncate ${cleared.map((name) => `"${name}"`).join(", ")} cascade`);
    await this.changed();
    // Servers make their first one at times of their own.
    delete this.#last.jwks;
  }

  /** Whole tables, but only those that are not as they were when this was asked last. */
  async changed() {
    const parts = Object.entries(this.#tables).map(
      ([table, order]) => `'${table}', (select coalesce(json_agg(t order by t."${order}"), '[]') from "${table}" t)`,
    );
    const { rows } = await this.#pool.query(`select json_build_object(${parts.join(", ")}) as tables`);
    const now = shaped(rows[0].tables);
    const changed = Object.entries(now).filter(([name, table]) => !isDeepStrictEqual(table, this.#last[name]));
    this.#last = now;
    return Object.fromEntries(changed);
  }
}

/** So that they can be compared where both servers write the same in other words. */
function shaped({ verification, jwks, ...tables }) {
  return {
    ...tables,
    verification: verification.flatMap(secret),
    ...(jwks && { jwks: jwks.map(key) }),
  };
}

/** Both parts are JSON as text, the private one of a text where it is encrypted. */
function key({ publicKey, privateKey, ...row }) {
  return { ...row, publicKey: JSON.parse(publicKey), privateKey: JSON.parse(privateKey) };
}

/**
 * How a one-time secret is named is each server's own, and when an expired one is deleted; and ours remembers links,
 * which the reference does not.
 */
function secret({ identifier, value, expiresAt }) {
  const [, purpose] = PURPOSES.find(([beginning]) => identifier.startsWith(beginning)) ?? [];
  return purpose && Date.parse(expiresAt) > Date.now() ? [{ purpose, value, expiresAt }] : [];
}
