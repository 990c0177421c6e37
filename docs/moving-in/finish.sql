-- The last part of each import: inserts what `found_user` and `found_account` contain, reports it, and commits.

ANALYZE found_user, found_account, moving_in.imported_users, moving_in.imported_accounts;

CREATE TEMPORARY TABLE outcome ON COMMIT DROP AS
WITH judged AS (
    SELECT
        *,
        lower(btrim(email)) AS address,
        CASE
            WHEN coalesce(btrim(id), '') = '' THEN 'no id'
            WHEN excluded IS NOT NULL THEN excluded
            -- Also `infinity`, which the scripts use for a time that they cannot read.
            WHEN created_at NOT BETWEEN '0001-01-01' AND '9999-12-31'
                OR updated_at NOT BETWEEN '0001-01-01' AND '9999-12-31' THEN 'a value that cannot be read'
        END AS refusal
    FROM found_user
), candidate AS (
    -- Of several rows with one id, the first counts: one that must not be imported, then the newest.
    SELECT
        *,
        refusal IS DISTINCT FROM 'no id' AND row_number() OVER (
            PARTITION BY id
            ORDER BY refusal, updated_at DESC NULLS LAST, address, email_verified, name, image, created_at
        ) > 1 AS is_repeated
    FROM judged
), checked AS (
    SELECT
        candidate.*,
        moved.id IS NOT NULL AND NOT is_repeated AS is_imported,
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
            PARTITION BY address, is_imported OR (refusal IS NULL AND NOT is_repeated AND is_valid)
            ORDER BY is_imported DESC, coalesce(email_verified, false) DESC, created_at NULLS LAST, id
        ) AS rank
    FROM checked
)
SELECT
    ranked.*,
    CASE
        WHEN is_imported THEN 'imported before'
        WHEN is_repeated THEN 'skipped: the id of another row of the export'
        WHEN refusal IS NOT NULL THEN 'skipped: ' || refusal
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

-- Users who have signed up while the import ran, and rows that a trigger has discarded.
UPDATE outcome
SET outcome = CASE
    WHEN EXISTS (SELECT FROM "user" WHERE "user"."id" = outcome.id) THEN 'skipped: the id of a user of the database'
    WHEN EXISTS (SELECT FROM "user" WHERE lower("email") = address)
        THEN 'skipped: the address of a user of the database'
    ELSE 'skipped: a trigger of the database discarded it'
END
WHERE outcome = 'imported' AND NOT EXISTS (SELECT FROM moving_in.imported_users AS moved WHERE moved.id = outcome.id);

CREATE TEMPORARY TABLE account_outcome ON COMMIT DROP AS
WITH claim AS (
    SELECT *, count(*) OVER (PARTITION BY provider_id, account_id) AS claims
    FROM (SELECT DISTINCT * FROM found_account) AS found
)
SELECT
    claim.*,
    "user"."createdAt" AS created_at,
    "user"."updatedAt" AS updated_at,
    CASE
        WHEN existing."userId" <> claim.user_id THEN 'skipped: another user of the database has it'
        WHEN moved.account_id IS NOT NULL THEN 'imported before'
        WHEN existing."id" IS NOT NULL THEN 'skipped: the database has it'
        WHEN claim.excluded IS NOT NULL THEN 'skipped: ' || claim.excluded
        WHEN coalesce(btrim(claim.account_id), '') = '' THEN 'skipped: no id'
        WHEN claims > 1 AND claim.provider_id = 'credential' THEN 'skipped: several passwords of one user'
        WHEN claims > 1 THEN 'skipped: several users of the export have it'
        WHEN claim.provider_id <> 'credential' THEN 'imported'
        -- The forms in operations.md.
        WHEN claim.password ~ '^(\$2[aby]\$|\{bcrypt\}|bcrypt(_sha256)?\$|\$bcrypt-sha256\$|\$?argon2|\$?scrypt\$|firebase-scrypt\$|\$pbkdf2|pbkdf2_sha(1|256)\$|[0-9a-f]{32}:[0-9a-f]{128}$)'
            THEN 'imported'
        ELSE 'skipped: a hash in an unknown form'
    END AS outcome
FROM claim
JOIN moving_in.imported_users ON imported_users.id = claim.user_id
JOIN "user" ON "user"."id" = claim.user_id
LEFT JOIN moving_in.imported_accounts AS moved USING (provider_id, account_id)
LEFT JOIN "account" AS existing
    ON existing."providerId" = claim.provider_id AND existing."accountId" = claim.account_id;

WITH inserted AS (
    INSERT INTO "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
    SELECT
        replace(gen_random_uuid()::text, '-', ''), account_id, provider_id, user_id, password, created_at, updated_at
    FROM account_outcome
    WHERE outcome = 'imported'
    RETURNING "providerId", "accountId"
)
INSERT INTO moving_in.imported_accounts SELECT "providerId", "accountId" FROM inserted;

UPDATE account_outcome
SET outcome = 'skipped: a trigger of the database discarded it'
WHERE outcome = 'imported' AND NOT EXISTS (
    SELECT FROM moving_in.imported_accounts AS moved
    WHERE moved.provider_id = account_outcome.provider_id AND moved.account_id = account_outcome.account_id
);

SELECT count(*) AS users, outcome FROM outcome GROUP BY outcome ORDER BY outcome;
SELECT count(*) AS accounts, provider_id AS provider, outcome
FROM account_outcome
GROUP BY provider_id, outcome
ORDER BY outcome, provider_id;

\copy (SELECT id, email, outcome FROM outcome WHERE outcome LIKE 'skipped%' ORDER BY outcome, id) TO 'skipped.csv' WITH (FORMAT csv, HEADER)

COMMIT;
\echo skipped.csv lists the users who were skipped.
