-- Ours: the allowed hits of each key, in milliseconds since 1970. The last two columns are what was last written to
-- "rateLimit", so that hits that a Node server has counted since then can be distinguished from ours.
CREATE TABLE IF NOT EXISTS "portcullis_rate_limit" (
    "key" text NOT NULL PRIMARY KEY,
    "hits" bigint[] NOT NULL,
    "lastHit" bigint NOT NULL,
    "nodeCount" integer,
    "nodeLastRequest" bigint
);

-- For rate_limits.delete_stale, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_rate_limit_lastHit_idx" ON "portcullis_rate_limit" ("lastHit");
