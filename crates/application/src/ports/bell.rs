//! A bell between those who queue messages and whoever sends them.

use std::sync::Arc;

use tokio::sync::Notify;

/// Rung when a message is queued, so that it leaves at once.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// There is something to send.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Comes back when the bell has been rung since the last time.
    pub async fn heard(&self) {
        self.0.notified().await;
    }
}
