-- Better Auth's own migration does not make this index on its table.

-- For accounts.find at each sign-in with a provider. By hash, since an id of a provider may be longer than a b-tree takes.
CREATE INDEX IF NOT EXISTS "portcullis_account_accountId_idx" ON "account" USING hash ("accountId");
