//! The JSON of an API key.

use std::collections::BTreeMap;

use portcullis_domain::api_key::{ApiKey, PlainKey};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::view::date::Date;

/// The JSON of a key, in Better Auth's order. Only the answer to its creation contains the key itself.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApiKey", description = "An API key")]
pub(super) struct ApiKeyView<'a> {
    name: Option<&'a str>,
    /// The first characters of the key.
    start: Option<&'a str>,
    prefix: Option<&'a str>,
    /// The key itself, only when it is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    user_id: &'a str,
    /// In milliseconds.
    refill_interval: Option<i32>,
    refill_amount: Option<i32>,
    last_refill_at: Option<Date>,
    enabled: Option<bool>,
    rate_limit_enabled: Option<bool>,
    /// In milliseconds.
    rate_limit_time_window: Option<i32>,
    rate_limit_max: Option<i32>,
    request_count: Option<i32>,
    /// The number of uses that remain; `null` if it is not limited.
    remaining: Option<i32>,
    last_request: Option<Date>,
    expires_at: Option<Date>,
    created_at: Date,
    updated_at: Date,
    /// Lists of actions by resource.
    #[schemars(with = "Option<BTreeMap<String, Vec<String>>>")]
    permissions: Option<Value>,
    metadata: &'a Value,
    id: &'a str,
}

impl<'a> ApiKeyView<'a> {
    /// Returns the JSON of a key, without the key itself.
    pub(super) fn new(key: &'a ApiKey) -> Self {
        Self {
            name: key.name.as_deref(),
            start: key.start.as_deref(),
            prefix: key.prefix.as_deref(),
            key: None,
            user_id: key.user_id.as_str(),
            refill_interval: key.refill.interval,
            refill_amount: key.refill.amount,
            last_refill_at: key.usage.last_refill_at.map(Date::from),
            enabled: key.is_enabled,
            rate_limit_enabled: key.rate_limit.is_enabled,
            rate_limit_time_window: key.rate_limit.window,
            rate_limit_max: key.rate_limit.max,
            request_count: key.usage.request_count,
            remaining: key.usage.remaining,
            last_request: key.usage.last_request.map(Date::from),
            expires_at: key.expires_at.map(Date::from),
            created_at: key.created_at.into(),
            updated_at: key.updated_at.into(),
            permissions: key.permissions.as_ref().map(ApiKey::permissions_as_json),
            metadata: &key.metadata,
            id: key.id.as_str(),
        }
    }

    /// Adds the key itself and the metadata that its creator has sent.
    pub(super) fn created(self, plain: &'a PlainKey, metadata: &'a Value) -> Self {
        Self {
            key: Some(plain.expose()),
            metadata,
            ..self
        }
    }
}
