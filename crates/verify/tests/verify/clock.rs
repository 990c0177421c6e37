//! A clock that the test moves.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use portcullis_verify::Clock;

/// The time at which tests begin, in seconds since 1970.
pub(crate) const START: i64 = 1_800_000_000;

#[derive(Debug, Default)]
pub(crate) struct TestClock(Mutex<Duration>);

impl TestClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(crate) fn advance(&self, seconds: u64) {
        *self.0.lock().unwrap() += Duration::from_secs(seconds);
    }

    pub(crate) fn set_back(&self, seconds: u64) {
        *self.0.lock().unwrap() -= Duration::from_secs(seconds);
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        let start = Duration::from_secs(START.unsigned_abs());
        SystemTime::UNIX_EPOCH + start + *self.0.lock().unwrap()
    }
}
