//! The worker that has messages sent.

use std::{sync::Arc, time::Duration};

use portcullis_application::{
    message::Deliverer,
    ports::{Clock, Failure, QueuedMessage},
};
use tokio::{
    sync::Notify,
    task::{JoinError, JoinHandle, JoinSet},
    time::{Instant, timeout_at},
};

use crate::error::chain;

/// How often it is looked whether there is something to send that nobody here has queued: by another replica that
/// is gone, or to be tried again.
const PAUSE: Duration = Duration::from_secs(2);
/// How many messages are sent at once.
const AT_ONCE: u32 = 16;

/// Sends messages until it is stopped.
pub(crate) struct Worker {
    task: JoinHandle<()>,
    stop: Arc<Notify>,
}

impl Worker {
    /// Begins to send, on the runtime within which it is called.
    pub(crate) fn start(deliverer: Deliverer, clock: Arc<dyn Clock>) -> Self {
        let stop = Arc::new(Notify::new());
        let work = Work {
            deliverer: Arc::new(deliverer),
            in_flight: JoinSet::new(),
            has_more: true,
            is_failing: false,
        };
        let task = tokio::spawn(work.go_on(clock, Arc::clone(&stop)));
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

/// What is under way.
struct Work {
    deliverer: Arc<Deliverer>,
    /// One task for each message that is being sent: none waits for another.
    in_flight: JoinSet<Result<(), Failure>>,
    /// Whether there may be messages in the queue that are to be sent now.
    has_more: bool,
    is_failing: bool,
}

impl Work {
    async fn go_on(mut self, clock: Arc<dyn Clock>, stop: Arc<Notify>) {
        let mut is_stopping = false;
        let mut pause = clock.sleep(PAUSE);
        loop {
            if self.has_more && self.room() > 0 {
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
                () = self.deliverer.called(), if !self.is_failing && self.room() > 0 => self.has_more = true,
                () = &mut pause => {
                    self.has_more = true;
                    pause = clock.sleep(PAUSE);
                }
            }
        }
    }

    /// How many messages may be sent besides those that are being sent.
    fn room(&self) -> u32 {
        AT_ONCE.saturating_sub(u32::try_from(self.in_flight.len()).unwrap_or(AT_ONCE))
    }

    /// Takes as many messages as there is room for, and begins to send them.
    async fn fill(&mut self) {
        let room = self.room();
        match take(Arc::clone(&self.deliverer), room).await {
            Ok(messages) => {
                self.has_more = u32::try_from(messages.len()).is_ok_and(|taken| taken >= room);
                self.note(None);
                for message in messages {
                    let deliverer = Arc::clone(&self.deliverer);
                    self.in_flight
                        .spawn(async move { deliverer.deliver(&message).await });
                }
            }
            Err(failure) => self.note(Some(&failure)),
        }
    }

    /// After a failure, the queue is left alone until the pause is over.
    fn note(&mut self, failure: Option<&Failure>) {
        tell(failure, self.is_failing);
        self.is_failing = failure.is_some();
        self.has_more &= !self.is_failing;
    }
}

/// In a task of its own, which ends with whoever waits for it: a panic ends the look and not the worker.
async fn take(deliverer: Arc<Deliverer>, room: u32) -> Result<Vec<QueuedMessage>, Failure> {
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { deliverer.take(room).await });
    match tasks.join_next().await {
        Some(outcome) => flatten(outcome),
        None => Ok(Vec::new()),
    }
}

fn flatten<T>(outcome: Result<Result<T, Failure>, JoinError>) -> Result<T, Failure> {
    outcome.unwrap_or_else(|_panic| Err(Failure::new("a panic ended it")))
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
        for (time, looks) in [(Duration::ZERO, 1), (MOMENT, 2)] {
            let world = World::with_failures(0);
            assert_eq!(world.looks().await, 1);
            world.worker.stop(Instant::now() + time).await;
            tokio::time::sleep(PAUSE).await;
            assert_eq!(world.looks.load(Ordering::SeqCst), looks, "{time:?}");
        }
    }

    /// Takes a minute for one message and no time for others, and keeps the ids of those that it has sent.
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
    async fn a_slow_message_holds_up_no_other() {
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
        let fake = FakePorts::around(FakeStore::new(units, Vec::new()));
        let mailer = Arc::new(Slow::default());
        let deliverer = compose::deliverer(&fake.ports, mailer.clone());
        let _worker = Worker::start(deliverer, Arc::new(SystemClock));
        let sent = || mailer.0.lock().unwrap().len();

        tokio::time::sleep(MOMENT).await;
        assert_eq!(sent(), MESSAGES - 1);
        waiting.lock().unwrap().push_back("late".to_owned());
        fake.ports.bell.ring();
        tokio::time::sleep(MOMENT).await;
        assert_eq!(sent(), MESSAGES);
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(mailer.0.lock().unwrap().last().unwrap(), "slow");
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_sent_at_once_than_there_is_room_for() {
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
        let fake = FakePorts::around(FakeStore::new((0..9).map(|_| unit()).collect(), Vec::new()));
        let deliverer = compose::deliverer(&fake.ports, Arc::new(Slow::default()));
        let _worker = Worker::start(deliverer, Arc::new(SystemClock));
        for _ in 0..5 {
            tokio::time::sleep(MOMENT).await;
            fake.ports.bell.ring();
        }
        assert_eq!(*taken.lock().unwrap(), [16, 6]);
    }
}
