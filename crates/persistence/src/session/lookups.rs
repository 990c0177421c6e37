//! Coalesced lookups of sessions.
//!
//! A lookup that finds enough others under way waits for the next one, which asks for all waiting tokens with one
//! statement. A lookup never waits if the server is idle. Nothing is cached: a statement is sent after all lookups that it
//! answers have begun, so no answer is older than its request.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use diesel::{PgConnection, QueryResult, prelude::*};
use portcullis_domain::{session::Session, token::SessionToken, user::User};
use tokio::{sync::oneshot, task, time::timeout};

use super::{
    row::{Row, RowWithUser, by_token},
    standby::StandbyLookups,
};
use crate::{
    additional::Columns,
    error::OperationFailure,
    operation::{Context, Outcome, Repeat, Work},
    pool::{self, Pool},
    schema::{sessions, users},
    standby::Lease,
    store::StoreOptions,
    unit_of_work::{Shared, run_blocking},
    user,
};

/// The operation, as logs and failures name it.
pub(super) const NAME: &str = "sessions.find_by_token";

/// Maximum number of statements at a time. A third one would take a processor from the first two and from PostgreSQL.
const MOST_RUNNING: u32 = 2;

/// Maximum number of tokens in one statement.
const LONGEST_BATCH: usize = 64;

/// A session and its user, if there is one.
type Found = Option<(Session, User)>;

pub(super) type Answer = Shared<Found>;

/// The session lookups of a store.
pub(crate) struct SessionLookups {
    pool: Arc<Pool>,
    pub(super) statement: Arc<Statement>,
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

/// The statement that looks sessions up.
#[derive(Clone)]
pub(super) struct Statement {
    pub(super) columns: Columns,
    pub(super) of_users: Columns,
    /// The right to read from the server, if it is a standby.
    pub(super) lease: Option<Arc<Lease>>,
}

impl SessionLookups {
    /// Returns lookups on the connections of this pool.
    pub(crate) fn new(pool: &Arc<Pool>, options: &StoreOptions) -> Self {
        let statement = Statement {
            columns: options.fields.of_sessions(),
            of_users: options.fields.of_users(),
            lease: None,
        };
        Self::with_statement(pool, statement)
    }

    pub(super) fn with_statement(pool: &Arc<Pool>, statement: Statement) -> Self {
        Self {
            pool: Arc::clone(pool),
            statement: Arc::new(statement),
            standby: None,
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
        batch.filter(|waiting| !waiting.answer.is_closed()).collect()
    }

    /// Ends a runner if no lookup waits. Returns whether it ended.
    fn end_if_idle(&self) -> bool {
        let mut queue = self.queue();
        let is_idle = queue.waiting.is_empty();
        queue.running -= u32::from(is_idle);
        is_idle
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

impl Waiting {
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

impl Runner {
    async fn run(mut self) {
        while !self.lookups.end_if_idle() {
            match self.lookups.pool.lease().await {
                Ok(lease) => self.answer(self.lookups.take(), lease).await,
                Err(trouble) => self.lookups.fail(&trouble),
            }
        }
        self.is_counted = false;
    }

    /// Looks a batch up with one statement. If PostgreSQL rejects it, each lookup is repeated by itself, so that no caller
    /// gets the error of another one.
    async fn answer(&self, batch: Vec<Waiting>, lease: pool::Lease) {
        if batch.is_empty() {
            return;
        }
        let tokens = batch.iter().map(|waiting| waiting.token.clone()).collect();
        let Outcome { statements, result } = self.look_up(tokens, lease).await;
        match result {
            Ok((found, _autocommit)) => {
                for waiting in batch {
                    let result = Ok(found.get(&waiting.token).cloned());
                    waiting.receive(Answer { statements, result });
                }
            }
            Err(trouble) if batch.len() > 1 && trouble.is_of_statement() => {
                let asked = batch.into_iter().filter(|waiting| !waiting.answer.is_closed());
                for waiting in asked {
                    let answer = self.single(waiting.token.clone(), statements).await;
                    waiting.receive(answer);
                }
            }
            Err(trouble) => {
                for waiting in batch {
                    let result = Err(trouble.clone());
                    waiting.receive(Answer { statements, result });
                }
            }
        }
    }

    /// Looks one session up. `statements` were sent for it before.
    async fn single(&self, token: String, statements: u32) -> Answer {
        let lease = match self.lookups.pool.lease().await {
            Ok(lease) => lease,
            Err(trouble) => return Answer::unsent(trouble),
        };
        let outcome = self.look_up(vec![token.clone()], lease).await;
        Answer {
            statements: statements + outcome.statements,
            result: outcome
                .result
                .map(|(mut found, _autocommit)| found.remove(&token)),
        }
    }

    async fn look_up(
        &self,
        tokens: Vec<String>,
        lease: pool::Lease,
    ) -> Outcome<HashMap<String, (Session, User)>> {
        let limit = self.lookups.pool.options().operation;
        let work = Work {
            context: Context::Autocommit(lease),
            repeat: Repeat::Harmless,
            limit,
        };
        let statement = Arc::clone(&self.lookups.statement);
        run_blocking(NAME, limit, move || {
            work.perform(|connection| statement.find(connection, &tokens))
        })
        .await
    }
}

impl Drop for Runner {
    /// A runner that is cancelled or panics does not count any more.
    fn drop(&mut self) {
        self.lookups.queue().running -= u32::from(self.is_counted);
    }
}

impl Statement {
    /// Returns the sessions with these tokens, by their tokens. One token is compared for equality: PostgreSQL's plan of an
    /// array costs more.
    fn find(
        &self,
        connection: &mut PgConnection,
        tokens: &[String],
    ) -> QueryResult<HashMap<String, (Session, User)>> {
        if let Some(lease) = &self.lease {
            return self.find_at_standby(connection, tokens, lease);
        }
        let (columns, of_users) = (&self.columns, &self.of_users);
        let found = sessions::table.inner_join(users::table);
        let selection = (Row::as_select(), columns, user::Row::as_select(), of_users);
        let rows = match tokens {
            [token] => found
                .filter(sessions::token.eq(token))
                .select(selection)
                .load::<RowWithUser>(connection)?,
            tokens => found
                .filter(sessions::token.eq_any(tokens))
                .select(selection)
                .load::<RowWithUser>(connection)?,
        };
        Ok(by_token(rows, columns, of_users))
    }
}
