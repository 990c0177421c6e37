//! Users.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use portcullis_application::ports::{Failure, UniqueKey, UserRepository, WriteError};
use portcullis_domain::{
    email::EmailAddress,
    id::UserId,
    user::{User, UserPatch},
};

use crate::{
    schema::users,
    text::{holds_nul, refuse_nul},
    unit_of_work::PgUnitOfWork,
};

/// A row to read or to write.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct Row {
    id: String,
    name: String,
    email: String,
    email_verified: bool,
    image: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: UserId::new(row.id),
            name: row.name,
            email: EmailAddress::from_stored(row.email),
            email_verified: row.email_verified,
            image: row.image,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<&User> for Row {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.as_str().to_owned(),
            name: user.name.clone(),
            email: user.email.as_str().to_owned(),
            email_verified: user.email_verified,
            image: user.image.clone(),
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

#[async_trait]
impl UserRepository for PgUnitOfWork {
    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, Failure> {
        if holds_nul(email.as_str()) {
            return Ok(None);
        }
        let email = email.as_str().to_owned();
        self.run("users.find_by_email", move |connection| {
            users::table
                .filter(users::email.eq(&email))
                .select(Row::as_select())
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| row.map(User::from))
    }

    async fn insert(&mut self, user: &User) -> Result<(), WriteError> {
        let row = Row::from(user);
        refuse_nul([
            Some(&row.id),
            Some(&row.name),
            Some(&row.email),
            row.image.as_ref(),
        ])?;
        // The conflict must not be an error: that would abort the transaction.
        let inserted = self
            .run_once("users.insert", move |connection| {
                diesel::insert_into(users::table)
                    .values(&row)
                    .on_conflict(users::email)
                    .do_nothing()
                    .execute(connection)
            })
            .await?;
        if inserted == 0 {
            return Err(WriteError::Taken(UniqueKey::UserEmail));
        }
        Ok(())
    }

    async fn update(
        &mut self,
        user: &UserId,
        patch: &UserPatch,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, Failure> {
        let changes = Changes {
            name: patch.name.clone(),
            image: patch.image.clone(),
            updated_at: now,
        };
        refuse_nul([
            changes.name.as_ref(),
            changes.image.as_ref().and_then(Option::as_ref),
        ])?;
        let user = user.clone();
        self.run("users.update", move |connection| {
            diesel::update(users::table.filter(users::id.eq(user.as_str())))
                .set(&changes)
                .returning(Row::as_returning())
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row: Option<Row>| row.map(User::from))
    }
}

/// What is to be written of a user; `None` leaves a column as it is.
#[derive(AsChangeset)]
#[diesel(table_name = users)]
#[expect(
    clippy::option_option,
    reason = "so diesel tells a NULL to write from nothing to write"
)]
struct Changes {
    name: Option<String>,
    image: Option<Option<String>>,
    updated_at: DateTime<Utc>,
}
