-- Ours alone: the password of the first sign-up with an address that a user has proven to own already. If sign-in
-- needs a proven address, that password is answered at sign-in as it would be if the sign-up had succeeded.
CREATE TABLE IF NOT EXISTS "portcullis_refused_sign_up" (
    "userId" text NOT NULL PRIMARY KEY REFERENCES "user" ("id") ON DELETE CASCADE,
    "password" text NOT NULL,
    "createdAt" timestamptz NOT NULL
);
