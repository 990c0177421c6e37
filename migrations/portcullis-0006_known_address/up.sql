-- Ours alone: from where each user has signed in of late. Whoever comes from there is not held up by the failures of
-- strangers.
CREATE TABLE IF NOT EXISTS "portcullis_known_address" (
    "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
    "ipAddress" text NOT NULL,
    "lastSignIn" timestamptz NOT NULL,
    PRIMARY KEY ("userId", "ipAddress")
);

-- For known_addresses.delete_stale, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_known_address_lastSignIn_idx" ON "portcullis_known_address" ("lastSignIn");
