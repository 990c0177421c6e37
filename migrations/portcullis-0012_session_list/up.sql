-- Better Auth's own migration does not make this index on its table.

-- For sessions.list_by_user and sessions.delete_oldest, which read only the newest sessions of a user.
CREATE INDEX IF NOT EXISTS "portcullis_session_userId_createdAt_idx" ON "session" ("userId", "createdAt", "id");
