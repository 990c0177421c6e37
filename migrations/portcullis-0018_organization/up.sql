-- Better Auth's tables of organizations, their members and invitations.
CREATE TABLE IF NOT EXISTS "organization" (
    "id" text NOT NULL PRIMARY KEY,
    "name" text NOT NULL,
    "slug" text NOT NULL UNIQUE,
    "logo" text,
    "createdAt" timestamptz NOT NULL,
    "metadata" text
);
CREATE TABLE IF NOT EXISTS "member" (
    "id" text NOT NULL PRIMARY KEY,
    "organizationId" text NOT NULL REFERENCES "organization" ("id") ON DELETE CASCADE,
    "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
    "role" text NOT NULL,
    "createdAt" timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS "invitation" (
    "id" text NOT NULL PRIMARY KEY,
    "organizationId" text NOT NULL REFERENCES "organization" ("id") ON DELETE CASCADE,
    "email" text NOT NULL,
    "role" text,
    "status" text NOT NULL,
    "expiresAt" timestamptz NOT NULL,
    "createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "inviterId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS "organization_slug_uidx" ON "organization" ("slug");
CREATE INDEX IF NOT EXISTS "member_organizationId_idx" ON "member" ("organizationId");
CREATE INDEX IF NOT EXISTS "member_userId_idx" ON "member" ("userId");
CREATE INDEX IF NOT EXISTS "invitation_organizationId_idx" ON "invitation" ("organizationId");
CREATE INDEX IF NOT EXISTS "invitation_email_idx" ON "invitation" ("email");

-- Better Auth's own migration does not make the following indexes.

-- For members.list, which reads a page of an organization's members in their order.
CREATE INDEX IF NOT EXISTS "portcullis_member_organizationId_createdAt_idx" ON "member" ("organizationId", "createdAt", "id");
-- For invitations.list of an organization, and to count those of a user that are pending.
CREATE INDEX IF NOT EXISTS "portcullis_invitation_organizationId_createdAt_idx" ON "invitation" ("organizationId", "createdAt", "id");
-- For the deletion of a user.
CREATE INDEX IF NOT EXISTS "portcullis_invitation_inviterId_idx" ON "invitation" ("inviterId");
