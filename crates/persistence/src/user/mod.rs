//! The user repository.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{prelude::*, sql_types::Text};
use portcullis_application::ports::{
    Failure, UniqueKey, UserRepository, VerificationRepository as _, WriteError,
};
use portcullis_domain::{
    email::EmailAddress,
    id::UserId,
    user::{User, UserPatch},
    verification::RevokingEvent,
};
use serde_json::Value;

use self::row::Changes;
pub(crate) use self::row::Row;
use crate::{
    error::discarded_row,
    schema::users,
    session_cache::RowChange,
    text::{contains_nul, reject_nul},
    unit_of_work::PgUnitOfWork,
};

mod row;

/// One statement, so that it is atomic even outside of a transaction. One-time tokens have no foreign key to the user,
/// so no cascade deletes them. Sessions and accounts are deleted explicitly, as Better Auth does. Accounts are deleted
/// before the user, since a sign-in locks them in this order.
const DELETE: &str = r#"
    WITH sessions AS (DELETE FROM "session" WHERE "userId" = $1),
        accounts AS (DELETE FROM "account" WHERE "userId" = $1 RETURNING 1),
        secrets AS (DELETE FROM "verification" WHERE "value" = $1)
    DELETE FROM "user" WHERE "id" = $1 AND (SELECT count(*) FROM accounts) >= 0
"#;

/// A user's row, and the values of the declared columns.
type Whole = (Row, Option<Value>);

impl PgUnitOfWork {
    /// Returns why a new user was not inserted: which key is taken, or else that the row was discarded.
    async fn not_inserted(&mut self, user: &User) -> WriteError {
        let (id, email) = (user.id.as_str().to_owned(), user.email.as_str().to_owned());
        let conflicting = self.run("users.find_taken", move |connection| {
            users::table
                .filter(users::email.eq(&email).or(users::id.eq(&id)))
                .select(users::email.eq(&email))
                .load::<bool>(connection)
        });
        match conflicting.await {
            Ok(same_address) if same_address.contains(&true) => WriteError::Taken(UniqueKey::UserEmail),
            Ok(same_id) if !same_id.is_empty() => WriteError::Failure(Failure::new(TakenId)),
            Ok(_neither) if self.fields().of_users().are_unique() => {
                WriteError::Taken(UniqueKey::AdditionalField)
            }
            Ok(_neither) => WriteError::Failure(discarded_row()),
            Err(failure) => WriteError::Failure(failure),
        }
    }
}

/// Two random ids were equal.
#[derive(Debug, thiserror::Error)]
#[error("the id of a new user is already taken")]
struct TakenId;

#[async_trait]
impl UserRepository for PgUnitOfWork {
    async fn find(&mut self, user: &UserId) -> Result<Option<User>, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(None);
        }
        let (user, columns) = (user.clone(), self.fields().of_users());
        self.run("users.find", move |connection| {
            users::table
                .filter(users::id.eq(user.as_str()))
                .select((Row::as_select(), &columns))
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| self.whole(row))
    }

    async fn lock(&mut self, user: &UserId) -> Result<Option<User>, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(None);
        }
        let (user, columns) = (user.clone(), self.fields().of_users());
        self.run("users.lock", move |connection| {
            users::table
                .filter(users::id.eq(user.as_str()))
                .select((Row::as_select(), &columns))
                .for_no_key_update()
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| self.whole(row))
    }

    async fn lock_shared_if_free(&mut self, user: &UserId) -> Result<Option<User>, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(None);
        }
        let (user, columns) = (user.clone(), self.fields().of_users());
        self.run("users.lock_shared_if_free", move |connection| {
            users::table
                .filter(users::id.eq(user.as_str()))
                .select((Row::as_select(), &columns))
                .for_share()
                .skip_locked()
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| self.whole(row))
    }

    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, Failure> {
        if contains_nul(email.as_str()) {
            return Ok(None);
        }
        let (email, columns) = (email.as_str().to_owned(), self.fields().of_users());
        self.run("users.find_by_email", move |connection| {
            users::table
                .filter(users::email.eq(&email))
                .select((Row::as_select(), &columns))
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| self.whole(row))
    }

    async fn insert(&mut self, user: &User) -> Result<User, WriteError> {
        let columns = self.fields().of_users();
        // A conflict must not cause an error, which would abort the transaction.
        let insertion = row::insertion(user, &columns)?
            .on_conflict(if columns.are_unique() {
                "ON CONFLICT DO NOTHING"
            } else {
                r#"ON CONFLICT ("email") DO NOTHING"#
            })
            .returning((Row::as_select(), columns));
        let inserted = self
            .run_write_once("users.insert", move |connection| {
                insertion.get_result::<Whole>(connection).optional()
            })
            .await?;
        match self.whole(inserted) {
            Some(stored) => Ok(stored),
            None => Err(self.not_inserted(user).await),
        }
    }

    async fn set_email(
        &mut self,
        user: &UserId,
        from: &EmailAddress,
        to: &EmailAddress,
        is_verified: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, WriteError> {
        if [user.as_str(), from.as_str()].into_iter().any(contains_nul) {
            return Ok(None);
        }
        let (changed, user, columns) = (user, user.clone(), self.fields().of_users());
        let (from, to) = (from.as_str().to_owned(), to.as_str().to_owned());
        reject_nul([Some(&to)])?;
        self.note_change(|| RowChange::of_user(changed));
        self.run_write_once("users.set_email", move |connection| {
            let expected = users::table
                .filter(users::id.eq(user.as_str()))
                .filter(users::email.eq(&from));
            diesel::update(expected)
                .set((
                    users::email.eq(&to),
                    users::email_verified.eq(is_verified),
                    users::updated_at.eq(now),
                ))
                .returning((Row::as_returning(), &columns))
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| self.whole(row))
    }

    async fn delete(&mut self, user: &UserId) -> Result<bool, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(false);
        }
        // Deletes the codes, whose value is not the user's id. On a shared database a link is valid without a row, so the
        // links of a deleted user are also marked as used.
        self.revoke(RevokingEvent::UserDeletion, user).await?;
        self.note_change(|| RowChange::of_user(user));
        let user = user.clone();
        self.run_deletion_once("users.delete", move |connection| {
            diesel::sql_query(DELETE)
                .bind::<Text, _>(user.as_str())
                .execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
    }

    async fn update(
        &mut self,
        user: &UserId,
        patch: &UserPatch,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, WriteError> {
        if contains_nul(user.as_str()) {
            return Ok(None);
        }
        let columns = self.fields().of_users();
        let changes = Changes::new(patch, &columns, now)?;
        self.note_change(|| RowChange::of_user(user));
        let user = user.clone();
        self.run_write("users.update", move |connection| {
            diesel::update(users::table.filter(users::id.eq(user.as_str())))
                .set((&changes.core, &changes.declared))
                .returning((Row::as_returning(), &columns))
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| self.whole(row))
    }
}

impl PgUnitOfWork {
    /// Returns a user with its declared fields.
    pub(crate) fn whole(&self, row: Option<Whole>) -> Option<User> {
        row.map(|(row, declared)| row.into_user(self.fields().of_users().read(declared)))
    }
}
