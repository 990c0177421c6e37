-- Better Auth's tables of teams within organizations.
CREATE TABLE IF NOT EXISTS "team" (
    "id" text NOT NULL PRIMARY KEY,
    "name" text NOT NULL,
    "organizationId" text NOT NULL REFERENCES "organization" ("id") ON DELETE CASCADE,
    "createdAt" timestamptz NOT NULL,
    "updatedAt" timestamptz
);
CREATE TABLE IF NOT EXISTS "teamMember" (
    "id" text NOT NULL PRIMARY KEY,
    "teamId" text NOT NULL REFERENCES "team" ("id") ON DELETE CASCADE,
    "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
    "createdAt" timestamptz
);
CREATE INDEX IF NOT EXISTS "team_organizationId_idx" ON "team" ("organizationId");
CREATE INDEX IF NOT EXISTS "teamMember_teamId_idx" ON "teamMember" ("teamId");
CREATE INDEX IF NOT EXISTS "teamMember_userId_idx" ON "teamMember" ("userId");
