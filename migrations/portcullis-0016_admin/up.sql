-- Better Auth's own migration does not make this index on its table.

-- For admin.list_users, which reads one page of users in the order of their sign-ups.
CREATE INDEX IF NOT EXISTS "portcullis_user_createdAt_idx" ON "user" ("createdAt", "id");
