-- Exports the users of Supabase to supabase-users.ndjson, and their identities to supabase-identities.ndjson.
\set ON_ERROR_STOP on
\set QUIET on
\encoding UTF8

BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
\copy (SELECT jsonb_build_object('id', r -> 'id', 'email', r -> 'email', 'encrypted_password', r -> 'encrypted_password', 'email_confirmed_at', r -> 'email_confirmed_at', 'raw_user_meta_data', r -> 'raw_user_meta_data', 'created_at', r -> 'created_at', 'updated_at', r -> 'updated_at', 'deleted_at', r -> 'deleted_at', 'banned_until', r -> 'banned_until', 'is_anonymous', r -> 'is_anonymous', 'is_sso_user', r -> 'is_sso_user') FROM (SELECT to_jsonb(u) AS r FROM auth.users AS u) AS rows) TO 'supabase-users.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
\copy (SELECT jsonb_build_object('user_id', r -> 'user_id', 'provider', r -> 'provider', 'account_id', coalesce(r -> 'provider_id', r -> 'id')) FROM (SELECT to_jsonb(i) AS r FROM auth.identities AS i) AS rows) TO 'supabase-identities.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
COMMIT;
