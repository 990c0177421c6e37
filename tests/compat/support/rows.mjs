// Contents of the tables that both servers have.
import { isDeepStrictEqual } from "node:util";

/** The tables, with the column that orders their rows. */
const TABLES = { user: "createdAt", session: "createdAt", account: "createdAt", verification: "createdAt" };

/** Purposes of one-time tokens that Better Auth stores too, with the prefix of their identifiers. */
const PURPOSES = [
  ["reset-password", "password reset"],
  ["delete-account", "account deletion"],
];

export class Rows {
  #pool;
  #tables;
  #last = {};

  /** @param {object} reference Better Auth's options: some of them add tables */
  constructor(pool, { plugins = {}, rateLimit = {} }) {
    this.#pool = pool;
    this.#tables = {
      ...TABLES,
      ...(plugins.jwt && { jwks: "createdAt" }),
      ...(rateLimit.storage === "database" && { rateLimit: "key" }),
    };
  }

  /** Empties all tables except `jwks`: a running server caches its keys. */
  async clear() {
    const cleared = Object.keys(this.#tables).filter((name) => name !== "jwks");
    await this.#pool.query(`truncate ${cleared.map((name) => `"${name}"`).join(", ")} cascade`);
    await this.changed();
    // The servers create their first key at different times.
    delete this.#last.jwks;
  }

  /** Returns the complete tables that changed since the last call. */
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

/** Converts what both servers store in different forms to one form. */
function shaped({ verification, jwks, ...tables }) {
  return {
    ...tables,
    verification: verification.flatMap(secret),
    ...(jwks && { jwks: jwks.map(key) }),
  };
}

/** Both parts are JSON text. An encrypted private key is a JSON string. */
function key({ publicKey, privateKey, ...row }) {
  return { ...row, publicKey: JSON.parse(publicKey), privateKey: JSON.parse(privateKey) };
}

/**
 * The servers use different identifiers for one-time tokens and delete expired ones at different times. Portcullis also
 * stores links, which Better Auth does not.
 */
function secret({ identifier, value, expiresAt }) {
  const [, purpose] = PURPOSES.find(([beginning]) => identifier.startsWith(beginning)) ?? [];
  return purpose && Date.parse(expiresAt) > Date.now() ? [{ purpose, value, expiresAt }] : [];
}
