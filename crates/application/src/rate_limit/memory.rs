//! Counts of this process alone.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use moka::{ops::compute::Op, policy::EvictionPolicy, sync::Cache};
use portcullis_domain::rate_limit::{Decision, Hits, Refused, Rule};

/// The room for all hits and keys together, in hits of eight bytes: 32 MiB. It holds about 25,000 clients that each
/// send 100 requests within a window, or 100,000 that each send one.
const ROOM: u64 = 4 * 1024 * 1024;
/// The room that a key takes apart from its hits and its text: its place in the cache and the head of its log.
const ROOM_OF_A_KEY: usize = 32;

/// The admitted hits of one key. They are changed in place: a copy for each hit would cost as much as a rule is wide.
type Log = Arc<Mutex<Hits>>;

/// The hits that were admitted lately.
pub(super) struct Memory {
    logs: Cache<String, Log>,
}

impl Memory {
    /// Makes a memory that forgets a key that was not hit for the longest window.
    pub(super) fn new(longest_window: TimeDelta) -> Self {
        Self::with_room(longest_window, ROOM)
    }

    fn with_room(longest_window: TimeDelta, room: u64) -> Self {
        let idle = longest_window.to_std().unwrap_or_default();
        Self {
            logs: Cache::builder()
                .max_capacity(room)
                .weigher(room_of)
                // Not by how often keys are hit: then a full memory would turn new keys away, uncounted.
                .eviction_policy(EvictionPolicy::lru())
                .time_to_idle(idle)
                .build(),
        }
    }

    /// Decides on a hit, and counts it if it is admitted.
    pub(super) fn admit(&self, key: String, rule: Rule, now: DateTime<Utc>) -> Option<Refused> {
        let mut refused = None;
        self.logs.entry(key).and_compute_with(|entry| {
            let log = entry.map(moka::Entry::into_value).unwrap_or_default();
            let decision = rule.decide(&mut log.lock().unwrap_or_else(PoisonError::into_inner), now);
            match decision {
                // Also if the log is there already: so it is weighed anew.
                Decision::Admitted => Op::Put(log),
                Decision::Refused(refusal) => {
                    refused = Some(refusal);
                    Op::Nop
                }
            }
        });
        refused
    }
}

/// The room that a key and its log take, in hits.
#[expect(clippy::ptr_arg, reason = "the cache passes its keys as they are")]
fn room_of(key: &String, log: &Log) -> u32 {
    let hits = log.lock().unwrap_or_else(PoisonError::into_inner).capacity();
    u32::try_from(ROOM_OF_A_KEY + key.len() / size_of::<i64>() + hits).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule {
        window: TimeDelta::seconds(10),
        max: 5,
    };

    /// A client that comes under many addresses gains nothing by filling the memory.
    #[test]
    fn a_memory_that_is_full_still_counts_newcomers() {
        let now = DateTime::default();
        let memory = Memory::with_room(RULE.window, 1000 * 37);
        let fill = || {
            for address in 0..1000 {
                memory.admit(format!("old {address}"), RULE, now);
            }
            memory.logs.run_pending_tasks();
        };
        (0..5).for_each(|_| fill());
        let newcomer = || {
            let refused = memory.admit("new".to_owned(), RULE, now);
            memory.logs.run_pending_tasks();
            refused.is_some()
        };
        assert_eq!(
            [(); 6].map(|()| newcomer()),
            [false, false, false, false, false, true]
        );
    }

    /// A few keys with many hits take as much room as many keys with few.
    #[test]
    fn hits_count_towards_the_room_as_keys_do() {
        let rule = Rule { max: 1000, ..RULE };
        let memory = Memory::with_room(RULE.window, 10_000);
        let burst = |key: usize, hits| {
            for _ in 0..hits {
                assert_eq!(memory.admit(format!("{key}"), rule, DateTime::default()), None);
            }
            memory.logs.run_pending_tasks();
            (memory.logs.entry_count(), memory.logs.weighted_size())
        };
        for key in 0..50 {
            let (keys, room) = burst(key, 1000);
            assert!(keys <= 9 && room <= 10_000, "{keys} keys take {room}");
        }
        let mut keys = 0;
        for key in 100..600 {
            let room;
            (keys, room) = burst(key, 1);
            assert!(keys <= 300 && room <= 10_000, "{keys} keys take {room}");
        }
        assert!(keys > 200, "{keys} keys are left");
    }
}
