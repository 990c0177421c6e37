-- Imports users of Supabase from the files of supabase-export.sql.
\ir begin.sql

-- JSON contains neither of these control characters, so each line becomes one value.
\copy file (line) FROM 'supabase-users.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

CREATE TEMPORARY TABLE supabase ON COMMIT DROP AS
SELECT line::jsonb AS r FROM file;

INSERT INTO found_user
SELECT
    r ->> 'id',
    r ->> 'email',
    r ->> 'email_confirmed_at' IS NOT NULL,
    coalesce(r #>> '{raw_user_meta_data,full_name}', r #>> '{raw_user_meta_data,name}'),
    coalesce(r #>> '{raw_user_meta_data,avatar_url}', r #>> '{raw_user_meta_data,picture}'),
    (r ->> 'created_at')::timestamptz,
    (r ->> 'updated_at')::timestamptz,
    CASE
        WHEN r ->> 'deleted_at' IS NOT NULL THEN 'deleted'
        WHEN (r ->> 'is_anonymous')::boolean THEN 'anonymous'
        WHEN (r ->> 'is_sso_user')::boolean THEN 'single sign-on'
        WHEN (r ->> 'banned_until')::timestamptz > now() THEN 'banned'
    END
FROM supabase;

INSERT INTO found_account
SELECT r ->> 'id', 'credential', r ->> 'id', r ->> 'encrypted_password'
FROM supabase
WHERE r ->> 'encrypted_password' <> '';

TRUNCATE file;
\copy file (line) FROM 'supabase-identities.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

INSERT INTO found_account
SELECT
    r ->> 'user_id',
    CASE r ->> 'provider' WHEN 'x' THEN 'twitter' ELSE r ->> 'provider' END,
    r ->> 'account_id',
    NULL
FROM (SELECT line::jsonb AS r FROM file) AS lines
WHERE r ->> 'provider' IN (
    'google', 'github', 'apple', 'facebook', 'twitter', 'x', 'discord', 'gitlab', 'spotify', 'twitch'
);

\ir finish.sql
