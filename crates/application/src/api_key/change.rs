//! What a change of an API key contains.

use chrono::TimeDelta;
use portcullis_domain::access::Statements;
use serde_json::Value;

/// Changes of a key. `None` leaves a member unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyChange {
    /// The name.
    pub name: Option<String>,
    /// Whether the key is accepted.
    pub is_enabled: Option<bool>,
    /// The lifetime from now on; `Some(None)`: unlimited.
    pub lifetime: Option<Option<TimeDelta>>,
    /// Data of the application. It is ignored if keys have no metadata.
    pub metadata: Option<Value>,
    /// Changes that only services may make.
    pub privileged: PrivilegedChange,
}

/// Changes of a key that a service may make and the owner may not. `None` leaves a member unchanged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrivilegedChange {
    /// The number of uses that remain; `Some(None)`: unlimited.
    pub remaining: Option<Option<i32>>,
    /// The pause between two refills, in milliseconds.
    pub refill_interval: Option<i32>,
    /// The number of uses after a refill.
    pub refill_amount: Option<i32>,
    /// Whether the rate limit applies.
    pub is_rate_limited: Option<bool>,
    /// The window of the rate limit, in milliseconds.
    pub rate_limit_window: Option<i32>,
    /// The number of uses in a window.
    pub rate_limit_max: Option<i32>,
    /// What the key may be used for; `Some(None)`: nothing.
    pub permissions: Option<Option<Statements>>,
}
