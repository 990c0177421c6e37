-- The first part of each import: opens the transaction, and creates the tables that the import fills.
\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset footer off
\encoding UTF8

BEGIN;
SET LOCAL client_min_messages = warning;

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
    password text
) ON COMMIT DROP;

-- The lines of a file.
CREATE TEMPORARY TABLE file (number bigserial, line text) ON COMMIT DROP;
