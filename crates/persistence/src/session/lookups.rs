//! Coalesced lookups of sessions.
//!
//! A lookup that finds enough others under way waits for the next one, which asks for all waiting tokens with one
//! statement. A lookup never waits if the server is idle. Nothing is cached: a statement is sent after all lookups that it
//! answers have begun, so no answer is older than its request.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use portcullis_domain::token::SessionToken;
use tokio::{sync::oneshot, task, time::timeout};

use super::{
    row::Found,
    standby::StandbyLookups,
    statement::{Sessions, Statement},
};
use crate::{
    error::OperationFailure,
    operation::{Context, Outcome, Repeat, Work},
    pool::{Lease, Pool},
    unit_of_work::{Shared, run_blocking},
};

/// The operation, as logs and failures name it.
pub(super) const NAME: &str = "sessions.find_by_token";

/// Maximum number of statements at a time. A third one would take a processor from the first two and from PostgreSQL.
const MOST_RUNNING: u32 = 2;

/// Maximum number of tokens in one statement.
const LONGEST_BATCH: usize = 64;

/// How long one blocking thread answers batches before it makes room for others.
const STAY: Duration = Duration::from_millis(50);

pub(super) type Answer = Shared<Option<Found>>;

/// The session lookups of a store.
pub(crate) struct SessionLookups {
    pool: Arc<Pool>,
    statement: Statement,
    /// Answers first.
    pub(super) standby: Option<StandbyLookups>,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    /// How many tasks run lookups.
    running: u32,
}

/// A lookup that waits for its answer.
struct Waiting {
    token: String,
    since: Instant,
    answer: oneshot::Sender<Answer>,
}

impl SessionLookups {
    /// Returns lookups with this statement on the connections of this pool.
    pub(super) fn new(pool: &Arc<Pool>, statement: Statement, standby: Option<StandbyLookups>) -> Self {
        Self {
            pool: Arc::clone(pool),
            statement,
            standby,
            queue: Mutex::default(),
        }
    }

    /// Returns the session with this token, and its user, as the server of this pool has it.
    pub(super) async fn ask(self: &Arc<Self>, token: &SessionToken) -> Answer {
        let (answer, received) = oneshot::channel();
        let waiting = Waiting {
            token: token.expose().clone(),
            since: Instant::now(),
            answer,
        };
        if self.enqueue(waiting) {
            let runner = Runner {
                lookups: Arc::clone(self),
                is_counted: true,
            };
            task::spawn(runner.run());
        }
        let options = self.pool.options();
        match timeout(options.acquire + options.operation, received).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_dropped)) => Answer::unsent(OperationFailure::Panicked),
            Err(_elapsed) => Answer::unsent(OperationFailure::TimedOut),
        }
    }

    /// Adds a lookup to the queue. Returns whether one more task must run lookups.
    fn enqueue(&self, waiting: Waiting) -> bool {
        let mut queue = self.queue();
        queue.waiting.push_back(waiting);
        let is_needed = queue.running < MOST_RUNNING;
        queue.running += u32::from(is_needed);
        is_needed
    }

    /// Takes the lookups that have waited longest. Those whose callers are gone are dropped.
    fn take(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let count = queue.waiting.len().min(LONGEST_BATCH);
        let batch = queue.waiting.drain(..count);
        batch.filter(Waiting::is_asked).collect()
    }

    /// Ends a runner if no lookup waits. Returns whether it ended.
    fn end_if_idle(&self) -> bool {
        let mut queue = self.queue();
        let is_idle = queue.waiting.is_empty();
        queue.running -= u32::from(is_idle);
        is_idle
    }

    /// Answers batches until no lookup waits, another operation waits for a connection, or `STAY` has passed. Blocks.
    /// Returns the batch that failed, if one did.
    fn answer_batches(&self, lease: Lease) -> Option<Failed> {
        let end = Instant::now() + STAY;
        let mut next = Some(lease);
        while let Some(lease) = next {
            let batch = self.take();
            if batch.is_empty() {
                return None;
            }
            let tokens: Vec<_> = batch.iter().map(|waiting| waiting.token.clone()).collect();
            let Outcome { statements, result } = self.look_up(&tokens, lease);
            match result {
                Ok((found, _autocommit)) => give(batch, &found, statements),
                Err(trouble) => {
                    return Some(Failed {
                        batch,
                        trouble,
                        statements,
                    });
                }
            }
            next = (Instant::now() < end).then(|| self.pool.try_lease()).flatten();
        }
        None
    }

    /// Looks sessions up with one statement. Blocks.
    fn look_up(&self, tokens: &[String], lease: Lease) -> Outcome<Sessions> {
        let work = Work {
            context: Context::Autocommit(lease),
            repeat: Repeat::Harmless,
            limit: self.pool.options().operation,
        };
        work.perform(|connection| self.statement.find(connection, tokens))
    }

    /// Reports that no connection was free. Lookups that began later wait on, unless there can be no connection.
    fn fail(&self, trouble: &OperationFailure) {
        let limit = self.pool.options().acquire;
        let is_over = |waiting: &Waiting| {
            !matches!(trouble, OperationFailure::Overloaded) || waiting.since.elapsed() >= limit
        };
        let mut queue = self.queue();
        let (over, stay): (VecDeque<_>, VecDeque<_>) = queue.waiting.drain(..).partition(is_over);
        queue.waiting = stay;
        drop(queue);
        for waiting in over {
            waiting.receive(Answer::unsent(trouble.clone()));
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives each caller of a batch its answer.
fn give(batch: Vec<Waiting>, found: &Sessions, statements: u32) {
    for waiting in batch {
        let result = Ok(found.get(&waiting.token).cloned());
        waiting.receive(Answer { statements, result });
    }
}

impl Waiting {
    /// Whether the caller still waits.
    fn is_asked(&self) -> bool {
        !self.answer.is_closed()
    }

    /// Gives the caller the answer, unless the caller is gone.
    fn receive(self, answer: Answer) {
        let _is_gone = self.answer.send(answer);
    }
}

impl<T> Shared<T> {
    pub(super) const fn unsent(trouble: OperationFailure) -> Self {
        Self {
            statements: 0,
            result: Err(trouble),
        }
    }
}

/// A task that runs lookups until none waits.
struct Runner {
    lookups: Arc<SessionLookups>,
    /// Whether it is counted. It is not any more once it has ended.
    is_counted: bool,
}

/// Lookups without an answer, because their statement failed.
struct Failed {
    batch: Vec<Waiting>,
    trouble: OperationFailure,
    statements: u32,
}

impl Runner {
    async fn run(mut self) {
        while !self.lookups.end_if_idle() {
            match self.lookups.pool.lease().await {
                Ok(lease) => self.answer(lease).await,
                Err(trouble) => self.lookups.fail(&trouble),
            }
        }
        self.is_counted = false;
    }

    /// Answers batches on one blocking thread, and then the lookups of a batch that failed.
    async fn answer(&self, lease: Lease) {
        let lookups = Arc::clone(&self.lookups);
        let limit = lookups.pool.options().operation;
        let outcome = run_blocking(NAME, limit, move || Outcome::done(lookups.answer_batches(lease)));
        // Without an outcome, the callers get none either, and report the time limit or the panic themselves.
        if let Ok((Some(failed), _autocommit)) = outcome.await.result {
            self.answer_failed(failed).await;
        }
    }

    /// If PostgreSQL rejected the statement of several lookups, each is repeated with a statement of its own, so that no
    /// caller gets the error of another one.
    async fn answer_failed(&self, failed: Failed) {
        let Failed {
            batch,
            trouble,
            statements,
        } = failed;
        let must_repeat = batch.len() > 1 && trouble.is_of_statement();
        for waiting in batch.into_iter().filter(Waiting::is_asked) {
            let answer = if must_repeat {
                self.single(waiting.token.clone(), statements).await
            } else {
                let result = Err(trouble.clone());
                Answer { statements, result }
            };
            waiting.receive(answer);
        }
    }

    /// Looks one session up. `statements` were sent for it before.
    async fn single(&self, token: String, statements: u32) -> Answer {
        let lease = match self.lookups.pool.lease().await {
            Ok(lease) => lease,
            Err(trouble) => return Answer::unsent(trouble),
        };
        let lookups = Arc::clone(&self.lookups);
        let limit = lookups.pool.options().operation;
        let tokens = [token.clone()];
        let outcome = run_blocking(NAME, limit, move || lookups.look_up(&tokens, lease)).await;
        Answer {
            statements: statements + outcome.statements,
            result: outcome
                .result
                .map(|(mut found, _autocommit)| found.remove(&token)),
        }
    }
}

impl Drop for Runner {
    /// A runner that is cancelled or panics does not count any more.
    fn drop(&mut self) {
        self.lookups.queue().running -= u32::from(self.is_counted);
    }
}
