-- Ours: the message queue. The content of a message is encrypted. The row is deleted when the message is sent. Only the
-- content of a dead message is erased at once: its row stays for a while, to show that a message was not sent.
CREATE TABLE IF NOT EXISTS "portcullis_message" (
    "id" text NOT NULL PRIMARY KEY,
    "sealed" text,
    "attempts" integer NOT NULL,
    "queuedAt" timestamptz NOT NULL,
    "nextAttemptAt" timestamptz NOT NULL,
    "diedAt" timestamptz
);

-- For messages.take, at each wake-up and every few seconds.
CREATE INDEX IF NOT EXISTS "portcullis_message_attempts_nextAttemptAt_idx"
    ON "portcullis_message" ("attempts", "nextAttemptAt")
    WHERE "diedAt" IS NULL;

-- For messages.delete_old, every few minutes.
CREATE INDEX IF NOT EXISTS "portcullis_message_queuedAt_idx" ON "portcullis_message" ("queuedAt");
