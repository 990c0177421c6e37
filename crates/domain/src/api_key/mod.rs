//! API keys: secrets by which programs act for a user, each with its own limits.
//!
//! The rules are those of Better Auth's plugin `api-key`.

mod check;
mod policy;
mod stored;
mod usage;

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

pub use self::{
    check::{KeyRefusal, RateLimiting},
    policy::{DIGEST_LENGTH, ExpiryRejection, KeyPolicy, KeyRateLimit, LengthRejection},
};
use crate::{
    access::Statements,
    id::{Id, UserId},
    secret::Secret,
};

/// The letters of a key, as in Better Auth.
pub const ALPHABET: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The id of an [`ApiKey`].
pub type ApiKeyId = Id<ApiKey>;

/// A key as its owner sends it.
pub type PlainKey = Secret<String>;

/// An API key, as stored. Better Auth's table is `apikey`.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// The key's id, which never changes.
    pub id: ApiKeyId,
    /// The name that the owner has given it.
    pub name: Option<String>,
    /// The first characters of the key, by which the owner recognizes it.
    pub start: Option<String>,
    /// The prefix of the key.
    pub prefix: Option<String>,
    /// The key in the form in which it is stored and found.
    pub digest: Secret<String>,
    /// The owner.
    pub user_id: UserId,
    /// When the remaining uses are refilled. Usually both of its members are set, or neither.
    pub refill: Refill,
    /// Whether the key is accepted. `None`, which only other programs store, means that it is.
    pub is_enabled: Option<bool>,
    /// How often the key may be used.
    pub rate_limit: OwnRateLimit,
    /// What changes each time that the key is used.
    pub usage: KeyUsage,
    /// When the key expires. `None`: never.
    pub expires_at: Option<DateTime<Utc>>,
    /// When the key was created.
    pub created_at: DateTime<Utc>,
    /// When the key was last used.
    pub updated_at: DateTime<Utc>,
    /// What the key may be used for, if services ask.
    pub permissions: Option<Statements>,
    /// Data of the application; `null` if there is none.
    pub metadata: Value,
}

/// When and how far the remaining uses of a key are refilled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refill {
    /// The pause between two refills, in milliseconds.
    pub interval: Option<i32>,
    /// The number of uses after a refill.
    pub amount: Option<i32>,
}

/// How often a key may be used. A member that is missing means that the key is not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnRateLimit {
    /// Whether the limit applies. `None`, which only other programs store, means that it does.
    pub is_enabled: Option<bool>,
    /// The window, in milliseconds.
    pub window: Option<i32>,
    /// The number of uses in a window.
    pub max: Option<i32>,
}

/// What changes each time that a key is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyUsage {
    /// When the remaining uses were last refilled. `None`: never.
    pub last_refill_at: Option<DateTime<Utc>>,
    /// The uses in the current window.
    pub request_count: Option<i32>,
    /// The number of uses that remain. `None`: unlimited.
    pub remaining: Option<i32>,
    /// The last use.
    pub last_request: Option<DateTime<Utc>>,
}

/// Settings of a key that a service may choose and the owner may not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyPrivileges {
    /// The number of uses that remain. `None`: unlimited.
    pub remaining: Option<i32>,
    /// When the remaining uses are refilled.
    pub refill: Refill,
    /// How often the key may be used. What is missing is taken from the policy.
    pub rate_limit: OwnRateLimit,
    /// What the key may be used for. `None`: the policy's permissions.
    pub permissions: Option<Statements>,
}

/// What the creator of a key chooses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewKey {
    /// The name.
    pub name: Option<String>,
    /// The prefix, if it is not the policy's.
    pub prefix: Option<String>,
    /// The lifetime, if it is not the policy's.
    pub lifetime: Option<TimeDelta>,
    /// Data of the application; `null` if there is none.
    pub metadata: Value,
    /// Settings that only services may choose.
    pub privileges: KeyPrivileges,
}

/// A change of a key. `None` leaves a member unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyPatch {
    /// The name.
    pub name: Option<String>,
    /// Whether the key is accepted.
    pub is_enabled: Option<bool>,
    /// When the key expires; `Some(None)`: never.
    pub expires_at: Option<Option<DateTime<Utc>>>,
    /// Data of the application.
    pub metadata: Option<Value>,
    /// The number of uses that remain; `Some(None)`: unlimited.
    pub remaining: Option<Option<i32>>,
    /// When the remaining uses are refilled.
    pub refill: Option<Refill>,
    /// Whether the rate limit applies.
    pub is_rate_limited: Option<bool>,
    /// The window of the rate limit, in milliseconds.
    pub rate_limit_window: Option<i32>,
    /// The number of uses in a window.
    pub rate_limit_max: Option<i32>,
    /// What the key may be used for; `Some(None)`: nothing.
    pub permissions: Option<Option<Statements>>,
}

impl KeyPatch {
    /// Returns whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl ApiKey {
    /// Creates a key. `plain` is the whole key with its prefix, and `digest` the form in which it is stored.
    #[must_use]
    pub fn new(
        (id, user_id): (ApiKeyId, UserId),
        (plain, digest): (&PlainKey, Secret<String>),
        new: NewKey,
        policy: &KeyPolicy,
        now: DateTime<Utc>,
    ) -> Self {
        let NewKey {
            name,
            prefix,
            lifetime,
            metadata,
            privileges,
        } = new;
        let lifetime = lifetime.or(policy.default_lifetime);
        Self {
            id,
            name,
            start: policy.start_of(plain),
            prefix: prefix.or_else(|| policy.default_prefix.clone()),
            digest,
            user_id,
            refill: privileges.refill,
            is_enabled: Some(true),
            rate_limit: policy.rate_limit.completed(privileges.rate_limit),
            usage: KeyUsage {
                remaining: privileges.remaining,
                request_count: Some(0),
                ..KeyUsage::default()
            },
            expires_at: lifetime.and_then(|lifetime| now.checked_add_signed(lifetime)),
            created_at: now,
            updated_at: now,
            permissions: privileges
                .permissions
                .or_else(|| policy.default_permissions.clone()),
            metadata,
        }
    }

    /// Returns whether the key has expired.
    #[must_use]
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| now > end)
    }
}
