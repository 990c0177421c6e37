//! A cache of recent refusals by the shared counts.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use moka::{policy::EvictionPolicy, sync::Cache};
use portcullis_domain::rate_limit::Refused;

/// The maximum number of cached refusals.
const MAX_KEYS: u64 = 10_000;
/// The maximum time for which a refusal is cached, in seconds: if an operator deletes the counts, that must take effect
/// soon.
const MAX_AGE: u64 = 10;

/// Refusals, cached for as long as they certainly last: a client that continues to send requests costs the database
/// nothing. A refused key stays refused until its oldest request leaves the window, since no request is admitted
/// meanwhile.
pub(super) struct Refusals {
    ends: Cache<String, Ends>,
}

#[derive(Clone, Copy)]
struct Ends {
    /// Until then the next request is certainly refused.
    certainly: DateTime<Utc>,
    /// From then on the next request is certainly not refused.
    latest: DateTime<Utc>,
}

impl Refusals {
    pub(super) fn new() -> Self {
        Self {
            ends: Cache::builder()
                .max_capacity(MAX_KEYS)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(Duration::from_secs(MAX_AGE))
                .build(),
        }
    }

    /// Stores a refusal. Its seconds are rounded up, so the last of them is not certain.
    pub(super) fn note(&self, key: String, refused: Refused, now: DateTime<Utc>) {
        let ends = Ends {
            certainly: now + TimeDelta::seconds(refused.retry_after - 1),
            latest: now + TimeDelta::seconds(refused.retry_after),
        };
        if now < ends.certainly {
            self.ends.insert(key, ends);
        }
    }

    /// Returns the refusal of a key if it is certain.
    pub(super) fn find(&self, key: &str, now: DateTime<Utc>) -> Option<Refused> {
        let ends = self.ends.get(key).filter(|ends| now < ends.certainly)?;
        let milliseconds = (ends.latest - now).num_milliseconds();
        Some(Refused {
            retry_after: (milliseconds + 999) / 1000,
        })
    }
}
