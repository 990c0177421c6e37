-- Deletes the users that the other scripts have imported, with everything that belongs to them.
\set ON_ERROR_STOP on
\set QUIET on

SELECT to_regnamespace('moving_in') IS NOT NULL AS is_imported \gset
\if :is_imported
BEGIN;
SELECT count(*) AS imported FROM "user" WHERE "id" IN (SELECT id FROM moving_in.imported_users) \gset
DELETE FROM "user" WHERE "id" IN (SELECT id FROM moving_in.imported_users);
DROP TABLE moving_in.imported_users, moving_in.imported_accounts;
DROP SCHEMA moving_in;
COMMIT;
\echo deleted :imported users
\else
\echo nothing was imported
\endif
