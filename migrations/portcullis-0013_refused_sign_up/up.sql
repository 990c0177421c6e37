-- Ours: the password hash of the first refused sign-up with an address that a user has already verified. If sign-in
-- requires a verified address, that password gets the same answer at sign-in as if the sign-up had succeeded.
CREATE TABLE IF NOT EXISTS "portcullis_refused_sign_up" (
    "userId" text NOT NULL PRIMARY KEY REFERENCES "user" ("id") ON DELETE CASCADE,
    "password" text NOT NULL,
    "createdAt" timestamptz NOT NULL
);
