//! Counts of this process alone.

use chrono::{DateTime, TimeDelta, Utc};
use moka::{ops::compute::Op, policy::EvictionPolicy, sync::Cache};
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
        Self::with_room(longest_window, MOST_KEYS)
    }

    fn with_room(longest_window: TimeDelta, most_keys: u64) -> Self {
        let idle = longest_window.to_std().unwrap_or_default();
        Self {
            hits: Cache::builder()
                .max_capacity(most_keys)
                // Not by how often keys are hit: then a full memory would turn new keys away, uncounted.
                .eviction_policy(EvictionPolicy::lru())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever comes under many addresses must not gain anything by having filled the memory.
    #[test]
    fn a_memory_that_is_full_still_counts_newcomers() {
        let rule = Rule {
            window: TimeDelta::seconds(10),
            max: 5,
        };
        let now = DateTime::default();
        let memory = Memory::with_room(rule.window, 1000);
        let fill = || {
            for address in 0..1000 {
                memory.admit(format!("old {address}"), rule, now);
            }
            memory.hits.run_pending_tasks();
        };
        (0..5).for_each(|_| fill());
        let newcomer = || {
            let refused = memory.admit("new".to_owned(), rule, now);
            memory.hits.run_pending_tasks();
            refused.is_some()
        };
        assert_eq!(
            [(); 6].map(|()| newcomer()),
            [false, false, false, false, false, true]
        );
    }
}
