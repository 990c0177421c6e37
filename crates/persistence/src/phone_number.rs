//! Look-up of users by their phone numbers.

use async_trait::async_trait;
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Text},
};
use portcullis_application::ports::{Failure, PhoneNumberRepository};
use portcullis_domain::{destination::PhoneNumber, user::User};

use crate::{schema::users, text::contains_nul, unit_of_work::PgUnitOfWork, user::Row};

/// SQL as text, since diesel's table `users` has only the core's columns.
const COLUMN: &str = r#""user"."phoneNumber" = "#;

#[async_trait]
impl PhoneNumberRepository for PgUnitOfWork {
    async fn find_user(&mut self, number: &PhoneNumber) -> Result<Option<User>, Failure> {
        if contains_nul(number.as_str()) {
            return Ok(None);
        }
        let (number, columns) = (number.as_str().to_owned(), self.fields().of_users());
        self.run("phone_numbers.find_user", move |connection| {
            users::table
                .filter(sql::<Bool>(COLUMN).bind::<Text, _>(&number))
                .select((Row::as_select(), &columns))
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| self.whole(row))
    }
}
