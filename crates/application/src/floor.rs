//! Responses whose timing must not reveal anything.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};

use crate::ports::Clock;

/// A minimum time between a request's arrival and its response. It hides whether argon2id, scrypt or no hash was
/// computed, and whether an e-mail address is registered. The wait holds no connection and no lock.
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
