-- Imports users of Django from the file of django-export.sql.
\set ON_ERROR_STOP on
\ir begin.sql

-- JSON contains neither of these control characters, so each line becomes one value.
\copy file (line) FROM PROGRAM 'sed "s/^/ /" django-users.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

CREATE TEMPORARY TABLE django ON COMMIT DROP AS
SELECT pg_temp.read_json(escaped, 'django-users.ndjson', number) AS r
FROM file CROSS JOIN pg_temp.escaped(line) AS escaped
WHERE escaped <> '';

INSERT INTO found_user
SELECT
    r ->> 'id',
    r ->> 'email',
    pg_temp.flag(r, 'verified'),
    coalesce(
        nullif(btrim(concat_ws(' ', r ->> 'first_name', r ->> 'last_name')), ''),
        CASE WHEN r ->> 'username' NOT LIKE '%@%' THEN r ->> 'username' END
    ),
    NULL,
    pg_temp.read_time(r ->> 'date_joined'),
    NULL,
    CASE WHEN NOT pg_temp.flag(r, 'is_active') THEN 'inactive' ELSE pg_temp.unreadable(r) END
FROM django;

-- Django stores `!` and random letters if a user has no password.
INSERT INTO found_account
SELECT r ->> 'id', 'credential', r ->> 'id', r ->> 'password'
FROM django
WHERE r ->> 'password' NOT LIKE '!%' AND r ->> 'password' <> '';

INSERT INTO found_account
SELECT
    r ->> 'id',
    CASE identity ->> 'provider' WHEN 'twitter_oauth2' THEN 'twitter' ELSE identity ->> 'provider' END,
    identity ->> 'account_id',
    NULL
FROM django CROSS JOIN pg_temp.elements(r -> 'identities') AS identity
WHERE identity ->> 'provider' IN (
    'google', 'github', 'apple', 'facebook', 'twitter', 'twitter_oauth2', 'discord', 'gitlab', 'spotify', 'twitch'
);

\ir finish.sql
