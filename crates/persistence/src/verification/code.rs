//! The repository of one-time codes.
//!
//! A row's value is `<code>:<attempts>`, as in Better Auth.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Integer, Nullable, Text, Timestamptz},
};
use portcullis_application::ports::{CodeRepository, Failure, WriteError};
use portcullis_domain::code::{Attempt, CodeKey, CodeState, OneTimeCode, StoredCode};

use super::identifier;
use crate::{error::require_row, text::reject_nul, timestamp::Timestamp, unit_of_work::PgUnitOfWork};

/// Two concurrent statements may both leave a row. Then only the newer one counts, and both are deleted together.
const REPLACE: &str = r#"
    WITH older AS (DELETE FROM "verification" WHERE "identifier" = ANY ($1))
    INSERT INTO "verification" ("id", "identifier", "value", "expiresAt", "createdAt", "updatedAt")
    SELECT given."id", $3, $4 || ':0', $5, $6, $6
    FROM jsonb_populate_record(NULL::"verification", jsonb_build_object('id', $2)) AS given
"#;

/// Locks the newest row, so that concurrent attempts are counted one after the other. The first attempt that is one too many
/// is counted too, and an attempt at an expired code uses all of them up, so that later ones find no code. The conditions are
/// those of [`CodeState::attempt`].
const COUNT_ATTEMPT: &str = r#"
    WITH newest AS MATERIALIZED (
        SELECT "id", substring("value" FROM '^(.+):[0-9]{1,9}$') AS code,
            substring("value" FROM ':([0-9]{1,9})$')::integer AS attempts, "expiresAt" AS expires_at
        FROM "verification" WHERE "identifier" = ANY ($1)
        ORDER BY "createdAt" DESC, "id" DESC LIMIT 1
        FOR UPDATE
    ), counted AS (
        UPDATE "verification" AS counting
        SET "value" = newest.code || ':' ||
                CASE WHEN newest.expires_at < $3 THEN least($2, 99999999) + 1 ELSE newest.attempts + 1 END,
            "updatedAt" = $3
        FROM newest
        WHERE counting."id" = newest."id" AND newest.attempts <= $2
            AND newest.code IS NOT NULL
    )
    SELECT code, attempts, expires_at FROM newest
"#;

const CONSUME: &str = r#"
    WITH consumed AS MATERIALIZED (
        SELECT "id" FROM "verification"
        WHERE "identifier" = ANY ($1) AND substring("value" FROM '^(.+):[0-9]{1,9}$') = $2
        FOR UPDATE
    )
    DELETE FROM "verification" WHERE "identifier" = ANY ($1) AND EXISTS (SELECT 1 FROM consumed)
"#;

const RESTORE_ATTEMPT: &str = r#"
    UPDATE "verification"
    SET "value" = $2 || ':' || greatest(substring("value" FROM ':([0-9]{1,9})$')::integer - 1, 0)
    WHERE "identifier" = ANY ($1) AND substring("value" FROM '^(.+):[0-9]{1,9}$') = $2
"#;

/// The newest code of a key, before the attempt.
#[derive(QueryableByName)]
struct Newest {
    #[diesel(sql_type = Nullable<Text>)]
    code: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    attempts: Option<i32>,
    #[diesel(sql_type = Timestamptz)]
    expires_at: Timestamp,
}

impl Newest {
    /// Returns the code's state, or `None` if the row's value is none of a code.
    fn into_state(self) -> Option<CodeState> {
        Some(CodeState {
            stored: StoredCode::new(self.code?),
            attempts: u32::try_from(self.attempts?).ok()?,
            expires_at: self.expires_at.into(),
        })
    }
}

#[async_trait]
impl CodeRepository for PgUnitOfWork {
    async fn replace(&mut self, code: &OneTimeCode) -> Result<(), Failure> {
        let read = identifier::code_read(&code.key, self.is_shared());
        let written = identifier::code_written(&code.key, self.is_shared());
        let (id, stored) = (code.id.as_str().to_owned(), code.stored.expose().clone());
        reject_nul([Some(&written), Some(&id), Some(&stored)])?;
        let (expires_at, created_at) = (code.expires_at, code.created_at);
        self.run_write_once("codes.replace", move |connection| {
            diesel::sql_query(REPLACE)
                .bind::<Array<Text>, _>(&read)
                .bind::<Text, _>(&id)
                .bind::<Text, _>(&written)
                .bind::<Text, _>(&stored)
                .bind::<Timestamptz, _>(expires_at)
                .bind::<Timestamptz, _>(created_at)
                .execute(connection)
        })
        .await
        .and_then(require_row)
        .map_err(WriteError::into_failure)
    }

    async fn count_attempt(
        &mut self,
        key: &CodeKey,
        allowed: u32,
        now: DateTime<Utc>,
    ) -> Result<Attempt, Failure> {
        let identifiers = identifier::code_read(key, self.is_shared());
        let limit = i32::try_from(allowed).unwrap_or(i32::MAX);
        let newest = self.run_write_once("codes.count_attempt", move |connection| {
            diesel::sql_query(COUNT_ATTEMPT)
                .bind::<Array<Text>, _>(&identifiers)
                .bind::<Integer, _>(limit)
                .bind::<Timestamptz, _>(now)
                .get_result::<Newest>(connection)
                .optional()
        });
        let state = newest
            .await
            .map_err(WriteError::into_failure)?
            .and_then(Newest::into_state);
        Ok(state.map_or(Attempt::Missing, |state| state.attempt(allowed, now)))
    }

    async fn consume(&mut self, key: &CodeKey, stored: &StoredCode) -> Result<bool, Failure> {
        let identifiers = identifier::code_read(key, self.is_shared());
        let stored = stored.expose().clone();
        self.run_write_once("codes.consume", move |connection| {
            diesel::sql_query(CONSUME)
                .bind::<Array<Text>, _>(&identifiers)
                .bind::<Text, _>(&stored)
                .execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
        .map_err(WriteError::into_failure)
    }

    async fn restore_attempt(&mut self, key: &CodeKey, stored: &StoredCode) -> Result<(), Failure> {
        let identifiers = identifier::code_read(key, self.is_shared());
        let stored = stored.expose().clone();
        self.run_write_once("codes.restore_attempt", move |connection| {
            diesel::sql_query(RESTORE_ATTEMPT)
                .bind::<Array<Text>, _>(&identifiers)
                .bind::<Text, _>(&stored)
                .execute(connection)
        })
        .await
        .map(|_changed| ())
        .map_err(WriteError::into_failure)
    }
}
