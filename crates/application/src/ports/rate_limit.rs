//! Storage of rate limit counts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::rate_limit::{Decision, Rule};

use super::Failure;

/// Allowed requests, shared by all replicas.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait RateLimitRepository: Send {
    /// Decides on a request by [`Rule::decide`], and counts it in the same step if it is allowed: of any number of
    /// concurrent requests, no more are allowed than the rule permits.
    async fn count(&mut self, key: &str, rule: Rule, now: DateTime<Utc>) -> Result<Decision, Failure>;

    /// Deletes the count of a key.
    async fn delete(&mut self, key: &str) -> Result<(), Failure>;

    /// Deletes keys whose last allowed request lies before `before`, about `limit` at most. Returns the number of
    /// deleted rows, which is less than `limit` only if none is left.
    async fn delete_stale(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}
