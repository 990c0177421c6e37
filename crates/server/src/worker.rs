//! The worker that has messages sent.

use std::{sync::Arc, time::Duration};

use portcullis_application::{
    message::Deliverer,
    ports::{Clock, Failure},
};
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{Instant, timeout_at},
};

use crate::{compose::BATCH, error::chain};

/// How often it is looked whether there is something to send that nobody here has queued: by another replica that
/// is gone, or to be tried again.
const PAUSE: Duration = Duration::from_secs(2);
/// As many messages as a round takes at the most: there may be more.
const FULL: usize = BATCH as usize;

/// Sends messages until it is stopped.
pub(crate) struct Worker {
    task: JoinHandle<()>,
    stop: Arc<Notify>,
}

impl Worker {
    /// Begins to send, on the runtime within which it is called.
    pub(crate) fn start(deliverer: Deliverer, clock: Arc<dyn Clock>) -> Self {
        let stop = Arc::new(Notify::new());
        let task = tokio::spawn(work(deliverer, clock, Arc::clone(&stop)));
        Self { task, stop }
    }

    /// Has what is queued tried once more, and ends by then at the latest. What was not sent is still in the queue.
    pub(crate) async fn stop(mut self, deadline: Instant) {
        self.stop.notify_one();
        if timeout_at(deadline, &mut self.task).await.is_err() {
            tracing::warn!("messages may be left in the queue: there was no time to send them all");
            self.task.abort();
        }
    }
}

async fn work(deliverer: Deliverer, clock: Arc<dyn Clock>, stop: Arc<Notify>) {
    let mut is_failing = false;
    let mut is_stopping = false;
    loop {
        let outcome = send_all(&deliverer).await;
        tell(outcome.as_ref().err(), is_failing);
        is_failing = outcome.is_err();
        if is_stopping {
            return;
        }
        tokio::select! {
            () = stop.notified() => is_stopping = true,
            () = deliverer.called(), if !is_failing => {}
            () = clock.sleep(PAUSE) => {}
        }
    }
}

/// Rounds follow each other as long as each takes as much as it can.
async fn send_all(deliverer: &Deliverer) -> Result<(), Failure> {
    while deliverer.round().await?.taken >= FULL {}
    Ok(())
}

/// Once for each outage, and once when it is over.
fn tell(failure: Option<&Failure>, was_failing: bool) {
    match failure {
        Some(failure) if !was_failing => {
            tracing::warn!(
                cause = chain(failure),
                "messages cannot be taken from the queue; it is tried again"
            );
        }
        None if was_failing => tracing::info!("messages are taken from the queue again"),
        _ => {}
    }
}
