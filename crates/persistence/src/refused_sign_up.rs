//! The repository of password hashes of refused sign-ups.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Text, Timestamptz},
};
use portcullis_application::ports::{Failure, RefusedSignUpRepository};
use portcullis_domain::{id::UserId, password::PasswordHash};

use crate::{schema::refused_sign_ups, unit_of_work::PgUnitOfWork};

/// The lock prevents another transaction from deleting the user between the lookup and the insertion, which would
/// violate the foreign key.
const KEEP_FIRST: &str = r#"
    INSERT INTO "portcullis_refused_sign_up" ("userId", "password", "createdAt")
    SELECT "id", $2, $3 FROM "user" WHERE "id" = $1 FOR KEY SHARE
    ON CONFLICT ("userId") DO NOTHING
"#;

#[async_trait]
impl RefusedSignUpRepository for PgUnitOfWork {
    async fn find(&mut self, user: &UserId) -> Result<Option<PasswordHash>, Failure> {
        let user = user.as_str().to_owned();
        self.run("refused_sign_ups.find", move |connection| {
            refused_sign_ups::table
                .find(&user)
                .select(refused_sign_ups::password)
                .first::<String>(connection)
                .optional()
        })
        .await
        .map(|password| password.map(PasswordHash::new))
    }

    async fn keep_first(
        &mut self,
        user: &UserId,
        password: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let (user, password) = (user.as_str().to_owned(), password.clone());
        self.run("refused_sign_ups.keep_first", move |connection| {
            diesel::sql_query(KEEP_FIRST)
                .bind::<Text, _>(&user)
                .bind::<Text, _>(password.expose())
                .bind::<Timestamptz, _>(now)
                .execute(connection)
        })
        .await
        .map(|_one_or_none| ())
    }

    async fn delete(&mut self, user: &UserId) -> Result<(), Failure> {
        let user = user.as_str().to_owned();
        self.run("refused_sign_ups.delete", move |connection| {
            diesel::delete(refused_sign_ups::table.find(&user)).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }
}
