-- Better Auth's own migration does not make this index on its table.

-- For accounts.find at each sign-in with a provider. A hash index, since such an id may be too long for a b-tree.
CREATE INDEX IF NOT EXISTS "portcullis_account_accountId_idx" ON "account" USING hash ("accountId");
