//! The delivery worker, which sends queued messages.

use std::{sync::Arc, time::Duration};

use portcullis_application::{
    message::MessageDelivery,
    ports::{Clock, Failure, QueuedMessage},
};
use tokio::{
    sync::Notify,
    task::{JoinError, JoinHandle, JoinSet},
    time::{Instant, timeout_at},
};

use crate::error::chain;

/// Pause between two reads of the queue without a wake-up: for retries, and for messages of another replica that has
/// stopped.
const PAUSE: Duration = Duration::from_secs(2);
/// Maximum number of messages that are sent at once.
const AT_ONCE: u32 = 16;

/// Sends messages until it is stopped.
pub(crate) struct Worker {
    task: JoinHandle<()>,
    stop: Arc<Notify>,
}

impl Worker {
    /// Starts the worker on the current runtime.
    pub(crate) fn start(message_delivery: MessageDelivery, clock: Arc<dyn Clock>) -> Self {
        let stop = Arc::new(Notify::new());
        let work = Work {
            message_delivery: Arc::new(message_delivery),
            in_flight: JoinSet::new(),
            has_more: true,
            is_failing: false,
        };
        let task = tokio::spawn(work.run(clock, Arc::clone(&stop)));
        Self { task, stop }
    }

    /// Tries to send what is queued once more, and stops at `deadline` at the latest. Unsent messages stay in the
    /// queue.
    pub(crate) async fn stop(mut self, deadline: Instant) {
        self.stop.notify_one();
        if timeout_at(deadline, &mut self.task).await.is_err() {
            tracing::warn!("messages may be left in the queue: there was no time to send them all");
            self.task.abort();
        }
    }
}

/// The state of the worker.
struct Work {
    message_delivery: Arc<MessageDelivery>,
    /// One task for each message that is being sent, so that none waits for another.
    in_flight: JoinSet<Result<(), Failure>>,
    /// Whether the queue may contain messages that are due.
    has_more: bool,
    is_failing: bool,
}

impl Work {
    async fn run(mut self, clock: Arc<dyn Clock>, stop: Arc<Notify>) {
        let mut is_stopping = false;
        let mut pause = clock.sleep(PAUSE);
        loop {
            if self.has_more && self.free_slots() > 0 {
                self.fill().await;
                pause = clock.sleep(PAUSE);
            }
            if is_stopping && self.in_flight.is_empty() {
                return;
            }
            tokio::select! {
                () = stop.notified() => {
                    is_stopping = true;
                    self.has_more = true;
                }
                Some(outcome) = self.in_flight.join_next() => self.note(flatten(outcome).err().as_ref()),
                () = self.message_delivery.wait_for_wakeup(), if !self.is_failing && self.free_slots() > 0 => self.has_more = true,
                () = &mut pause => {
                    self.has_more = true;
                    pause = clock.sleep(PAUSE);
                }
            }
        }
    }

    /// Returns how many more messages may be sent now.
    fn free_slots(&self) -> u32 {
        AT_ONCE.saturating_sub(u32::try_from(self.in_flight.len()).unwrap_or(AT_ONCE))
    }

    /// Takes as many messages as there are free slots, and starts to send them.
    async fn fill(&mut self) {
        let limit = self.free_slots();
        match take(Arc::clone(&self.message_delivery), limit).await {
            Ok(messages) => {
                self.has_more = u32::try_from(messages.len()).is_ok_and(|taken| taken >= limit);
                self.note(None);
                for message in messages {
                    let message_delivery = Arc::clone(&self.message_delivery);
                    self.in_flight
                        .spawn(async move { message_delivery.deliver(&message).await });
                }
            }
            Err(failure) => self.note(Some(&failure)),
        }
    }

    /// Logs a failure or its end. After a failure, the queue is not read until the pause is over.
    fn note(&mut self, failure: Option<&Failure>) {
        log_outcome(failure, self.is_failing);
        self.is_failing = failure.is_some();
        self.has_more &= !self.is_failing;
    }
}

/// Takes messages in a task of its own, so that a panic ends this attempt and not the worker. The task is
/// cancelled if the future is dropped.
async fn take(message_delivery: Arc<MessageDelivery>, limit: u32) -> Result<Vec<QueuedMessage>, Failure> {
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { message_delivery.take(limit).await });
    match tasks.join_next().await {
        Some(outcome) => flatten(outcome),
        None => Ok(Vec::new()),
    }
}

fn flatten<T>(outcome: Result<Result<T, Failure>, JoinError>) -> Result<T, Failure> {
    outcome.unwrap_or_else(|_panic| Err(Failure::new("the task panicked")))
}

/// Logs a failure once for each outage, and once when it is over.
fn log_outcome(failure: Option<&Failure>, was_failing: bool) {
    match failure {
        Some(failure) if !was_failing => {
            tracing::warn!(
                cause = chain(failure),
                "could not access the message queue; retrying in 2 s"
            );
        }
        None if was_failing => tracing::info!("the message queue can be accessed again"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::VecDeque,
        iter::once,
        sync::{
            Mutex,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use async_trait::async_trait;
    use portcullis_application::{
        ports::{Mailer, MockMailer, Sealed, SendError},
        testing::{FakePorts, FakeStore, FakeUnitOfWork},
    };
    use portcullis_domain::{id::MessageId, message::Message};

    use super::*;
    use crate::{compose, system_clock::SystemClock};

    const MOMENT: Duration = Duration::from_millis(1);

    /// A worker with an empty queue that cannot be read at first.
    struct Fixture {
        fake: FakePorts,
        worker: Worker,
        reads: Arc<AtomicUsize>,
    }

    impl Fixture {
        fn with_failures(failures: usize) -> Self {
            Self::with_queues(|index, reads| queue(index >= failures, reads))
        }

        fn with_queues(queue: impl Fn(usize, &Arc<AtomicUsize>) -> FakeUnitOfWork) -> Self {
            let reads = Arc::new(AtomicUsize::new(0));
            let units = (0..10).map(|index| queue(index, &reads)).collect();
            let fake = FakePorts::with_store(FakeStore::new(units, Vec::new()));
            let message_delivery = compose::message_delivery(&fake.ports, Arc::new(MockMailer::new()));
            let worker = Worker::start(message_delivery, Arc::new(SystemClock));
            Self { fake, worker, reads }
        }

        /// How often the queue was read so far.
        async fn reads(&self) -> usize {
            tokio::time::sleep(MOMENT).await;
            self.reads.load(Ordering::SeqCst)
        }
    }

    fn queue(is_there: bool, reads: &Arc<AtomicUsize>) -> FakeUnitOfWork {
        let mut read = FakeUnitOfWork::default();
        let reads = Arc::clone(reads);
        read.messages.expect_take().returning(move |_, _, _| {
            reads.fetch_add(1, Ordering::SeqCst);
            is_there
                .then(Vec::new)
                .ok_or_else(|| Failure::unavailable("away"))
        });
        read
    }

    #[tokio::test(start_paused = true)]
    async fn the_queue_is_read_at_the_start_on_a_wake_up_after_a_pause_and_at_the_end() {
        let world = Fixture::with_failures(0);
        assert_eq!(world.reads().await, 1);
        world.fake.ports.queue_wakeup.notify();
        assert_eq!(world.reads().await, 2);
        tokio::time::sleep(PAUSE).await;
        assert_eq!(world.reads().await, 3);
        world.worker.stop(Instant::now() + MOMENT).await;
        assert_eq!(world.reads.load(Ordering::SeqCst), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_unreadable_queue_is_read_again_after_the_pause_and_not_on_a_wake_up() {
        let world = Fixture::with_failures(2);
        for _ in 0..3 {
            world.fake.ports.queue_wakeup.notify();
            assert_eq!(world.reads().await, 1);
        }
        tokio::time::sleep(PAUSE).await;
        assert_eq!(world.reads().await, 2);
        tokio::time::sleep(PAUSE).await;
        assert!(world.reads().await > 2, "wake-ups count again");
    }

    #[tokio::test(start_paused = true)]
    async fn the_worker_goes_on_after_a_panic() {
        let world = Fixture::with_queues(|index, reads| match index {
            0 => FakeUnitOfWork::default(),
            _ => queue(true, reads),
        });
        assert_eq!(world.reads().await, 0, "the first read panics");
        tokio::time::sleep(PAUSE).await;
        assert_eq!(world.reads().await, 1);
        world.fake.ports.queue_wakeup.notify();
        assert_eq!(world.reads().await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_without_time_left_ends_without_a_last_read() {
        for (time, reads) in [(Duration::ZERO, 1), (MOMENT, 2)] {
            let world = Fixture::with_failures(0);
            assert_eq!(world.reads().await, 1);
            world.worker.stop(Instant::now() + time).await;
            tokio::time::sleep(PAUSE).await;
            assert_eq!(world.reads.load(Ordering::SeqCst), reads, "{time:?}");
        }
    }

    /// A mailer that takes a minute for the message `slow` and no time for others. It records the ids of sent messages.
    #[derive(Default)]
    struct Slow(Mutex<Vec<String>>);

    #[async_trait]
    impl Mailer for Slow {
        async fn send(&self, message: &Message) -> Result<(), SendError> {
            if message.id.as_str() == "slow" {
                tokio::time::sleep(Duration::from_mins(1)).await;
            }
            self.0.lock().unwrap().push(message.id.as_str().to_owned());
            Ok(())
        }
    }

    fn queued(id: &str) -> QueuedMessage {
        let user = r#"{"id":"U","email":"a@ex.com","name":"Ada"}"#;
        let text = format!(r#"{{"kind":"password-changed","to":"a@ex.com","createdAt":0,"user":{user}}}"#);
        QueuedMessage {
            id: MessageId::new(id),
            sealed: Sealed(format!("Message:{text}")),
            attempts: 1,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_message_delays_no_other() {
        const MESSAGES: usize = 40;
        let waiting: VecDeque<_> = once("slow".to_owned())
            .chain((1..MESSAGES).map(|number| number.to_string()))
            .collect();
        let waiting = Arc::new(Mutex::new(waiting));
        let unit = || {
            let mut unit = FakeUnitOfWork::default();
            let waiting = Arc::clone(&waiting);
            unit.messages.expect_take().returning(move |_, _, limit| {
                let mut waiting = waiting.lock().unwrap();
                let taken = waiting.len().min(usize::try_from(limit).unwrap());
                Ok(waiting.drain(..taken).map(|id| queued(&id)).collect())
            });
            unit.messages.expect_settle().returning(|_, _, _| Ok(()));
            unit
        };
        let units = (0..3 * MESSAGES).map(|_| unit()).collect();
        let fake = FakePorts::with_store(FakeStore::new(units, Vec::new()));
        let mailer = Arc::new(Slow::default());
        let message_delivery = compose::message_delivery(&fake.ports, mailer.clone());
        let _worker = Worker::start(message_delivery, Arc::new(SystemClock));
        let sent = || mailer.0.lock().unwrap().len();

        tokio::time::sleep(MOMENT).await;
        assert_eq!(sent(), MESSAGES - 1);
        waiting.lock().unwrap().push_back("late".to_owned());
        fake.ports.queue_wakeup.notify();
        tokio::time::sleep(MOMENT).await;
        assert_eq!(sent(), MESSAGES);
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(mailer.0.lock().unwrap().last().unwrap(), "slow");
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_messages_are_sent_at_once_than_the_maximum() {
        let taken = Arc::new(Mutex::new(Vec::new()));
        let unit = || {
            let mut unit = FakeUnitOfWork::default();
            let taken = Arc::clone(&taken);
            unit.messages.expect_take().returning(move |_, _, limit| {
                taken.lock().unwrap().push(limit);
                Ok((0..limit.min(10)).map(|_| queued("slow")).collect())
            });
            unit
        };
        let fake = FakePorts::with_store(FakeStore::new((0..9).map(|_| unit()).collect(), Vec::new()));
        let message_delivery = compose::message_delivery(&fake.ports, Arc::new(Slow::default()));
        let _worker = Worker::start(message_delivery, Arc::new(SystemClock));
        for _ in 0..5 {
            tokio::time::sleep(MOMENT).await;
            fake.ports.queue_wakeup.notify();
        }
        assert_eq!(*taken.lock().unwrap(), [16, 6]);
    }
}
