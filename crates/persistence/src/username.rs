//! Look-up of users by their user names.

use async_trait::async_trait;
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Text},
};
use portcullis_application::ports::{Failure, UsernameRepository};
use portcullis_domain::user::User;

use crate::{schema::users, text::contains_nul, unit_of_work::PgUnitOfWork, user::Row};

/// SQL as text, since diesel's table `users` has only the core's columns.
const COLUMN: &str = r#""user"."username" = "#;

#[async_trait]
impl UsernameRepository for PgUnitOfWork {
    async fn find_user(&mut self, username: &str) -> Result<Option<User>, Failure> {
        if contains_nul(username) {
            return Ok(None);
        }
        let (username, columns) = (username.to_owned(), self.fields().of_users());
        self.run("usernames.find_user", move |connection| {
            users::table
                .filter(sql::<Bool>(COLUMN).bind::<Text, _>(&username))
                .select((Row::as_select(), &columns))
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| self.whole(row))
    }
}
