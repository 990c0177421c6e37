//! Counts of this process alone.

use chrono::{DateTime, TimeDelta, Utc};
use moka::{ops::compute::Op, sync::Cache};
use portcullis_domain::rate_limit::{Decision, Hits, Refused, Rule};

/// The most keys that are kept: a client that comes under many addresses must not fill the memory.
const MOST_KEYS: u64 = 100_000;

/// What has been counted lately.
pub(super) struct Memory {
    hits: Cache<String, Hits>,
}

impl Memory {
    /// Forgets what has not been hit for the longest window.
    pub(super) fn new(longest_window: TimeDelta) -> Self {
        let idle = longest_window.to_std().unwrap_or_default();
        Self {
            hits: Cache::builder()
                .max_capacity(MOST_KEYS)
                .time_to_idle(idle)
                .build(),
        }
    }

    /// Decides on a hit and counts it where it is admitted.
    pub(super) fn admit(&self, key: String, rule: Rule, now: DateTime<Utc>) -> Option<Refused> {
        let mut refused = None;
        self.hits.entry(key).and_compute_with(|entry| {
            match rule.decide(entry.map(moka::Entry::into_value), now) {
                Decision::Admitted(hits) => Op::Put(hits),
                Decision::Refused(refusal) => {
                    refused = Some(refusal);
                    Op::Nop
                }
            }
        });
        refused
    }
}
