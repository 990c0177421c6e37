-- Better Auth's table of second factors.
CREATE TABLE IF NOT EXISTS "twoFactor" (
    "id" text NOT NULL PRIMARY KEY,
    "secret" text NOT NULL,
    "backupCodes" text NOT NULL,
    "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "twoFactor_secret_idx" ON "twoFactor" ("secret");
-- For the second factor of a user.
CREATE INDEX IF NOT EXISTS "twoFactor_userId_idx" ON "twoFactor" ("userId");

-- Ours: the step of the last TOTP code that a user used, so that no code is accepted twice (RFC 6238, 5.2).
CREATE TABLE IF NOT EXISTS "portcullis_totp_step" (
    "userId" text NOT NULL PRIMARY KEY REFERENCES "user" ("id") ON DELETE CASCADE,
    "lastStep" bigint NOT NULL
);
