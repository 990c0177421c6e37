-- Better Auth's own migration does not make these indexes on its table.

-- For verifications.delete_expired, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_verification_expiresAt_idx" ON "verification" ("expiresAt");

-- For verifications.revoke at each reset, and for users.delete. A hash index, since a value may
-- be too long for a b-tree: states of authorization requests are stored here.
CREATE INDEX IF NOT EXISTS "portcullis_verification_value_idx" ON "verification" USING hash ("value");
