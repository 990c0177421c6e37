//! Request counters in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::rate_limit::{Decision, Hits, Rule};

use super::MemoryUnitOfWork;
use crate::ports::{Failure, RateLimitRepository};

#[async_trait]
impl RateLimitRepository for MemoryUnitOfWork {
    async fn count(&mut self, key: &str, rule: Rule, now: DateTime<Utc>) -> Result<Decision, Failure> {
        Ok(self.write(|rows| {
            let hits = rows.rate_limits.entry(key.to_owned()).or_default();
            rule.decide(hits, now)
        }))
    }

    async fn delete(&mut self, key: &str) -> Result<(), Failure> {
        self.write(|rows| rows.rate_limits.remove(key));
        Ok(())
    }

    async fn delete_stale(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, Failure> {
        let before = before.timestamp_millis();
        let is_stale = |hits: &Hits| hits.clone().into_iter().all(|time| time < before);
        Ok(self.write(|rows| {
            let mut deleted = 0;
            rows.rate_limits.retain(|_, hits| {
                let stays = deleted >= u64::from(limit) || !is_stale(hits);
                deleted += u64::from(!stays);
                stays
            });
            deleted
        }))
    }
}
