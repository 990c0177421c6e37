-- The first part of each import: opens the transaction, and creates the tables that the import fills.
\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset footer off
\encoding UTF8

BEGIN;
SET LOCAL client_min_messages = warning;
-- For times without a zone.
SET LOCAL timezone = 'UTC';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE relname = 'portcullis_adoption') THEN
        RAISE 'users cannot be imported into an adopted database'
            USING HINT = 'Import them into the tables of `portcullis migrate`.';
    ELSIF to_regclass('"user"') IS NULL OR to_regclass('account') IS NULL THEN
        RAISE 'the tables of users and accounts were not found' USING HINT = 'Run `portcullis migrate` first.';
    END IF;
END
$$;

-- What was imported: another run skips it, and undo.sql deletes it.
CREATE SCHEMA IF NOT EXISTS moving_in;
CREATE TABLE IF NOT EXISTS moving_in.imported_users (id text PRIMARY KEY);
CREATE TABLE IF NOT EXISTS moving_in.imported_accounts (
    provider_id text,
    account_id text,
    PRIMARY KEY (provider_id, account_id)
);

-- The users of the export. `excluded` is the reason if a user must not be imported.
CREATE TEMPORARY TABLE found_user (
    id text,
    email text,
    email_verified boolean,
    name text,
    image text,
    created_at timestamptz,
    updated_at timestamptz,
    excluded text
) ON COMMIT DROP;

-- Their ways to sign in: a password has the provider `credential`, and the user's id as its `account_id`.
CREATE TEMPORARY TABLE found_account (
    user_id text,
    provider_id text,
    account_id text,
    password text,
    excluded text
) ON COMMIT DROP;

-- The lines of a file. The scripts put a space before each: psql takes a line `\.` as the end of the file.
CREATE TEMPORARY TABLE file (number bigserial, line text) ON COMMIT DROP;

-- PostgreSQL stores neither the character 0 nor half of a surrogate pair. Such an escape in a text of JSON becomes a
-- backslash before it, and every other backslash `\u005c`, so that `unreadable` finds it.
CREATE OR REPLACE FUNCTION pg_temp.escaped(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(
        replace(btrim($1, E' \t\r\n\uFEFF'), '\\', '\u005c'),
        '\\(u0000|ud[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2}\\)ud[c-f][0-9a-f]{2})',
        '\\\\\1',
        'gi'
    )
$$;

-- Reads an escaped text of JSON.
CREATE OR REPLACE FUNCTION pg_temp.read_json(escaped text, file text, line bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    IF position('\\u' IN escaped) > 0 THEN
        RETURN jsonb_build_object('cannot be read', true) || escaped::jsonb;
    END IF;
    RETURN escaped::jsonb;
EXCEPTION WHEN data_exception THEN
    RAISE 'line % of % is not valid JSON: %', line, file, SQLERRM;
END
$$;

-- The reason if a row of the export contains a text that PostgreSQL cannot store, or another value than true and
-- false in one of the named fields.
CREATE OR REPLACE FUNCTION pg_temp.unreadable(r jsonb, VARIADIC flags text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'a value that cannot be read'
    WHERE r ? 'cannot be read' OR EXISTS (
        SELECT FROM unnest(flags) AS flag WHERE lower(r ->> flag) NOT IN ('true', 'false', '')
    )
$$;

CREATE OR REPLACE FUNCTION pg_temp.flag(r jsonb, name text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT lower(r ->> name) = 'true'
$$;

-- The elements of an array of JSON, and none if there is no array.
CREATE OR REPLACE FUNCTION pg_temp.elements(jsonb) RETURNS SETOF jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_array_elements(CASE jsonb_typeof($1) WHEN 'array' THEN $1 ELSE '[]' END)
$$;

-- Reads a time that begins with year, month and day. A time that cannot be read becomes `infinity`: finish.sql skips
-- such users.
CREATE OR REPLACE FUNCTION pg_temp.read_time(text) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF btrim($1) = '' THEN
        RETURN NULL;
    ELSIF $1 !~ '^\s*\d{4}-\d\d-\d\d' THEN
        RETURN 'infinity';
    END IF;
    RETURN $1::timestamptz;
EXCEPTION WHEN data_exception THEN
    RETURN 'infinity';
END
$$;
