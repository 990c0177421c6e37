//! Coalesced lookups of sessions.
//!
//! A lookup that finds enough others under way waits for the next one, which asks for all waiting tokens with one
//! statement. A lookup never waits if the server is idle. Nothing is cached: a statement is sent after all lookups that it
//! answers have begun, so no answer is older than its request.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use portcullis_domain::token::SessionToken;
use tokio::{task, time::timeout};

use super::{
    queue::{Queue, Waiting, fail, give},
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

/// Maximum number of statements at a time. A third statement would slow down the other two and PostgreSQL.
const MOST_RUNNING: u32 = 2;

/// Maximum number of tokens in one statement.
const LONGEST_BATCH: usize = 64;

/// How long a lookup waits in the queue before the running statements count as hanging. A statement takes some milliseconds.
const LATE: Duration = Duration::from_millis(250);

/// How long a task answers batches on one blocking thread before it returns the thread.
const STAY: Duration = Duration::from_millis(50);

pub(super) type Answer = Shared<Option<Found>>;

/// The session lookups of a store.
pub(crate) struct SessionLookups {
    pool: Arc<Pool>,
    statement: Statement,
    /// Asked before the primary.
    pub(super) standby: Option<StandbyLookups>,
    queue: Queue,
}

impl SessionLookups {
    /// Returns lookups with this statement on the connections of this pool.
    pub(super) fn new(pool: &Arc<Pool>, statement: Statement, standby: Option<StandbyLookups>) -> Self {
        Self {
            pool: Arc::clone(pool),
            statement,
            standby,
            queue: Queue::default(),
        }
    }

    /// Returns the session with this token, and its user, as the server of this pool has it.
    pub(super) async fn ask(self: &Arc<Self>, token: &SessionToken) -> Answer {
        let (waiting, mut received) = Waiting::new(token);
        if self.queue.add(waiting, MOST_RUNNING) {
            self.start_runner();
        }
        let (options, since) = (self.pool.options(), Instant::now());
        let received = async {
            if let Ok(answer) = timeout(LATE, &mut received).await {
                return answer;
            }
            // The running statements may hang, as on a connection that is dead without a sign of it.
            if self.queue.add_runner_if_late(LATE, options.size) {
                self.start_runner();
            }
            received.await
        };
        match timeout(options.acquire + options.operation, received).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_dropped)) if since.elapsed() < options.operation => {
                Answer::unsent(OperationFailure::Panicked)
            }
            Ok(Err(_)) | Err(_) => Answer::unsent(OperationFailure::TimedOut),
        }
    }

    fn start_runner(self: &Arc<Self>) {
        let runner = Runner {
            lookups: Arc::clone(self),
            is_counted: true,
        };
        task::spawn(runner.run());
    }

    /// Answers batches until no lookup waits, another operation waits for a connection, or `STAY` has passed. Blocks.
    /// Returns the batch that PostgreSQL rejected, if it rejected one of several lookups.
    fn answer_batches(&self, lease: Lease) -> Option<Rejected> {
        let end = Instant::now() + STAY;
        let mut next = Some(lease);
        while let Some(lease) = next {
            let batch = self.queue.take(LONGEST_BATCH);
            if batch.is_empty() {
                return None;
            }
            let tokens: Vec<_> = batch.iter().map(|waiting| waiting.token.clone()).collect();
            let Outcome { statements, result } = self.look_up(&tokens, lease);
            match result {
                Ok((found, _autocommit)) => give(batch, &found, statements),
                Err(trouble) if batch.len() > 1 && trouble.is_of_statement() => {
                    return Some(Rejected { batch, statements });
                }
                Err(trouble) => fail(batch, &trouble, statements),
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

    /// Reports that no connection was free. If the pool is only overloaded, lookups that began later continue to wait.
    fn fail(&self, trouble: &OperationFailure) {
        let limit = self.pool.options().acquire;
        let is_over = |waiting: &Waiting| {
            !matches!(trouble, OperationFailure::Overloaded) || waiting.since.elapsed() >= limit
        };
        fail(self.queue.take_those(is_over), trouble, 0);
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
    /// Whether the queue counts this task. `false` once the task has ended.
    is_counted: bool,
}

/// Lookups without an answer, because PostgreSQL rejected the statement that they share.
struct Rejected {
    batch: Vec<Waiting>,
    statements: u32,
}

impl Runner {
    async fn run(mut self) {
        while !self.lookups.queue.end_if_idle() {
            match self.lookups.pool.lease().await {
                Ok(lease) => self.answer(lease).await,
                Err(trouble) => self.lookups.fail(&trouble),
            }
        }
        self.is_counted = false;
    }

    /// Answers batches on one blocking thread, and then the lookups of a batch that PostgreSQL rejected.
    async fn answer(&self, lease: Lease) {
        let lookups = Arc::clone(&self.lookups);
        let limit = lookups.pool.options().operation;
        let outcome = run_blocking(NAME, limit, move || Outcome::done(lookups.answer_batches(lease)));
        // A thread that takes too long, or panics, has the lookups: their callers report that.
        if let Ok((Some(rejected), _autocommit)) = outcome.await.result {
            self.repeat(rejected).await;
        }
    }

    /// Looks each session of a rejected batch up with a statement of its own, so that no caller gets the error of another
    /// one.
    async fn repeat(&self, Rejected { batch, statements }: Rejected) {
        for waiting in batch.into_iter().filter(Waiting::is_asked) {
            let answer = self.single(waiting.token.clone(), statements).await;
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
    /// The queue no longer counts a runner that was cancelled or has panicked.
    fn drop(&mut self) {
        if self.is_counted {
            self.lookups.queue.end();
        }
    }
}
