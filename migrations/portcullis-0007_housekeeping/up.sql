-- Better Auth's own migration does not make these indexes on its tables.

-- For sessions.delete_expired, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_session_expiresAt_idx" ON "session" ("expiresAt");

-- For rate_limits.delete_stale, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_rateLimit_lastRequest_idx" ON "rateLimit" ("lastRequest");
