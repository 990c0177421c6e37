-- Imports users of Firebase from firebase-users.json.
\set ON_ERROR_STOP on
\ir begin.sql

-- JSON contains neither of these control characters, so each line becomes one value.
\copy file (line) FROM PROGRAM 'sed "s/^/ /" firebase-users.json' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

CREATE OR REPLACE FUNCTION pg_temp.read_document(document text) RETURNS json LANGUAGE plpgsql AS $$
BEGIN
    RETURN document::json -> 'users';
EXCEPTION WHEN data_exception THEN
    RAISE 'firebase-users.json is not valid JSON: %', SQLERRM;
END
$$;

CREATE OR REPLACE FUNCTION pg_temp.read_milliseconds(text) RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
    RETURN to_timestamp(nullif(btrim($1), '')::numeric / 1000);
EXCEPTION WHEN data_exception THEN
    RETURN 'infinity';
END
$$;

CREATE TEMPORARY TABLE firebase ON COMMIT DROP AS
SELECT pg_temp.read_json(r::text, 'firebase-users.json', NULL) AS r
FROM (
    SELECT pg_temp.read_document(string_agg(pg_temp.escaped(line), E'\n' ORDER BY number)) AS users FROM file
) AS document
CROSS JOIN json_array_elements(users) AS r;

INSERT INTO found_user
SELECT
    r ->> 'localId',
    r ->> 'email',
    pg_temp.flag(r, 'emailVerified'),
    r ->> 'displayName',
    r ->> 'photoUrl',
    pg_temp.read_milliseconds(r ->> 'createdAt'),
    NULL,
    CASE
        WHEN pg_temp.flag(r, 'disabled') THEN 'disabled'
        WHEN coalesce(r ->> 'email', r ->> 'phoneNumber', r #>> '{providerUserInfo,0}') IS NULL THEN 'anonymous'
        ELSE pg_temp.unreadable(r, 'emailVerified', 'disabled')
    END
FROM firebase;

INSERT INTO found_account
SELECT
    r ->> 'localId', 'credential', r ->> 'localId', format('firebase-scrypt$%s$%s', r ->> 'salt', r ->> 'passwordHash')
FROM firebase
WHERE r ->> 'passwordHash' <> '';

INSERT INTO found_account
SELECT r ->> 'localId', split_part(identity ->> 'providerId', '.', 1), identity ->> 'rawId', NULL
FROM firebase CROSS JOIN pg_temp.elements(r -> 'providerUserInfo') AS identity
WHERE identity ->> 'providerId' IN ('google.com', 'github.com', 'facebook.com', 'twitter.com');

\ir finish.sql
