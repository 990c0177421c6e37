-- Better Auth's own migration does not make this index on its table.

-- For admin.list_users, which reads a page of users in the order in which they signed up and stops.
CREATE INDEX IF NOT EXISTS "portcullis_user_createdAt_idx" ON "user" ("createdAt", "id");
