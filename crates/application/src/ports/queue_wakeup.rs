//! Wakes the delivery worker when a message is queued.

use std::sync::Arc;

use tokio::sync::Notify;

/// A signal that a message was queued, so that it is sent at once.
#[derive(Clone, Debug, Default)]
pub struct QueueWakeup(Arc<Notify>);

impl QueueWakeup {
    /// Signals that a message was queued.
    pub fn notify(&self) {
        self.0.notify_one();
    }

    /// Returns when a message was queued since the last call.
    pub async fn notified(&self) {
        self.0.notified().await;
    }
}
