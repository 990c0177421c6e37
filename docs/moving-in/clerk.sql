-- Imports users of Clerk from clerk-users.csv.
\set ON_ERROR_STOP on
\ir begin.sql

-- The columns of the file, by their names in its first line.
\set header `head -n 1 clerk-users.csv`
SELECT format('CREATE TEMPORARY TABLE clerk (%s) ON COMMIT DROP', string_agg(format('%I text', name), ', '))
FROM (SELECT btrim(name, E' "\r\uFEFF') AS name FROM unnest(string_to_array(:'header', ',')) AS name) AS names
\gexec
-- psql takes a line `\.` as the end of the file, also within a value: it gets a space.
\copy clerk FROM PROGRAM 'sed ''s/^\\\.[[:space:]]*$/ &/'' clerk-users.csv' WITH (FORMAT csv, HEADER)

CREATE TEMPORARY TABLE clerk_user ON COMMIT DROP AS
SELECT jsonb_strip_nulls(to_jsonb(clerk)) AS r FROM clerk;

INSERT INTO found_user
SELECT
    r ->> 'id',
    r ->> 'primary_email_address',
    r ->> 'primary_email_address' = ANY (string_to_array(translate(r ->> 'verified_email_addresses', '|; ', ',,'), ',')),
    coalesce(nullif(concat_ws(' ', r ->> 'first_name', r ->> 'last_name'), ''), r ->> 'username'),
    NULL,
    NULL,
    NULL,
    NULL
FROM clerk_user;

INSERT INTO found_account
SELECT r ->> 'id', 'credential', r ->> 'id', r ->> 'password_digest'
FROM clerk_user
WHERE r ? 'password_digest';

\ir finish.sql
