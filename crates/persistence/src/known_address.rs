//! The repository of IP addresses from which users have recently signed in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    dsl::exists,
    prelude::*,
    select,
    sql_types::{BigInt, Text, Timestamptz},
};
use portcullis_application::ports::{Failure, KnownAddressRepository};
use portcullis_domain::{email::EmailAddress, id::UserId};

use crate::{
    schema::{known_addresses, users},
    unit_of_work::PgUnitOfWork,
};

/// The lock prevents another transaction from deleting the user between the lookup and the insertion, which would
/// violate the foreign key.
const REMEMBER: &str = r#"
    INSERT INTO "portcullis_known_address" ("userId", "ipAddress", "lastSignIn")
    SELECT "id", $2, $3 FROM "user" WHERE "id" = $1 FOR KEY SHARE
    ON CONFLICT ("userId", "ipAddress") DO UPDATE SET "lastSignIn" = excluded."lastSignIn"
"#;

/// Deletes in small batches, so that no lock is held for long. Rows that another transaction is updating are skipped.
const DELETE_STALE: &str = r#"
    DELETE FROM "portcullis_known_address" WHERE ("userId", "ipAddress") IN (
        SELECT "userId", "ipAddress" FROM "portcullis_known_address" WHERE "lastSignIn" < $1 LIMIT $2
        FOR UPDATE SKIP LOCKED
    )
"#;

#[async_trait]
impl KnownAddressRepository for PgUnitOfWork {
    async fn is_known(
        &mut self,
        email: &EmailAddress,
        ip_address: &str,
        since: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let (email, ip_address) = (email.as_str().to_owned(), ip_address.to_owned());
        self.run("known_addresses.is_known", move |connection| {
            let known = known_addresses::table
                .inner_join(users::table)
                .filter(users::email.eq(&email))
                .filter(known_addresses::ip_address.eq(&ip_address))
                .filter(known_addresses::last_sign_in.ge(since));
            select(exists(known)).get_result(connection)
        })
        .await
    }

    async fn remember(&mut self, user: &UserId, ip_address: &str, now: DateTime<Utc>) -> Result<(), Failure> {
        let (user, ip_address) = (user.as_str().to_owned(), ip_address.to_owned());
        self.run("known_addresses.remember", move |connection| {
            diesel::sql_query(REMEMBER)
                .bind::<Text, _>(&user)
                .bind::<Text, _>(&ip_address)
                .bind::<Timestamptz, _>(now)
                .execute(connection)
        })
        .await
        .map(|_one_or_none| ())
    }

    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure> {
        let user = user.as_str().to_owned();
        self.run("known_addresses.delete_by_user", move |connection| {
            let known = known_addresses::table.filter(known_addresses::user_id.eq(&user));
            diesel::delete(known).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_stale(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        self.run("known_addresses.delete_stale", move |connection| {
            diesel::sql_query(DELETE_STALE)
                .bind::<Timestamptz, _>(before)
                .bind::<BigInt, _>(i64::from(limit))
                .execute(connection)
        })
        .await
        .map(|deleted| u64::try_from(deleted).unwrap_or(u64::MAX))
    }
}
