-- Ours alone: what is to be sent. What a message says is sealed, and erased when it is sent or given up; one that was
-- given up stays for a while as a mark that something was not sent.
CREATE TABLE IF NOT EXISTS "portcullis_message" (
    "id" text NOT NULL PRIMARY KEY,
    "sealed" text,
    "attempts" integer NOT NULL,
    "queuedAt" timestamptz NOT NULL,
    "nextAttemptAt" timestamptz NOT NULL,
    "diedAt" timestamptz
);

-- For messages.take, at each ring and every few seconds.
CREATE INDEX IF NOT EXISTS "portcullis_message_attempts_nextAttemptAt_idx"
    ON "portcullis_message" ("attempts", "nextAttemptAt")
    WHERE "diedAt" IS NULL;

-- For messages.delete_old, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_message_queuedAt_idx" ON "portcullis_message" ("queuedAt");
