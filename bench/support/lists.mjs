// The rows with which lists are measured, and their statements.

/** The id of the user who sends all requests, in a statement. */
const CALLER = "$1";

/**
 * Statements that fill the tables. The organization `o0` has 10,000 members, and 999 others have 90 each; the caller is an
 * owner of `o0` and a member of 50 others.
 */
export const FILL = {
  users: [
    `INSERT INTO "user" ("id", "name", "email", "emailVerified")
     SELECT 'u' || n, 'Name of ' || n, 'u' || n || '@example.com', true FROM generate_series(0, 9998) AS n`,
    `UPDATE "user" SET "emailVerified" = true`,
  ],
  admin: [
    `UPDATE "user" SET "role" = CASE WHEN "id" = ${CALLER} THEN 'admin' ELSE 'user' END`,
  ],
  api_key: [
    `INSERT INTO "apikey" ("id", "key", "userId", "enabled", "rateLimitEnabled", "createdAt", "updatedAt")
     SELECT 'k' || n, 'k' || n, CASE WHEN n < 100 THEN ${CALLER} ELSE 'u' || n % 9999 END, true, false, now(), now()
     FROM generate_series(0, 99999) AS n`,
  ],
  organization: [
    `INSERT INTO "organization" ("id", "name", "slug", "createdAt", "metadata")
     SELECT 'o' || n, 'Organization ' || n, 'o' || n, now(), '{"plan":"free"}' FROM generate_series(0, 999) AS n`,
    `INSERT INTO "member" ("id", "organizationId", "userId", "role", "createdAt")
     SELECT 'b' || n, 'o0', 'u' || n, CASE WHEN n % 100 = 0 THEN 'admin,member' ELSE 'member' END,
         now() - n * interval '1 minute' FROM generate_series(0, 9998) AS n`,
    `INSERT INTO "member" ("id", "organizationId", "userId", "role", "createdAt")
     SELECT 'm' || n, 'o' || 1 + n % 999, 'u' || (n % 999 * 10 + n / 999) % 9999,
         CASE WHEN n < 999 THEN 'owner' ELSE 'member' END, now() - n * interval '1 minute'
     FROM generate_series(0, 89909) AS n`,
    `INSERT INTO "member" ("id", "organizationId", "userId", "role", "createdAt")
     SELECT 'c' || n, 'o' || n, ${CALLER}, CASE WHEN n = 0 THEN 'owner' ELSE 'member' END, now()
     FROM generate_series(0, 50) AS n`,
    `INSERT INTO "invitation" ("id", "organizationId", "email", "role", "status", "expiresAt", "inviterId")
     SELECT 'i' || n, 'o' || n % 1000, 'i' || n || '@example.com', 'member', 'pending', now() + interval '1 day',
         ${CALLER} FROM generate_series(0, 99999) AS n`,
    `INSERT INTO "invitation" ("id", "organizationId", "email", "role", "status", "expiresAt", "inviterId")
     SELECT 'j' || n, 'o' || 100 + n, "email", 'member', 'pending', now() + interval '1 day', "id"
     FROM "user", generate_series(0, 49) AS n WHERE "id" = ${CALLER}`,
    `INSERT INTO "team" ("id", "name", "organizationId", "createdAt")
     SELECT 't' || n, 'Team ' || n, 'o' || n % 1000, now() FROM generate_series(0, 9999) AS n`,
    `INSERT INTO "teamMember" ("id", "teamId", "userId", "createdAt")
     SELECT 'x' || n, 't' || n % 10000, 'u' || n % 9999, now() FROM generate_series(0, 99999) AS n`,
    `INSERT INTO "teamMember" ("id", "teamId", "userId", "createdAt")
     SELECT 'y' || n, 't' || n * 1000, ${CALLER}, now() FROM generate_series(0, 9) AS n`,
    `INSERT INTO "organizationRole" ("id", "organizationId", "role", "permission")
     SELECT 'r' || n, 'o' || n % 1000, 'role' || n, '{"team":["create"]}' FROM generate_series(0, 9999) AS n`,
  ],
};

/** Statements whose plans are shown: as the server sends them, with values. */
export const PLANS = {
  admin: {
    "a page of users": `SELECT * FROM "user" ORDER BY "createdAt", "id" LIMIT 100`,
    "users with an address that contains a text": `SELECT * FROM "user" WHERE "email" ILIKE '%u77%' ORDER BY "id" LIMIT 100`,
  },
  api_key: {
    "keys of a user": `SELECT * FROM "apikey" WHERE "userId" = 'u7' ORDER BY "createdAt", "id"`,
  },
  organization: {
    "organizations of a user": `SELECT o.* FROM "member" m JOIN "organization" o ON o."id" = m."organizationId"
      WHERE m."userId" = 'u77' ORDER BY m."createdAt", m."id"`,
    "a page of the members of an organization": members("", `m."createdAt", m."id" LIMIT 100`),
    "the last page": members("", `m."createdAt", m."id" LIMIT 100 OFFSET 9800`),
    "members whose roles contain a text": members(
      `AND m."role"::text ILIKE '%ADM%'`,
      `m."createdAt", m."id" LIMIT 100`,
    ),
    "the number of members": `SELECT count(DISTINCT "userId") FROM "member" WHERE "organizationId" = 'o0'`,
    "a user's membership": members(`AND m."userId" = 'u77'`, `m."createdAt", m."id" LIMIT 1`),
    "invitations to an organization": `SELECT * FROM "invitation" WHERE "organizationId" = 'o7'
      ORDER BY "createdAt", "id"`,
    "pending invitations of an address": `SELECT i.*, o."name" FROM "invitation" i
      JOIN "organization" o ON o."id" = i."organizationId"
      WHERE i."email" = 'ada@example.com' AND i."status" = 'pending' ORDER BY i."createdAt", i."id"`,
    "teams of a user": `SELECT t.* FROM "teamMember" m JOIN "team" t ON t."id" = m."teamId"
      WHERE m."userId" = 'u77' ORDER BY m."createdAt" NULLS FIRST, m."id"`,
    "members of a team": `SELECT * FROM "teamMember" WHERE "teamId" = 't7' ORDER BY "createdAt" NULLS FIRST, "id"`,
    "roles of an organization": `SELECT * FROM "organizationRole" WHERE "organizationId" = 'o7'
      ORDER BY "createdAt", "id"`,
  },
};

/** Returns the arguments of a statement of `FILL`. */
export function fillArguments(statement, caller) {
  return statement.includes(CALLER) ? [caller] : [];
}

function members(condition, order) {
  return `SELECT m.*, u."id", u."name", u."email", u."image" FROM "member" m JOIN "user" u ON u."id" = m."userId"
      WHERE m."organizationId" = 'o0' ${condition} ORDER BY ${order}`;
}
