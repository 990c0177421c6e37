-- Imports users of Auth0 from auth0-users.ndjson, and their passwords from auth0-passwords.ndjson.
\set ON_ERROR_STOP on
\ir begin.sql

-- JSON contains neither of these control characters, so each line becomes one value.
\copy file (line) FROM PROGRAM 'sed "s/^/ /" auth0-users.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

CREATE TEMPORARY TABLE auth0 ON COMMIT DROP AS
SELECT pg_temp.read_json(escaped, 'auth0-users.ndjson', number) AS r
FROM file CROSS JOIN pg_temp.escaped(line) AS escaped
WHERE escaped <> '';

INSERT INTO found_user
SELECT
    r ->> 'user_id',
    r ->> 'email',
    pg_temp.flag(r, 'email_verified'),
    -- Auth0 uses the address as the name of users without one.
    CASE WHEN r ->> 'name' LIKE '%@%' THEN r ->> 'nickname' ELSE coalesce(r ->> 'name', r ->> 'nickname') END,
    r ->> 'picture',
    pg_temp.read_time(r ->> 'created_at'),
    pg_temp.read_time(r ->> 'updated_at'),
    CASE
        WHEN pg_temp.flag(r, 'blocked') THEN 'blocked'
        WHEN split_part(r ->> 'user_id', '|', 1)
            IN ('ad', 'adfs', 'google-apps', 'office365', 'oidc', 'okta', 'pingfederate', 'samlp', 'sharepoint', 'waad')
            THEN 'single sign-on'
        ELSE pg_temp.unreadable(r, 'email_verified', 'blocked')
    END
FROM auth0;

-- The identity in the user's id, and those that were linked to it.
INSERT INTO found_account
SELECT
    user_id,
    CASE provider WHEN 'google-oauth2' THEN 'google' ELSE provider END,
    account_id,
    NULL
FROM (
    SELECT
        r ->> 'user_id' AS user_id,
        split_part(r ->> 'user_id', '|', 1) AS provider,
        split_part(r ->> 'user_id', '|', 2) AS account_id
    FROM auth0
    UNION
    SELECT r ->> 'user_id', identity ->> 'provider', identity ->> 'user_id'
    FROM auth0 CROSS JOIN pg_temp.elements(r -> 'identities') AS identity
) AS identities
WHERE provider IN ('google-oauth2', 'github', 'apple', 'facebook', 'twitter');

TRUNCATE file RESTART IDENTITY;
\copy file (line) FROM PROGRAM 'sed "s/^/ /" auth0-passwords.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

INSERT INTO found_account
SELECT id, 'credential', id, hash, excluded
FROM (
    SELECT
        'auth0|' || coalesce(r ->> 'alt_id', r #>> '{_id,$oid}') AS id,
        r ->> 'passwordHash' AS hash,
        pg_temp.unreadable(r) AS excluded
    FROM (
        SELECT pg_temp.read_json(escaped, 'auth0-passwords.ndjson', number) AS r
        FROM file CROSS JOIN pg_temp.escaped(line) AS escaped
        WHERE escaped <> ''
    ) AS lines
) AS passwords
WHERE hash IS NOT NULL;

\ir finish.sql
