-- Imports users of Supabase from the files of supabase-export.sql.
\set ON_ERROR_STOP on
\ir begin.sql

-- JSON contains neither of these control characters, so each line becomes one value.
\copy file (line) FROM PROGRAM 'sed "s/^/ /" supabase-users.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

CREATE TEMPORARY TABLE supabase ON COMMIT DROP AS
SELECT pg_temp.read_json(escaped, 'supabase-users.ndjson', number) AS r
FROM file CROSS JOIN pg_temp.escaped(line) AS escaped
WHERE escaped <> '';

INSERT INTO found_user
SELECT
    r ->> 'id',
    r ->> 'email',
    r ->> 'email_confirmed_at' IS NOT NULL,
    coalesce(r #>> '{raw_user_meta_data,full_name}', r #>> '{raw_user_meta_data,name}'),
    coalesce(r #>> '{raw_user_meta_data,avatar_url}', r #>> '{raw_user_meta_data,picture}'),
    pg_temp.read_time(r ->> 'created_at'),
    pg_temp.read_time(r ->> 'updated_at'),
    CASE
        WHEN r ->> 'deleted_at' IS NOT NULL THEN 'deleted'
        WHEN pg_temp.flag(r, 'is_anonymous') THEN 'anonymous'
        WHEN pg_temp.flag(r, 'is_sso_user') THEN 'single sign-on'
        WHEN pg_temp.read_time(r ->> 'banned_until') > now() THEN 'banned'
        ELSE pg_temp.unreadable(r)
    END
FROM supabase;

INSERT INTO found_account
SELECT r ->> 'id', 'credential', r ->> 'id', r ->> 'encrypted_password'
FROM supabase
WHERE r ->> 'encrypted_password' <> '';

TRUNCATE file RESTART IDENTITY;
\copy file (line) FROM PROGRAM 'sed "s/^/ /" supabase-identities.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

INSERT INTO found_account
SELECT
    r ->> 'user_id',
    CASE r ->> 'provider' WHEN 'x' THEN 'twitter' ELSE r ->> 'provider' END,
    r ->> 'account_id',
    NULL,
    pg_temp.unreadable(r)
FROM (
    SELECT pg_temp.read_json(escaped, 'supabase-identities.ndjson', number) AS r
    FROM file CROSS JOIN pg_temp.escaped(line) AS escaped
    WHERE escaped <> ''
) AS lines
WHERE r ->> 'provider' IN (
    'google', 'github', 'apple', 'facebook', 'twitter', 'x', 'discord', 'gitlab', 'spotify', 'twitch'
);

\ir finish.sql
