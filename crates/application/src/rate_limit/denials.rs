//! A cache of recent denials by the shared counts.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use moka::{policy::EvictionPolicy, sync::Cache};
use portcullis_domain::rate_limit::Denied;

/// The maximum number of cached denials.
const MAX_KEYS: u64 = 10_000;
/// The maximum time for which a denial is cached, in seconds: if an operator deletes the counts, that must take effect
/// soon.
const MAX_AGE: u64 = 10;

/// Denials, cached for as long as they certainly last: a client that continues to send requests costs the database
/// nothing. A denied key stays denied until its oldest request leaves the window, since no request is allowed
/// meanwhile.
pub(super) struct Denials {
    ends: Cache<String, Ends>,
}

#[derive(Clone, Copy)]
struct Ends {
    /// Until then the next request is certainly denied.
    certainly: DateTime<Utc>,
    /// From then on the next request is certainly not denied.
    latest: DateTime<Utc>,
}

impl Denials {
    pub(super) fn new() -> Self {
        Self {
            ends: Cache::builder()
                .max_capacity(MAX_KEYS)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(Duration::from_secs(MAX_AGE))
                .build(),
        }
    }

    /// Stores a denial. Its seconds are rounded up, so the last of them is not certain.
    pub(super) fn note(&self, key: String, denied: Denied, now: DateTime<Utc>) {
        let ends = Ends {
            certainly: now + TimeDelta::seconds(denied.retry_after - 1),
            latest: now + TimeDelta::seconds(denied.retry_after),
        };
        if now < ends.certainly {
            self.ends.insert(key, ends);
        }
    }

    /// Returns the denial of a key if it is certain.
    pub(super) fn find(&self, key: &str, now: DateTime<Utc>) -> Option<Denied> {
        let ends = self.ends.get(key).filter(|ends| now < ends.certainly)?;
        let milliseconds = (ends.latest - now).num_milliseconds();
        Some(Denied {
            retry_after: (milliseconds + 999) / 1000,
        })
    }
}
