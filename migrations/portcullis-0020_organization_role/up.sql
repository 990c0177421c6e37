-- Better Auth's table of the roles that organizations define.
CREATE TABLE IF NOT EXISTS "organizationRole" (
    "id" text NOT NULL PRIMARY KEY,
    "organizationId" text NOT NULL REFERENCES "organization" ("id") ON DELETE CASCADE,
    "role" text NOT NULL,
    "permission" text NOT NULL,
    "createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamptz
);
CREATE INDEX IF NOT EXISTS "organizationRole_organizationId_idx" ON "organizationRole" ("organizationId");
CREATE INDEX IF NOT EXISTS "organizationRole_role_idx" ON "organizationRole" ("role");
