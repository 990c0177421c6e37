//! Request counts of this process only.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use moka::{ops::compute::Op, policy::EvictionPolicy, sync::Cache};
use portcullis_domain::rate_limit::{Decision, Hits, Rule};

/// The capacity for all requests and keys together, in requests of eight bytes: 32 MiB. Enough for about 25,000 clients
/// that each send 100 requests within a window, or 100,000 that each send one.
const CAPACITY: u64 = 4 * 1024 * 1024;
/// The weight of a key apart from its requests and its text: its cache entry and the head of its log.
const KEY_WEIGHT: usize = 32;

/// The allowed requests of one key. They are changed in place: a copy per request would cost as much as the rule's
/// limit.
type Log = Arc<Mutex<Hits>>;

/// Recently allowed requests.
pub(super) struct Memory {
    logs: Cache<String, Log>,
}

impl Memory {
    /// Creates a memory that drops a key that was not used for the longest window.
    pub(super) fn new(longest_window: TimeDelta) -> Self {
        Self::with_capacity(longest_window, CAPACITY)
    }

    fn with_capacity(longest_window: TimeDelta, capacity: u64) -> Self {
        let idle = longest_window.to_std().unwrap_or_default();
        Self {
            logs: Cache::builder()
                .max_capacity(capacity)
                .weigher(weight_of)
                // Not by frequency: then a full cache would reject new keys, and their requests would not be counted.
                .eviction_policy(EvictionPolicy::lru())
                .time_to_idle(idle)
                .build(),
        }
    }

    /// Decides on a request, and counts it if it is allowed.
    pub(super) fn count(&self, key: String, rule: Rule, now: DateTime<Utc>) -> Decision {
        let mut decision = Decision::Allowed;
        self.logs.entry(key).and_compute_with(|entry| {
            let log = entry.map(moka::Entry::into_value).unwrap_or_default();
            decision = rule.decide(&mut log.lock().unwrap_or_else(PoisonError::into_inner), now);
            match decision {
                // Also for an existing log, so that the cache updates its weight.
                Decision::Allowed => Op::Put(log),
                Decision::Denied(_) => Op::Nop,
            }
        });
        decision
    }
}

/// The weight of a key and its log, in requests.
#[expect(clippy::ptr_arg, reason = "the cache passes its keys as they are")]
fn weight_of(key: &String, log: &Log) -> u32 {
    let hits = log.lock().unwrap_or_else(PoisonError::into_inner).capacity();
    u32::try_from(KEY_WEIGHT + key.len() / size_of::<i64>() + hits).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule {
        window: TimeDelta::seconds(10),
        max: 5,
    };

    /// A client with many IP addresses must gain nothing by filling the cache.
    #[test]
    fn a_full_memory_still_counts_new_keys() {
        let now = DateTime::default();
        let memory = Memory::with_capacity(RULE.window, 1000 * 37);
        let fill = || {
            for address in 0..1000 {
                memory.count(format!("old {address}"), RULE, now);
            }
            memory.logs.run_pending_tasks();
        };
        (0..5).for_each(|_| fill());
        let new_key_is_denied = || {
            let decision = memory.count("new".to_owned(), RULE, now);
            memory.logs.run_pending_tasks();
            decision != Decision::Allowed
        };
        assert_eq!(
            [(); 6].map(|()| new_key_is_denied()),
            [false, false, false, false, false, true]
        );
    }

    /// A few keys with many requests weigh as much as many keys with few.
    #[test]
    fn requests_count_towards_the_capacity_like_keys() {
        let rule = Rule { max: 1000, ..RULE };
        let memory = Memory::with_capacity(RULE.window, 10_000);
        let burst = |key: usize, hits| {
            for _ in 0..hits {
                assert_eq!(
                    memory.count(format!("{key}"), rule, DateTime::default()),
                    Decision::Allowed
                );
            }
            memory.logs.run_pending_tasks();
            (memory.logs.entry_count(), memory.logs.weighted_size())
        };
        for key in 0..50 {
            let (keys, weight) = burst(key, 1000);
            assert!(keys <= 9 && weight <= 10_000, "{keys} keys weigh {weight}");
        }
        let mut keys = 0;
        for key in 100..600 {
            let weight;
            (keys, weight) = burst(key, 1);
            assert!(keys <= 300 && weight <= 10_000, "{keys} keys weigh {weight}");
        }
        assert!(keys > 200, "{keys} keys are left");
    }
}
