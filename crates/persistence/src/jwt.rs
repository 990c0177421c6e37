//! The repository of keys that sign JWTs.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    select,
    sql_types::{BigInt, Text, Timestamptz},
};
use portcullis_application::ports::{Failure, JwkRepository, WriteError};
use portcullis_domain::{id::KeyId, jwt::StoredKey, secret::Secret};
use serde_json::json;

use crate::{
    additional::{Insert, time},
    schema::jwks,
    stored_id::StoredId,
    text::{contains_nul, reject_nul},
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
};

/// The lock for the creation of a key (`portjwks` in ASCII), held until the transaction ends.
const LOCK: &str = "pg_advisory_xact_lock(8101820098990795635)::text";

const DELETE_ENDED: &str = r#"
    DELETE FROM "jwks" WHERE "id" IN (
        SELECT "id" FROM "jwks" WHERE "expiresAt" < $1 LIMIT $2
        FOR UPDATE SKIP LOCKED
    )
"#;

/// A row to read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = jwks)]
struct Row {
    id: StoredId,
    public_key: String,
    private_key: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl From<Row> for StoredKey {
    fn from(row: Row) -> Self {
        Self {
            id: KeyId::new(row.id.0),
            public: row.public_key,
            private: Secret::new(row.private_key),
            created_at: row.created_at.into(),
            expires_at: row.expires_at.map(Into::into),
        }
    }
}

/// Returns the insertion of a key.
fn insertion(key: &StoredKey) -> Result<Insert, Failure> {
    Insert::into(
        "jwks",
        [
            ("id", json!(key.id.as_str())),
            ("publicKey", json!(key.public)),
            ("privateKey", json!(key.private.expose())),
            ("createdAt", time(key.created_at)),
            ("expiresAt", json!(key.expires_at.map(time))),
        ],
    )
}

#[async_trait]
impl JwkRepository for PgUnitOfWork {
    async fn list(&mut self) -> Result<Vec<StoredKey>, Failure> {
        self.run("jwks.list", move |connection| {
            jwks::table
                .order((jwks::created_at.desc(), jwks::id.desc()))
                .select(Row::as_select())
                .load(connection)
        })
        .await
        .map(|rows| rows.into_iter().map(StoredKey::from).collect())
    }

    async fn lock(&mut self) -> Result<(), Failure> {
        self.run("jwks.lock", |connection| {
            select(sql::<Text>(LOCK)).execute(connection)
        })
        .await
        .map(|_locked| ())
    }

    async fn insert(&mut self, key: &StoredKey) -> Result<(), Failure> {
        let insertion = insertion(key)?;
        self.run_write_once("jwks.insert", move |connection| insertion.execute(connection))
            .await
            .map(|_one| ())
            .map_err(WriteError::into_failure)
    }

    async fn end_others(&mut self, keep: &[KeyId], end: DateTime<Utc>) -> Result<(), Failure> {
        let keep: Vec<_> = keep.iter().map(|id| id.as_str().to_owned()).collect();
        self.run("jwks.end_others", move |connection| {
            let others = jwks::table
                .filter(jwks::id.ne_all(&keep))
                .filter(jwks::expires_at.is_null().or(jwks::expires_at.gt(end)));
            diesel::update(others)
                .set(jwks::expires_at.eq(end))
                .execute(connection)
        })
        .await
        .map(|_ended| ())
    }

    async fn replace_private(
        &mut self,
        id: &KeyId,
        from: &Secret<String>,
        to: &Secret<String>,
    ) -> Result<bool, Failure> {
        if contains_nul(from.expose()) {
            return Ok(false);
        }
        reject_nul([Some(to.expose())])?;
        let (id, from, to) = (id.clone(), from.clone(), to.clone());
        self.run_write_once("jwks.replace_private", move |connection| {
            let expected = jwks::table
                .filter(jwks::id.eq(id.as_str()))
                .filter(jwks::private_key.eq(from.expose()));
            diesel::update(expected)
                .set(jwks::private_key.eq(to.expose()))
                .execute(connection)
        })
        .await
        .map(|replaced| replaced > 0)
        .map_err(WriteError::into_failure)
    }

    async fn delete_ended(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        self.run("jwks.delete_ended", move |connection| {
            diesel::sql_query(DELETE_ENDED)
                .bind::<Timestamptz, _>(before)
                .bind::<BigInt, _>(i64::from(limit))
                .execute(connection)
        })
        .await
        .map(|deleted| u64::try_from(deleted).unwrap_or(u64::MAX))
    }
}
