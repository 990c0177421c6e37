-- Imports users of Firebase from firebase-users.json.
\ir begin.sql

-- JSON contains neither of these control characters, so each line becomes one value.
\copy file (line) FROM 'firebase-users.json' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

CREATE TEMPORARY TABLE firebase ON COMMIT DROP AS
SELECT r::jsonb AS r
FROM (SELECT string_agg(line, E'\n' ORDER BY number)::json AS document FROM file) AS whole
CROSS JOIN json_array_elements(document -> 'users') AS r;

INSERT INTO found_user
SELECT
    r ->> 'localId',
    r ->> 'email',
    (r ->> 'emailVerified')::boolean,
    r ->> 'displayName',
    r ->> 'photoUrl',
    to_timestamp((r ->> 'createdAt')::numeric / 1000),
    NULL,
    CASE
        WHEN (r ->> 'disabled')::boolean THEN 'disabled'
        WHEN coalesce(r ->> 'email', r ->> 'phoneNumber', r #>> '{providerUserInfo,0}') IS NULL THEN 'anonymous'
    END
FROM firebase;

INSERT INTO found_account
SELECT
    r ->> 'localId', 'credential', r ->> 'localId', format('firebase-scrypt$%s$%s', r ->> 'salt', r ->> 'passwordHash')
FROM firebase
WHERE r ->> 'passwordHash' <> '';

INSERT INTO found_account
SELECT r ->> 'localId', split_part(identity ->> 'providerId', '.', 1), identity ->> 'rawId', NULL
FROM firebase CROSS JOIN jsonb_array_elements(coalesce(r -> 'providerUserInfo', '[]')) AS identity
WHERE identity ->> 'providerId' IN ('google.com', 'github.com', 'facebook.com', 'twitter.com');

\ir finish.sql
