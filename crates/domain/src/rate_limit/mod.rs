//! Rate limits: how many hits are allowed within a period of time.

use std::{collections::VecDeque, ops::Range};

use chrono::{DateTime, TimeDelta, Utc};

/// At most `max` hits within `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// How long an allowed hit counts.
    pub window: TimeDelta,
    /// Maximum number of hits that are allowed within any span of `window`.
    pub max: u32,
}

/// The allowed hits of one key, in milliseconds since 1970, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    times: VecDeque<i64>,
}

/// The outcome of a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The hit is allowed and counted.
    Allowed,
    /// The hit is denied and not counted.
    Denied(Denied),
}

/// A denied hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied {
    /// Whole seconds after which the next hit is allowed; at least 1.
    pub retry_after: i64,
}

impl Rule {
    /// Allows a hit if fewer than `max` hits were allowed within the last `window`, and adds it to `hits`. A
    /// denied hit leaves `hits` unchanged, so it does not prolong the wait.
    ///
    /// A hit in the future was recorded by a wrong clock. It counts if it is less than `window` ahead; otherwise it is
    /// dropped, so that a wrong clock causes denials for less than two windows.
    pub fn decide(self, hits: &mut Hits, now: DateTime<Utc>) -> Decision {
        let now = now.timestamp_millis();
        let window = self.window.num_milliseconds();
        let counted = hits.within(window, now);
        let max = usize::try_from(self.max).unwrap_or(usize::MAX);
        let Some(excess) = counted.len().checked_sub(max) else {
            hits.keep(counted);
            hits.insert(now);
            return Decision::Allowed;
        };
        // After a rule was made stricter, more than one hit must leave the window first.
        let leaves_next = hits.times.get(counted.start + excess).copied().unwrap_or(now);
        let milliseconds = (leaves_next + window - now).max(1);
        Decision::Denied(Denied {
            retry_after: (milliseconds + 999) / 1000,
        })
    }
}

impl Hits {
    /// Returns the number of hits for which memory is allocated.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.times.capacity()
    }

    /// Returns the range of the hits that are less than `window` away from `now`.
    fn within(&self, window: i64, now: i64) -> Range<usize> {
        let start = self
            .times
            .partition_point(|time| *time <= now.saturating_sub(window));
        let end = self
            .times
            .partition_point(|time| *time < now.saturating_add(window));
        start..end.max(start)
    }

    /// Drops all other hits, and frees most of the unused memory.
    fn keep(&mut self, range: Range<usize>) {
        self.times.truncate(range.end);
        self.times.drain(..range.start);
        if self.times.capacity() / 4 > self.times.len().max(4) {
            self.times.shrink_to(self.times.len() * 2);
        }
    }

    /// Adds a hit in order. If the clock went back, later hits follow it.
    fn insert(&mut self, time: i64) {
        let place = self.times.partition_point(|other| *other <= time);
        self.times.insert(place, time);
    }
}

/// Collects hits in any order.
impl FromIterator<i64> for Hits {
    fn from_iter<T: IntoIterator<Item = i64>>(times: T) -> Self {
        let mut times: Vec<i64> = times.into_iter().collect();
        times.sort_unstable();
        Self { times: times.into() }
    }
}

/// The hits in milliseconds since 1970, oldest first.
impl IntoIterator for Hits {
    type Item = i64;
    type IntoIter = std::collections::vec_deque::IntoIter<i64>;

    fn into_iter(self) -> Self::IntoIter {
        self.times.into_iter()
    }
}

#[cfg(test)]
mod tests;
