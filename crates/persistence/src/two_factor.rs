//! Second factors of users.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Text, Timestamptz},
};
use portcullis_application::ports::{Failure, TwoFactorRepository, WriteError};
use portcullis_domain::{
    id::UserId,
    secret::Secret,
    two_factor::{TwoFactor, TwoFactorId},
};
use serde_json::json;

use crate::{
    additional::Insert,
    error::require_row,
    schema::two_factors,
    session_cache::RowChange,
    stored_id::StoredId,
    text::{contains_nul, reject_nul},
    unit_of_work::PgUnitOfWork,
};

/// SQL as text, since diesel's table `users` has only the core's columns.
const SET_ENABLED: &str = r#"
    UPDATE "user" SET "twoFactorEnabled" = $2, "updatedAt" = $3 WHERE "id" = $1
"#;

/// Records a step if it is later than the recorded one, so that only one of several concurrent calls succeeds.
const ADVANCE: &str = r#"
    INSERT INTO "portcullis_totp_step" AS "used" ("userId", "lastStep") VALUES ($1, $2)
    ON CONFLICT ("userId") DO UPDATE SET "lastStep" = excluded."lastStep"
    WHERE "used"."lastStep" < excluded."lastStep"
"#;

/// Deletes the recorded step when the secret is replaced: steps count the periods of one secret's codes.
const FORGET_STEP: &str = r#"DELETE FROM "portcullis_totp_step" WHERE "userId" = $1"#;

/// A row to read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = two_factors)]
struct Row {
    id: StoredId,
    secret: String,
    backup_codes: String,
    user_id: StoredId,
}

impl From<Row> for TwoFactor {
    fn from(row: Row) -> Self {
        Self {
            id: TwoFactorId::new(row.id.0),
            secret: Secret::new(row.secret),
            backup_codes: Secret::new(row.backup_codes),
            user_id: UserId::new(row.user_id.0),
        }
    }
}

/// Returns the insertion of a second factor.
fn insertion(two_factor: &TwoFactor) -> Result<Insert, Failure> {
    Insert::into(
        "twoFactor",
        [
            ("id", json!(two_factor.id.as_str())),
            ("secret", json!(two_factor.secret.expose())),
            ("backupCodes", json!(two_factor.backup_codes.expose())),
            ("userId", json!(two_factor.user_id.as_str())),
        ],
    )
}

#[async_trait]
impl TwoFactorRepository for PgUnitOfWork {
    async fn find(&mut self, user: &UserId) -> Result<Option<TwoFactor>, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(None);
        }
        let user = user.as_str().to_owned();
        self.run("two_factors.find", move |connection| {
            two_factors::table
                .filter(two_factors::user_id.eq(&user))
                .order(two_factors::id)
                .select(Row::as_select())
                .first(connection)
                .optional()
        })
        .await
        .map(|row| row.map(TwoFactor::from))
    }

    async fn replace(&mut self, two_factor: &TwoFactor) -> Result<(), Failure> {
        let (insertion, user) = (insertion(two_factor)?, two_factor.user_id.as_str().to_owned());
        self.run_write_once("two_factors.replace", move |connection| {
            delete(connection, &user)?;
            insertion.execute(connection)
        })
        .await
        .and_then(require_row)
        .map_err(WriteError::into_failure)
    }

    async fn swap_backup_codes(
        &mut self,
        id: &TwoFactorId,
        from: &Secret<String>,
        to: &Secret<String>,
    ) -> Result<bool, Failure> {
        if contains_nul(id.as_str()) || contains_nul(from.expose()) {
            return Ok(false);
        }
        reject_nul([Some(to.expose())])?;
        let (id, from, to) = (id.clone(), from.clone(), to.clone());
        self.run_write_once("two_factors.swap_backup_codes", move |connection| {
            let expected = two_factors::table
                .filter(two_factors::id.eq(id.as_str()))
                .filter(two_factors::backup_codes.eq(from.expose()));
            diesel::update(expected)
                .set(two_factors::backup_codes.eq(to.expose()))
                .execute(connection)
        })
        .await
        .map(|swapped| swapped > 0)
        .map_err(WriteError::into_failure)
    }

    async fn set_enabled(
        &mut self,
        user: &UserId,
        is_enabled: bool,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(false);
        }
        self.note_change(|| RowChange::of_user(user));
        let user = user.as_str().to_owned();
        self.run_write("two_factors.set_enabled", move |connection| {
            diesel::sql_query(SET_ENABLED)
                .bind::<Text, _>(&user)
                .bind::<Bool, _>(is_enabled)
                .bind::<Timestamptz, _>(now)
                .execute(connection)
        })
        .await
        .map(|updated| updated > 0)
        .map_err(WriteError::into_failure)
    }

    async fn advance(&mut self, user: &UserId, step: u64) -> Result<bool, Failure> {
        let user = user.as_str().to_owned();
        reject_nul([Some(&user)])?;
        let step = i64::try_from(step).map_err(Failure::new)?;
        self.run_write_once("two_factors.advance", move |connection| {
            diesel::sql_query(ADVANCE)
                .bind::<Text, _>(&user)
                .bind::<BigInt, _>(step)
                .execute(connection)
        })
        .await
        .map(|advanced| advanced > 0)
        .map_err(WriteError::into_failure)
    }

    async fn delete(&mut self, user: &UserId) -> Result<(), Failure> {
        if contains_nul(user.as_str()) {
            return Ok(());
        }
        let user = user.as_str().to_owned();
        self.run_deletion("two_factors.delete", move |connection| delete(connection, &user))
            .await
            .map(|_deleted| ())
    }
}

fn delete(connection: &mut PgConnection, user: &str) -> QueryResult<usize> {
    diesel::sql_query(FORGET_STEP)
        .bind::<Text, _>(user)
        .execute(connection)?;
    diesel::delete(two_factors::table.filter(two_factors::user_id.eq(user))).execute(connection)
}
