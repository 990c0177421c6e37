//! The repositories of one-time tokens and codes, in Better Auth's table `verification`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Text, Timestamptz},
};
use portcullis_application::ports::{Failure, VerificationRepository, WriteError};
use portcullis_domain::{
    id::UserId,
    token::OneTimeToken,
    verification::{Proven, Purpose, RevokingEvent, Verification},
};
use serde_json::json;

use crate::{
    additional::{Insert, time},
    error::require_row,
    schema::verifications,
    text::contains_nul,
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
};

mod code;
pub(crate) mod identifier;
mod payload;

/// Deletes in small batches, so that no lock is held for long. Rows that another transaction is consuming are skipped,
/// and replicas that delete concurrently do not wait for each other.
const DELETE_EXPIRED: &str = r#"
    DELETE FROM "verification" WHERE "id" IN (
        SELECT "id" FROM "verification" WHERE "expiresAt" < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
    )
"#;

/// Deletes tokens and codes of a user.
///
/// On a shared database ($3) a link is valid without a row, since a Node server may have made it. So each deleted row of
/// a link of ours is replaced with a row that marks the link as used. A code's value is not its user, so codes are found
/// by the challenges that are deleted, by the user's sessions, and by the user's address: after the prefixes $4 its hash,
/// after the prefixes $5 as it is.
const REVOKE: &str = r#"
    WITH gone AS (
        DELETE FROM "verification" WHERE "value" = $1 AND "identifier" LIKE ANY ($2)
        RETURNING "identifier", "expiresAt", "createdAt"
    ), marks AS (
        SELECT DISTINCT ON ("mark") replace("identifier", ':', '-claimed:') AS "mark", "expiresAt", "createdAt"
        FROM gone
        WHERE $3 AND "identifier" ~ '^(verify-email|change-email-confirmation|change-email-verification):'
    ), marked AS (
        INSERT INTO "verification" ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
        SELECT given."id", "mark", '', marks."expiresAt", marks."createdAt", marks."createdAt"
        FROM marks, jsonb_populate_record(NULL::"verification", jsonb_build_object('id',
            encode(substring(sha256(convert_to("mark", 'UTF8')) FOR 16), 'hex')::uuid::text)) AS given
        ON CONFLICT ("id") DO NOTHING
    ), codes AS (
        SELECT replace("identifier", 'two-factor-challenge:', 'two-factor-code:') AS "identifier"
        FROM gone WHERE "identifier" LIKE 'two-factor-challenge:%'
        UNION ALL SELECT '2fa-otp-' || "identifier" FROM gone WHERE "identifier" LIKE '2fa-%'
        UNION ALL SELECT prefix || $1 || '!' || "id"
        FROM "session", (VALUES ('two-factor-code:'), ('2fa-otp-')) AS forms (prefix) WHERE "userId" = $1
        UNION ALL SELECT prefix
            || rtrim(translate(encode(sha256(convert_to("email", 'UTF8')), 'base64'), '+/', '-_'), '=')
        FROM "user", unnest($4) AS forms (prefix) WHERE "id" = $1
        UNION ALL SELECT prefix || "email" FROM "user", unnest($5) AS forms (prefix) WHERE "id" = $1
    )
    DELETE FROM "verification" WHERE "identifier" = ANY (ARRAY(SELECT "identifier" FROM codes))
"#;

/// Takes over the row of a lease that ended before the new row was created.
const TAKE_OVER: &str = r#"
    ON CONFLICT ("id") DO UPDATE SET "expiresAt" = excluded."expiresAt",
        "createdAt" = excluded."createdAt", "updatedAt" = excluded."updatedAt"
    WHERE "verification"."expiresAt" <= excluded."createdAt"
"#;

/// A row to read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = verifications)]
struct Row {
    value: String,
    expires_at: Timestamp,
    /// NULL in rows of versions of Better Auth before 1.3.
    created_at: Option<Timestamp>,
}

impl Row {
    /// Returns what the row proves, or `None` if it is not one of ours: other features and programs store other values
    /// in this table.
    fn into_proven(self) -> Option<Proven> {
        is_id(&self.value).then(|| Proven {
            user_id: UserId::new(self.value),
            expires_at: self.expires_at.into(),
        })
    }
}

/// Returns the insertion of a row.
pub(crate) fn insertion(
    identifier: &str,
    (id, value): (&str, &str),
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
) -> Result<Insert, Failure> {
    Insert::into(
        "verification",
        [
            ("id", json!(id)),
            ("identifier", json!(identifier)),
            ("value", json!(value)),
            ("expiresAt", time(expires_at)),
            ("createdAt", time(created_at)),
            ("updatedAt", time(created_at)),
        ],
    )
}

/// Returns the insertion of the only row that marks a token. Its id is made from its identifier, and is unique. Its value
/// is empty, and no user has an empty id.
fn mark(
    purpose: Purpose,
    secret: &OneTimeToken,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Insert, Failure> {
    let identifier = identifier::claimed(purpose, secret);
    insertion(&identifier, (&identifier::mark_id(&identifier), ""), until, now)
}

/// Returns whether a value may be an id, in any program's format, and not structured text.
fn is_id(value: &str) -> bool {
    let may_stand_in_id = |c: char| !c.is_whitespace() && !c.is_control() && !r#"{}[]"\"#.contains(c);
    !value.is_empty() && value.chars().all(may_stand_in_id)
}

#[async_trait]
impl VerificationRepository for PgUnitOfWork {
    async fn insert(&mut self, verification: &Verification) -> Result<(), Failure> {
        let identifier = identifier::written(verification.purpose, &verification.secret, self.is_shared());
        let ids = (verification.id.as_str(), verification.user_id.as_str());
        let insertion = insertion(&identifier, ids, verification.expires_at, verification.created_at)?;
        self.run_write_once("verifications.insert", move |connection| {
            insertion.execute(connection)
        })
        .await
        .and_then(require_row)
        .map_err(WriteError::into_failure)
    }

    async fn find(&mut self, purpose: Purpose, secret: &OneTimeToken) -> Result<Option<Proven>, Failure> {
        let identifiers = identifier::read(purpose, secret, self.is_shared());
        self.run("verifications.find", move |connection| {
            verifications::table
                .filter(verifications::identifier.eq_any(&identifiers))
                .order((verifications::created_at.desc(), verifications::id.desc()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })
        .await
        .map(|row| row.and_then(Row::into_proven))
    }

    async fn consume(&mut self, purpose: Purpose, secret: &OneTimeToken) -> Result<Option<Proven>, Failure> {
        let identifiers = identifier::read(purpose, secret, self.is_shared());
        let rows = self.run_write_once("verifications.consume", move |connection| {
            let shown = verifications::table.filter(verifications::identifier.eq_any(&identifiers));
            diesel::delete(shown)
                .returning(Row::as_returning())
                .get_results(connection)
        });
        let rows: Vec<Row> = rows.await.map_err(WriteError::into_failure)?;
        let newest = rows.into_iter().max_by_key(|row| row.created_at);
        Ok(newest.and_then(Row::into_proven))
    }

    async fn mark_used(
        &mut self,
        purpose: Purpose,
        secret: &OneTimeToken,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let insertion = mark(purpose, secret, until, now)?.on_conflict(r#"ON CONFLICT ("id") DO NOTHING"#);
        self.run_write_once("verifications.claim", move |connection| {
            insertion.execute(connection)
        })
        .await
        .map(|claimed| claimed > 0)
        .map_err(WriteError::into_failure)
    }

    async fn lease(
        &mut self,
        purpose: Purpose,
        secret: &OneTimeToken,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let insertion = mark(purpose, secret, until, now)?.on_conflict(TAKE_OVER);
        self.run_write_once("verifications.lease", move |connection| {
            insertion.execute(connection)
        })
        .await
        .map(|leased| leased > 0)
        .map_err(WriteError::into_failure)
    }

    async fn release(&mut self, purpose: Purpose, secret: &OneTimeToken) -> Result<(), Failure> {
        let identifier = identifier::claimed(purpose, secret);
        let released = self.run_write_once("verifications.release", move |connection| {
            let leased = verifications::table.filter(verifications::identifier.eq(&identifier));
            diesel::delete(leased).execute(connection)
        });
        released
            .await
            .map(|_deleted| ())
            .map_err(WriteError::into_failure)
    }

    async fn revoke(&mut self, event: RevokingEvent, user: &UserId) -> Result<(), Failure> {
        if contains_nul(user.as_str()) {
            return Ok(());
        }
        let (user, patterns) = (user.as_str().to_owned(), identifier::ended_by(event));
        let is_shared = self.is_shared();
        let (hashed, plain) = identifier::codes_ended_by(event);
        self.run("verifications.revoke", move |connection| {
            diesel::sql_query(REVOKE)
                .bind::<Text, _>(&user)
                .bind::<Array<Text>, _>(&patterns)
                .bind::<Bool, _>(is_shared)
                .bind::<Array<Text>, _>(&hashed)
                .bind::<Array<Text>, _>(&plain)
                .execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_expired(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        self.run("verifications.delete_expired", move |connection| {
            diesel::sql_query(DELETE_EXPIRED)
                .bind::<Timestamptz, _>(before)
                .bind::<BigInt, _>(i64::from(limit))
                .execute(connection)
        })
        .await
        .map(|deleted| u64::try_from(deleted).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn an_id_is_any_unstructured_text() {
        for id in [
            "aB3",
            "550e8400-e29b-41d4-a716-446655440000",
            "auth0|5f",
            "usr_1",
            "42",
            "ä",
        ] {
            assert!(is_id(id), "{id}");
        }
        for other in [
            "",
            "{}",
            r#"{"email":"a@b.c"}"#,
            r#""id""#,
            "[1]",
            "a b",
            "a\n",
            r"a\b",
        ] {
            assert!(!is_id(other), "{other}");
        }
    }
}
