//! Time.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Returns the time and waits.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Returns the time in whole milliseconds: JSON dates are no finer.
    fn now(&self) -> DateTime<Utc>;

    /// Waits for `duration` without holding a lock or a connection.
    async fn sleep(&self, duration: Duration);
}
