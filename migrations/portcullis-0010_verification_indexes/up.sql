-- Ours alone, on a table of Better Auth's: its own migration makes neither.

-- For verifications.delete_expired, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_verification_expiresAt_idx" ON "verification" ("expiresAt");

-- For verifications.revoke at each reset, and for users.delete. By hash, since a value may be longer than a
-- b-tree takes: a Node server keeps states of OAuth here.
CREATE INDEX IF NOT EXISTS "portcullis_verification_value_idx" ON "verification" USING hash ("value");
