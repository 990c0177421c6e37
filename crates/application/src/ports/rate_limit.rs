//! Storage of rate limit counts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::rate_limit::{Refused, Rule};

use super::Failure;

/// Admitted requests, shared by all replicas.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait RateLimitRepository: Send {
    /// Decides on a request by [`Rule::decide`], and counts it in the same step if it is admitted: of any number of
    /// concurrent requests, no more are admitted than the rule permits. Returns the refusal, or `None` if the request
    /// is admitted.
    async fn admit(&mut self, key: &str, rule: Rule, now: DateTime<Utc>) -> Result<Option<Refused>, Failure>;

    /// Deletes the count of a key.
    async fn forget(&mut self, key: &str) -> Result<(), Failure>;

    /// Deletes keys whose last admitted request lies before `before`, about `limit` at most. Returns the number of
    /// deleted rows, which is less than `limit` only if none is left.
    async fn delete_stale(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}
