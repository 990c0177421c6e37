//! The repository of API keys.

mod row;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Timestamptz},
};
use portcullis_application::ports::{ApiKeyRepository, Failure, WriteError};
use portcullis_domain::{
    api_key::{ApiKey, ApiKeyId, KeyPatch, KeyUsage},
    id::UserId,
    secret::Secret,
    user::User,
};
use serde_json::Value;

use self::row::{Changes, Row};
use crate::{
    error::discarded_row,
    schema::{api_keys, users},
    text::contains_nul,
    unit_of_work::PgUnitOfWork,
    user,
};

/// Deletes in small batches, as expired sessions are deleted.
const DELETE_EXPIRED: &str = r#"
    DELETE FROM "apikey" WHERE "id" IN (
        SELECT "id" FROM "apikey" WHERE "expiresAt" < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
    )
"#;

/// Selects the row of a key if its usage is still the one that was read, so that only one of several concurrent uses
/// changes it.
macro_rules! unchanged {
    ($key:expr) => {
        api_keys::table
            .filter(api_keys::id.eq($key.id.as_str()))
            .filter(api_keys::remaining.is_not_distinct_from($key.usage.remaining))
            .filter(api_keys::request_count.is_not_distinct_from($key.usage.request_count))
            .filter(api_keys::last_request.is_not_distinct_from($key.usage.last_request))
            .filter(api_keys::last_refill_at.is_not_distinct_from($key.usage.last_refill_at))
    };
}

#[async_trait]
impl ApiKeyRepository for PgUnitOfWork {
    async fn find_by_digest(&mut self, digest: &Secret<String>) -> Result<Option<(ApiKey, User)>, Failure> {
        if contains_nul(digest.expose()) {
            return Ok(None);
        }
        let (digest, of_users) = (digest.clone(), self.fields().of_users());
        self.run("api_keys.find_by_digest", move |connection| {
            let found = api_keys::table
                .inner_join(users::table)
                .filter(api_keys::key.eq(digest.expose()))
                .select((Row::as_select(), user::Row::as_select(), &of_users))
                .first::<(Row, user::Row, Option<Value>)>(connection)
                .optional()?;
            Ok(found.map(|(key, user, declared)| {
                let user = user.into_user(of_users.read(declared));
                (ApiKey::from(key), user)
            }))
        })
        .await
    }

    async fn find(&mut self, id: &ApiKeyId) -> Result<Option<ApiKey>, Failure> {
        if contains_nul(id.as_str()) {
            return Ok(None);
        }
        let id = id.clone();
        self.run("api_keys.find", move |connection| {
            api_keys::table
                .filter(api_keys::id.eq(id.as_str()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })
        .await
        .map(|row| row.map(ApiKey::from))
    }

    async fn lock(&mut self, id: &ApiKeyId) -> Result<Option<ApiKey>, Failure> {
        let id = id.clone();
        self.run("api_keys.lock", move |connection| {
            api_keys::table
                .filter(api_keys::id.eq(id.as_str()))
                .select(Row::as_select())
                .for_no_key_update()
                .first(connection)
                .optional()
        })
        .await
        .map(|row| row.map(ApiKey::from))
    }

    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<ApiKey>, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(Vec::new());
        }
        let user = user.clone();
        self.run("api_keys.list_by_user", move |connection| {
            let rows = api_keys::table
                .filter(api_keys::user_id.eq(user.as_str()))
                .order((api_keys::created_at, api_keys::id))
                .select(Row::as_select())
                .load(connection)?;
            Ok(rows.into_iter().map(ApiKey::from).collect())
        })
        .await
    }

    async fn count_by_user(&mut self, user: &UserId) -> Result<u64, Failure> {
        let user = user.clone();
        self.run("api_keys.count_by_user", move |connection| {
            api_keys::table
                .filter(api_keys::user_id.eq(user.as_str()))
                .count()
                .get_result::<i64>(connection)
        })
        .await
        .map(|count| u64::try_from(count).unwrap_or(0))
    }

    async fn insert(&mut self, key: &ApiKey) -> Result<ApiKey, Failure> {
        let insertion = row::insertion(key)?.returning(Row::as_select());
        let inserted = self
            .run_write_once("api_keys.insert", move |connection| {
                insertion.get_result::<Row>(connection).optional()
            })
            .await
            .map_err(WriteError::into_failure)?;
        inserted.map(ApiKey::from).ok_or_else(discarded_row)
    }

    async fn update(
        &mut self,
        id: &ApiKeyId,
        owner: &UserId,
        patch: &KeyPatch,
    ) -> Result<Option<ApiKey>, Failure> {
        if contains_nul(id.as_str()) {
            return Ok(None);
        }
        let (id, owner, changes) = (id.clone(), owner.clone(), Changes::new(patch)?);
        self.run_write("api_keys.update", move |connection| {
            let key = api_keys::table
                .filter(api_keys::id.eq(id.as_str()))
                .filter(api_keys::user_id.eq(owner.as_str()));
            diesel::update(key)
                .set(&changes)
                .returning(Row::as_returning())
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| row.map(ApiKey::from))
        .map_err(WriteError::into_failure)
    }

    async fn spend(&mut self, key: &ApiKey, usage: KeyUsage, now: DateTime<Utc>) -> Result<bool, Failure> {
        let key = key.clone();
        self.run_write_once("api_keys.spend", move |connection| {
            let unchanged = unchanged!(key).filter(api_keys::enabled.is_distinct_from(Some(false)));
            diesel::update(unchanged)
                .set((
                    api_keys::remaining.eq(usage.remaining),
                    api_keys::request_count.eq(usage.request_count),
                    api_keys::last_request.eq(usage.last_request),
                    api_keys::last_refill_at.eq(usage.last_refill_at),
                    api_keys::updated_at.eq(now),
                ))
                .execute(connection)
        })
        .await
        .map(|spent| spent > 0)
        .map_err(WriteError::into_failure)
    }

    async fn delete(&mut self, id: &ApiKeyId, owner: &UserId) -> Result<bool, Failure> {
        if contains_nul(id.as_str()) {
            return Ok(false);
        }
        let (id, owner) = (id.clone(), owner.clone());
        self.run_deletion_once("api_keys.delete", move |connection| {
            let key = api_keys::table
                .filter(api_keys::id.eq(id.as_str()))
                .filter(api_keys::user_id.eq(owner.as_str()));
            diesel::delete(key).execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
    }

    async fn delete_by_user(&mut self, owner: &UserId) -> Result<(), Failure> {
        let owner = owner.clone();
        self.run_deletion("api_keys.delete_by_user", move |connection| {
            diesel::delete(api_keys::table.filter(api_keys::user_id.eq(owner.as_str()))).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn retire(&mut self, key: &ApiKey) -> Result<(), Failure> {
        let key = key.clone();
        self.run_deletion("api_keys.retire", move |connection| {
            let unchanged = unchanged!(key).filter(api_keys::expires_at.is_not_distinct_from(key.expires_at));
            diesel::delete(unchanged).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }

    async fn delete_expired(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        self.run("api_keys.delete_expired", move |connection| {
            diesel::sql_query(DELETE_EXPIRED)
                .bind::<Timestamptz, _>(before)
                .bind::<BigInt, _>(i64::from(limit))
                .execute(connection)
        })
        .await
        .map(|deleted| u64::try_from(deleted).unwrap_or(u64::MAX))
    }
}
