-- Ours alone, on a table of Better Auth's: its own migration does not make it.

-- For sessions.list_by_user and sessions.delete_oldest, which read the newest sessions of a user and stop.
CREATE INDEX IF NOT EXISTS "portcullis_session_userId_createdAt_idx" ON "session" ("userId", "createdAt", "id");
