//! The clock that expiry and caches are measured by.

use std::{
    fmt::Debug,
    time::{Duration, SystemTime},
};

/// Returns the time. Tests replace it to move time without waiting.
pub trait Clock: Debug + Send + Sync {
    /// Returns the current time.
    fn now(&self) -> SystemTime;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place at which this crate reads the clock"
    )]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Seconds since 1970, as in JWTs.
pub(crate) fn unix_seconds(time: SystemTime) -> i64 {
    let seconds = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// The time of a number of seconds since 1970, or `None` if it is too late to be represented. A negative number is
/// 1970.
pub(crate) fn from_unix_seconds(seconds: i64) -> Option<SystemTime> {
    let since = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    SystemTime::UNIX_EPOCH.checked_add(since)
}
