// Databases that were made for Better Auth by other generators than its own migration, or with other options. `adapter`
// is the adapter of the Node server; `reference` are Better Auth's options that name the tables and columns, in the form
// of profiles.mjs. `schema` is the schema of the tables if it is not `public`. `isAdopted`: Portcullis needs views, since
// names or types differ from those of Better Auth's own migration.

/** Other names for every table and for some columns of each. */
const named = {
  user: {
    modelName: "person",
    fields: { name: "full_name", email: "email_address", emailVerified: "isVerified", image: "avatar", createdAt: "joinedAt" },
  },
  session: {
    modelName: "personSession",
    fields: { userId: "personId", token: "session_token", expiresAt: "valid_until", ipAddress: "client_ip" },
  },
  account: {
    modelName: "credentials",
    fields: { userId: "personId", accountId: "subject", providerId: "provider", password: "passwordHash" },
  },
  verification: { modelName: "one_time_token", fields: { identifier: "purpose", value: "content" } },
  rateLimit: { modelName: "request_count", fields: { key: "bucket", count: "hits", lastRequest: "last_hit" } },
  plugins: {
    username: { schema: { user: { fields: { username: "handle", displayUsername: "shown_handle" } } } },
    twoFactor: {
      schema: {
        user: { fields: { twoFactorEnabled: "hasSecondFactor" } },
        twoFactor: { modelName: "second_factor", fields: { userId: "personId", backupCodes: "recovery_codes" } },
      },
    },
    jwt: { schema: { jwks: { modelName: "signing_key", fields: { publicKey: "public_jwk", privateKey: "private_jwk" } } } },
  },
};

const uuid = { advanced: { database: { generateId: "uuid" } } };

export const kinds = {
  drizzle: { adapter: "drizzle", isAdopted: true, reference: {} },
  "drizzle-plural": { adapter: "drizzle", isAdopted: true, usePlural: true, reference: {} },
  "drizzle-uuid": { adapter: "drizzle", isAdopted: true, reference: uuid },
  "drizzle-named": { adapter: "drizzle", isAdopted: true, reference: named },
  "drizzle-schema": { adapter: "drizzle", isAdopted: true, schema: "auth", reference: {} },
  prisma: { adapter: "prisma", isAdopted: true, reference: {} },
  "prisma-named": { adapter: "prisma", isAdopted: true, reference: named },
  "kysely-uuid": { adapter: "kysely", isAdopted: true, reference: uuid },
  "kysely-schema": { adapter: "kysely", schema: "auth", reference: {} },
  "better-auth-1.2": { adapter: "kysely", isAdopted: true, version: "1.2", reference: {} },
};

/** The options of `reference` with the names of a kind. A plugin stays off if it is off. */
export function withNames(reference, { reference: { plugins: named = {}, ...names } }) {
  const plugins = Object.entries(reference.plugins ?? {}).map(([name, own]) => [name, merged(own, named[name] ?? {})]);
  return { ...merged(reference, names), plugins: Object.fromEntries(plugins) };
}

function merged(base, more) {
  const both = Object.entries(more).map(([name, value]) => {
    const isTable = [base[name], value].every((side) => side?.constructor === Object);
    return [name, isTable ? merged(base[name], value) : value];
  });
  return { ...base, ...Object.fromEntries(both) };
}
