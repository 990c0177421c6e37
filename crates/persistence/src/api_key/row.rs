//! The row of an API key.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use portcullis_application::ports::Failure;
use portcullis_domain::{
    api_key::{ApiKey, ApiKeyId, KeyPatch, KeyUsage, OwnRateLimit, Refill},
    id::UserId,
    secret::Secret,
};
use serde_json::json;

use crate::{
    additional::{Insert, time},
    schema::api_keys,
    stored_id::StoredId,
    text::reject_nul,
    timestamp::Timestamp,
};

/// A row to read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = api_keys)]
pub(super) struct Row {
    id: StoredId,
    name: Option<String>,
    start: Option<String>,
    prefix: Option<String>,
    key: String,
    user_id: StoredId,
    refill_interval: Option<i32>,
    refill_amount: Option<i32>,
    last_refill_at: Option<Timestamp>,
    enabled: Option<bool>,
    rate_limit_enabled: Option<bool>,
    rate_limit_time_window: Option<i32>,
    rate_limit_max: Option<i32>,
    request_count: Option<i32>,
    remaining: Option<i32>,
    last_request: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    permissions: Option<String>,
    metadata: Option<String>,
}

impl From<Row> for ApiKey {
    fn from(row: Row) -> Self {
        let permissions = row.permissions.as_deref().and_then(Self::permissions_of_stored);
        Self {
            id: ApiKeyId::new(row.id.0),
            name: row.name,
            start: row.start,
            prefix: row.prefix,
            digest: Secret::new(row.key),
            user_id: UserId::new(row.user_id.0),
            refill: Refill {
                interval: row.refill_interval,
                amount: row.refill_amount,
            },
            is_enabled: row.enabled,
            rate_limit: OwnRateLimit {
                is_enabled: row.rate_limit_enabled,
                window: row.rate_limit_time_window,
                max: row.rate_limit_max,
            },
            usage: KeyUsage {
                last_refill_at: row.last_refill_at.map(Into::into),
                request_count: row.request_count,
                remaining: row.remaining,
                last_request: row.last_request.map(Into::into),
            },
            expires_at: row.expires_at.map(Into::into),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
            permissions,
            metadata: Self::metadata_of_stored(row.metadata.as_deref()),
        }
    }
}

/// Returns the insertion of a key.
pub(super) fn insertion(key: &ApiKey) -> Result<Insert, Failure> {
    let permissions = key.permissions.as_ref().map(ApiKey::permissions_as_json);
    Insert::into(
        "apikey",
        [
            ("id", json!(key.id.as_str())),
            ("name", json!(key.name)),
            ("start", json!(key.start)),
            ("prefix", json!(key.prefix)),
            ("key", json!(key.digest.expose())),
            ("userId", json!(key.user_id.as_str())),
            ("refillInterval", json!(key.refill.interval)),
            ("refillAmount", json!(key.refill.amount)),
            ("lastRefillAt", json!(key.usage.last_refill_at.map(time))),
            ("enabled", json!(key.is_enabled)),
            ("rateLimitEnabled", json!(key.rate_limit.is_enabled)),
            ("rateLimitTimeWindow", json!(key.rate_limit.window)),
            ("rateLimitMax", json!(key.rate_limit.max)),
            ("requestCount", json!(key.usage.request_count)),
            ("remaining", json!(key.usage.remaining)),
            ("lastRequest", json!(key.usage.last_request.map(time))),
            ("expiresAt", json!(key.expires_at.map(time))),
            ("createdAt", time(key.created_at)),
            ("updatedAt", time(key.updated_at)),
            ("permissions", json!(permissions.map(|it| it.to_string()))),
            // Better Auth stores the text `null` if there is none.
            ("metadata", json!(key.metadata.to_string())),
        ],
    )
}

/// What a patch changes. `None` leaves a column unchanged.
#[derive(AsChangeset)]
#[diesel(table_name = api_keys)]
#[expect(
    clippy::option_option,
    reason = "diesel distinguishes writing NULL from no change"
)]
pub(super) struct Changes {
    name: Option<String>,
    refill_interval: Option<Option<i32>>,
    refill_amount: Option<Option<i32>>,
    enabled: Option<bool>,
    rate_limit_enabled: Option<bool>,
    rate_limit_time_window: Option<i32>,
    rate_limit_max: Option<i32>,
    remaining: Option<Option<i32>>,
    expires_at: Option<Option<DateTime<Utc>>>,
    permissions: Option<Option<String>>,
    metadata: Option<String>,
}

impl Changes {
    /// Creates the changes of a patch.
    pub(super) fn new(patch: &KeyPatch) -> Result<Self, Failure> {
        let permissions = patch.permissions.as_ref();
        let changes = Self {
            name: patch.name.clone(),
            refill_interval: patch.refill.map(|refill| refill.interval),
            refill_amount: patch.refill.map(|refill| refill.amount),
            enabled: patch.is_enabled,
            rate_limit_enabled: patch.is_rate_limited,
            rate_limit_time_window: patch.rate_limit_window,
            rate_limit_max: patch.rate_limit_max,
            remaining: patch.remaining,
            expires_at: patch.expires_at,
            permissions: permissions.map(|permissions| {
                let permissions = permissions.as_ref();
                permissions.map(|permissions| ApiKey::permissions_as_json(permissions).to_string())
            }),
            metadata: patch.metadata.as_ref().map(ToString::to_string),
        };
        reject_nul([changes.name.as_ref()])?;
        Ok(changes)
    }
}
