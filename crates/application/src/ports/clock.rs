//! Time.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Tells the time and waits.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now, in whole milliseconds: finer time does not survive the wire.
    fn now(&self) -> DateTime<Utc>;

    /// Comes back after this time, holding nothing meanwhile.
    async fn sleep(&self, duration: Duration);
}
