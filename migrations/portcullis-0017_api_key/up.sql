-- Better Auth's table of API keys.
CREATE TABLE IF NOT EXISTS "apikey" (
    "id" text NOT NULL PRIMARY KEY,
    "name" text,
    "start" text,
    "prefix" text,
    "key" text NOT NULL,
    "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
    "refillInterval" integer,
    "refillAmount" integer,
    "lastRefillAt" timestamptz,
    "enabled" boolean,
    "rateLimitEnabled" boolean,
    "rateLimitTimeWindow" integer,
    "rateLimitMax" integer,
    "requestCount" integer,
    "remaining" integer,
    "lastRequest" timestamptz,
    "expiresAt" timestamptz,
    "createdAt" timestamptz NOT NULL,
    "updatedAt" timestamptz NOT NULL,
    "permissions" text,
    "metadata" text
);
-- For the key that a request presents.
CREATE INDEX IF NOT EXISTS "apikey_key_idx" ON "apikey" ("key");
-- For the list of a user's keys.
CREATE INDEX IF NOT EXISTS "apikey_userId_idx" ON "apikey" ("userId");

-- Ours: for the deletion of expired keys.
CREATE INDEX IF NOT EXISTS "portcullis_apikey_expiresAt_idx" ON "apikey" ("expiresAt");
