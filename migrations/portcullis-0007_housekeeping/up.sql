-- Ours alone, on tables of Better Auth's: its own migration makes neither.

-- For sessions.delete_expired, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_session_expiresAt_idx" ON "session" ("expiresAt");

-- For rate_limits.delete_stale, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_rateLimit_lastRequest_idx" ON "rateLimit" ("lastRequest");
