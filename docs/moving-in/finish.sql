-- The last part of each import: inserts what `found_user` and `found_account` contain, reports it, and commits.

ANALYZE found_user, found_account, moving_in.imported_users, moving_in.imported_accounts;

CREATE TEMPORARY TABLE outcome ON COMMIT DROP AS
WITH candidate AS (
    SELECT DISTINCT ON (id) *, lower(btrim(email)) AS address
    FROM found_user
    WHERE id IS NOT NULL
    ORDER BY id
), checked AS (
    SELECT
        candidate.*,
        moved.id IS NOT NULL AS is_imported,
        -- Better Auth's grammar of addresses.
        coalesce(length(address) <= 254 AND address ~
            '^[a-z0-9_''+-]+(\.[a-z0-9_''+-]+)*(?<!'')@([a-z0-9][a-z0-9-]*\.)+([a-z]{2,}|xn--[a-z0-9-]+)$', false)
            AS is_valid
    FROM candidate
    LEFT JOIN moving_in.imported_users AS moved USING (id)
), ranked AS (
    -- Of several users with one address, the first is imported: one with a verified address, then the oldest.
    SELECT
        *,
        row_number() OVER (
            PARTITION BY address, is_imported OR (excluded IS NULL AND is_valid)
            ORDER BY is_imported DESC, coalesce(email_verified, false) DESC, created_at NULLS LAST, id
        ) AS rank
    FROM checked
)
SELECT
    ranked.*,
    CASE
        WHEN is_imported THEN 'imported before'
        WHEN excluded IS NOT NULL THEN 'skipped: ' || excluded
        WHEN coalesce(address, '') = '' THEN 'skipped: no address'
        WHEN NOT is_valid THEN 'skipped: an address that Portcullis rejects'
        WHEN rank > 1 THEN 'skipped: the address of another user of the export'
        WHEN same_id.id IS NOT NULL THEN 'skipped: the id of a user of the database'
        WHEN same_address.address IS NOT NULL THEN 'skipped: the address of a user of the database'
        ELSE 'imported'
    END AS outcome
FROM ranked
LEFT JOIN "user" AS same_id USING (id)
LEFT JOIN (SELECT DISTINCT lower("email") AS address FROM "user") AS same_address USING (address);

WITH inserted AS (
    INSERT INTO "user" ("id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt")
    SELECT
        id,
        coalesce(nullif(btrim(name), ''), split_part(address, '@', 1)),
        address,
        coalesce(email_verified, false),
        CASE WHEN image ~* '^https?://' THEN image END,
        coalesce(created_at, now()),
        coalesce(updated_at, created_at, now())
    FROM outcome
    WHERE outcome = 'imported'
    ON CONFLICT DO NOTHING
    RETURNING "id"
)
INSERT INTO moving_in.imported_users SELECT "id" FROM inserted;

-- Users who have signed up while the import ran.
UPDATE outcome
SET outcome = 'skipped: the address of a user of the database'
WHERE outcome = 'imported' AND NOT EXISTS (SELECT FROM moving_in.imported_users AS moved WHERE moved.id = outcome.id);

CREATE TEMPORARY TABLE account_outcome ON COMMIT DROP AS
SELECT DISTINCT ON (provider_id, account_id)
    found_account.*,
    "user"."createdAt" AS created_at,
    "user"."updatedAt" AS updated_at,
    CASE
        WHEN moved.account_id IS NOT NULL THEN 'imported before'
        WHEN existing."id" IS NOT NULL THEN 'skipped: the database has it'
        WHEN found_account.provider_id <> 'credential' THEN 'imported'
        -- The forms in operations.md.
        WHEN found_account.password ~ '^(\$2[aby]\$|\{bcrypt\}|bcrypt(_sha256)?\$|\$bcrypt-sha256\$|\$?argon2|\$?scrypt\$|firebase-scrypt\$|\$pbkdf2|pbkdf2_sha(1|256)\$|[0-9a-f]{32}:[0-9a-f]{128}$)'
            THEN 'imported'
        ELSE 'skipped: a hash in an unknown form'
    END AS outcome
FROM found_account
JOIN moving_in.imported_users ON imported_users.id = found_account.user_id
JOIN "user" ON "user"."id" = found_account.user_id
LEFT JOIN moving_in.imported_accounts AS moved USING (provider_id, account_id)
LEFT JOIN "account" AS existing
    ON existing."providerId" = found_account.provider_id AND existing."accountId" = found_account.account_id
ORDER BY provider_id, account_id, user_id;

INSERT INTO "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
SELECT replace(gen_random_uuid()::text, '-', ''), account_id, provider_id, user_id, password, created_at, updated_at
FROM account_outcome
WHERE outcome = 'imported';

INSERT INTO moving_in.imported_accounts
SELECT provider_id, account_id FROM account_outcome WHERE outcome = 'imported';

SELECT count(*) AS users, outcome FROM outcome GROUP BY outcome ORDER BY outcome;
SELECT count(*) AS accounts, provider_id AS provider, outcome
FROM account_outcome
GROUP BY provider_id, outcome
ORDER BY outcome, provider_id;

\copy (SELECT id, email, outcome FROM outcome WHERE outcome LIKE 'skipped%' ORDER BY outcome, id) TO 'skipped.csv' WITH (FORMAT csv, HEADER)

COMMIT;
\echo skipped.csv lists the users who were skipped.
