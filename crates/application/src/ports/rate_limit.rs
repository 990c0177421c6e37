//! Storage of what has been counted.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::rate_limit::{Refused, Rule};

use super::Failure;

/// Admitted hits, which every replica shares.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait RateLimitRepository: Send {
    /// Decides on a hit by [`Rule::decide`], and counts it in the same step if it is admitted: of any number of hits at
    /// once, no more are admitted than the rule permits. Returns the refusal, or `None` if the hit is admitted.
    async fn admit(&mut self, key: &str, rule: Rule, now: DateTime<Utc>) -> Result<Option<Refused>, Failure>;

    /// Forgets what has been counted for a key.
    async fn forget(&mut self, key: &str) -> Result<(), Failure>;

    /// Forgets keys whose last admitted hit lies before this time, about `limit` at most; returns how many rows were
    /// deleted, which is less than `limit` only if none is left.
    async fn delete_stale(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure>;
}
