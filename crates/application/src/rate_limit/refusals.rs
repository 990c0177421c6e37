//! What the shared counts have refused a moment ago.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use moka::{policy::EvictionPolicy, sync::Cache};
use portcullis_domain::rate_limit::Refused;

/// The most refusals that are remembered.
const MOST_KEYS: u64 = 10_000;
/// How long a refusal is remembered at the most, in seconds: counts that were deleted by hand must count soon.
const LONGEST: u64 = 10;

/// Refusals, remembered for as long as they certainly last: a client that goes on asking costs the database nothing. A
/// key that is refused stays so until its oldest hit leaves the window, since no hit is admitted meanwhile.
pub(super) struct Refusals {
    ends: Cache<String, Ends>,
}

#[derive(Clone, Copy)]
struct Ends {
    /// Until then the next hit is certainly refused.
    certainly: DateTime<Utc>,
    /// From then on it is certainly not.
    at_last: DateTime<Utc>,
}

impl Refusals {
    pub(super) fn new() -> Self {
        Self {
            ends: Cache::builder()
                .max_capacity(MOST_KEYS)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(Duration::from_secs(LONGEST))
                .build(),
        }
    }

    /// Remembers a refusal of now. Its seconds are rounded up, so the last of them is not certain.
    pub(super) fn note(&self, key: String, refused: Refused, now: DateTime<Utc>) {
        let ends = Ends {
            certainly: now + TimeDelta::seconds(refused.retry_after - 1),
            at_last: now + TimeDelta::seconds(refused.retry_after),
        };
        if now < ends.certainly {
            self.ends.insert(key, ends);
        }
    }

    /// The refusal of a key that is certain.
    pub(super) fn find(&self, key: &str, now: DateTime<Utc>) -> Option<Refused> {
        let ends = self.ends.get(key).filter(|ends| now < ends.certainly)?;
        let milliseconds = (ends.at_last - now).num_milliseconds();
        Some(Refused {
            retry_after: (milliseconds + 999) / 1000,
        })
    }
}
