//! Answers that must not tell by their time.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};

use crate::ports::Clock;

/// The earliest moment, after a request's arrival, at which its answer leaves: so argon2id, scrypt and no account at
/// all look alike, and so do an address that is somebody's and one that is nobody's. It is waited for without
/// holding anything.
pub(crate) struct Floor {
    clock: Arc<dyn Clock>,
    floor: Duration,
}

impl Floor {
    pub(crate) const fn new(clock: Arc<dyn Clock>, floor: Duration) -> Self {
        Self { clock, floor }
    }

    pub(crate) async fn wait(&self, arrival: DateTime<Utc>) {
        let spent = (self.clock.now() - arrival).to_std().unwrap_or_default();
        self.clock.sleep(self.floor.saturating_sub(spent)).await;
    }
}
