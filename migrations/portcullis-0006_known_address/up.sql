-- Ours: the IP addresses from which each user has signed in recently. Failed sign-ins from other addresses do not
-- block sign-ins from these.
CREATE TABLE IF NOT EXISTS "portcullis_known_address" (
    "userId" text NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
    "ipAddress" text NOT NULL,
    "lastSignIn" timestamptz NOT NULL,
    PRIMARY KEY ("userId", "ipAddress")
);

-- For known_addresses.delete_stale, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_known_address_lastSignIn_idx" ON "portcullis_known_address" ("lastSignIn");
