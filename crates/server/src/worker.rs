//! The worker that has messages sent.

use std::{sync::Arc, time::Duration};

use portcullis_application::{
    message::{Delivered, Deliverer},
    ports::{Clock, Failure},
};
use tokio::{
    sync::Notify,
    task::{JoinHandle, JoinSet},
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
        let task = tokio::spawn(work(Arc::new(deliverer), clock, Arc::clone(&stop)));
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

async fn work(deliverer: Arc<Deliverer>, clock: Arc<dyn Clock>, stop: Arc<Notify>) {
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
async fn send_all(deliverer: &Arc<Deliverer>) -> Result<(), Failure> {
    while round(Arc::clone(deliverer)).await?.taken >= FULL {}
    Ok(())
}

/// A round in a task of its own, which ends with whoever waits for it: a panic ends the round and not the worker.
async fn round(deliverer: Arc<Deliverer>) -> Result<Delivered, Failure> {
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { deliverer.round().await });
    match tasks.join_next().await {
        Some(Ok(outcome)) => outcome,
        Some(Err(_)) | None => Err(Failure::new("a panic ended the round")),
    }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use portcullis_application::{
        ports::MockMailer,
        testing::{FakePorts, FakeStore, FakeUnitOfWork},
    };

    use super::*;
    use crate::{compose, system_clock::SystemClock};

    const MOMENT: Duration = Duration::from_millis(1);

    /// A worker before an empty queue, which is away for the first looks.
    struct World {
        fake: FakePorts,
        worker: Worker,
        looks: Arc<AtomicUsize>,
    }

    impl World {
        fn with_failures(failures: usize) -> Self {
            Self::with_queues(|look, looks| queue(look >= failures, looks))
        }

        fn with_queues(queue: impl Fn(usize, &Arc<AtomicUsize>) -> FakeUnitOfWork) -> Self {
            let looks = Arc::new(AtomicUsize::new(0));
            let reads = (0..10).map(|look| queue(look, &looks)).collect();
            let fake = FakePorts::around(FakeStore::new(reads, Vec::new()));
            let deliverer = compose::deliverer(&fake.ports, Arc::new(MockMailer::new()));
            let worker = Worker::start(deliverer, Arc::new(SystemClock));
            Self { fake, worker, looks }
        }

        /// How often the queue was looked into so far.
        async fn looks(&self) -> usize {
            tokio::time::sleep(MOMENT).await;
            self.looks.load(Ordering::SeqCst)
        }
    }

    fn queue(is_there: bool, looks: &Arc<AtomicUsize>) -> FakeUnitOfWork {
        let mut read = FakeUnitOfWork::default();
        let looks = Arc::clone(looks);
        read.messages.expect_take().returning(move |_, _, _| {
            looks.fetch_add(1, Ordering::SeqCst);
            is_there
                .then(Vec::new)
                .ok_or_else(|| Failure::unavailable("away"))
        });
        read
    }

    #[tokio::test(start_paused = true)]
    async fn the_queue_is_looked_into_at_the_start_when_called_after_a_pause_and_at_the_end() {
        let world = World::with_failures(0);
        assert_eq!(world.looks().await, 1);
        world.fake.ports.bell.ring();
        assert_eq!(world.looks().await, 2);
        tokio::time::sleep(PAUSE).await;
        assert_eq!(world.looks().await, 3);
        world.worker.stop(Instant::now() + MOMENT).await;
        assert_eq!(world.looks.load(Ordering::SeqCst), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_is_away_is_looked_into_after_the_pause_and_not_whenever_somebody_calls() {
        let world = World::with_failures(2);
        for _ in 0..3 {
            world.fake.ports.bell.ring();
            assert_eq!(world.looks().await, 1);
        }
        tokio::time::sleep(PAUSE).await;
        assert_eq!(world.looks().await, 2);
        tokio::time::sleep(PAUSE).await;
        assert!(world.looks().await > 2, "it is heard again");
    }

    #[tokio::test(start_paused = true)]
    async fn a_round_that_panics_is_followed_by_others() {
        let world = World::with_queues(|look, looks| match look {
            0 => FakeUnitOfWork::default(),
            _ => queue(true, looks),
        });
        assert_eq!(world.looks().await, 0, "nobody expects the first look");
        tokio::time::sleep(PAUSE).await;
        assert_eq!(world.looks().await, 1);
        world.fake.ports.bell.ring();
        assert_eq!(world.looks().await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_has_no_time_left_ends_without_a_last_look() {
        let world = World::with_failures(0);
        assert_eq!(world.looks().await, 1);
        world.worker.stop(Instant::now() - MOMENT).await;
        assert!(world.looks.load(Ordering::SeqCst) <= 2);
    }
}
