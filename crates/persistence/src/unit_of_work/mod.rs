//! The unit of work. All access to the database goes through it.

mod standby;

use std::{
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use diesel::{PgConnection, QueryResult};
use portcullis_application::{
    ports::{Failure, UniqueKey, UnitOfWork, WriteError},
    statistics::Statistics,
};
use tokio::runtime::Handle;

use self::blocking::warn_of_pause;
pub(crate) use self::blocking::{ask, run_blocking};
use crate::{
    additional::DeclaredFields,
    error::{OperationFailure, Purpose, translate, unique_key},
    operation::{Context, Outcome, Repeat, TransactionConnection, Work},
    pool::Pool,
    session::SessionLookups,
    session_cache::{RowChange, SessionCache},
    store::StoreOptions,
};

mod blocking;
mod changes;

/// The repositories, on at most one connection.
///
/// Its cost is added to the request's [`Statistics`]: every statement of a repository, `BEGIN`, `COMMIT` and
/// `ROLLBACK`, each time it is sent. Statements that only prepare a connection are not counted: the first preparation
/// of a statement, the setup of a new connection, and the test of an idle one. An operation without an answer counts as
/// one statement.
pub(crate) struct PgUnitOfWork {
    pool: Arc<Pool>,
    options: Arc<StoreOptions>,
    /// Looks sessions up outside of transactions. `None`: the unit of work does so itself.
    lookups: Option<Arc<SessionLookups>>,
    /// The session cache, from which the entries that it changes are removed.
    session_cache: Option<Arc<SessionCache>>,
    /// Changes of sessions and users that are not in effect yet.
    changes: Vec<RowChange>,
    state: State,
    /// Whether its transaction has changed what a standby answers.
    outdates_standby: bool,
    /// What its operations did. A commit checks deferred constraints, so it can fail for the same reasons.
    purpose: Purpose,
}

/// The result and cost of an operation that several units of work share.
pub(crate) struct Shared<T> {
    /// How many statements were sent.
    pub(crate) statements: u32,
    /// The result.
    pub(crate) result: Result<T, OperationFailure>,
}

enum State {
    /// Each operation runs outside of a transaction, on any connection.
    Autocommit,
    /// A transaction that has not begun.
    Fresh,
    /// A transaction that has begun.
    Open {
        held: Box<TransactionConnection>,
        since: Instant,
    },
    /// A transaction that has ended, with or without success.
    Over,
}

impl PgUnitOfWork {
    /// Returns a unit of work without a transaction.
    pub(crate) const fn autocommit(pool: Arc<Pool>, options: Arc<StoreOptions>) -> Self {
        Self {
            pool,
            options,
            lookups: None,
            session_cache: None,
            changes: Vec::new(),
            outdates_standby: false,
            state: State::Autocommit,
            purpose: Purpose::Housekeeping,
        }
    }

    /// Returns a unit of work with a transaction, which begins with its first operation.
    pub(crate) const fn transaction(pool: Arc<Pool>, options: Arc<StoreOptions>) -> Self {
        Self {
            pool,
            options,
            lookups: None,
            session_cache: None,
            changes: Vec::new(),
            outdates_standby: false,
            state: State::Fresh,
            purpose: Purpose::Housekeeping,
        }
    }

    /// Reports an answer of shared lookups, which began at `started`, as that of an operation of this unit of work.
    pub(crate) fn receive<T>(
        &self,
        name: &'static str,
        started: Instant,
        Shared { statements, result }: Shared<T>,
    ) -> Result<T, Failure> {
        Statistics::add(statements, started.elapsed());
        result
            .map_err(|trouble| translate(name, Purpose::Housekeeping, trouble, &self.options).into_failure())
    }

    /// Returns the additional fields.
    pub(crate) fn fields(&self) -> &DeclaredFields {
        &self.options.fields
    }

    /// Returns the key of a unique constraint.
    pub(crate) fn unique_key(&self, constraint: &str) -> Option<UniqueKey> {
        unique_key(constraint, &self.options)
    }

    /// Returns whether a Node server must be able to read our rows.
    pub(crate) fn is_shared(&self) -> bool {
        self.options.shared_database
    }

    /// Runs an operation that may be repeated: a lookup, or an idempotent write of rows that the server needs for
    /// itself.
    pub(crate) async fn run<T: Send + 'static>(
        &mut self,
        name: &'static str,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.measured(name, Purpose::Housekeeping, Repeat::Harmless, operation)
            .await
            .map_err(WriteError::into_failure)
    }

    /// Runs a write that may be repeated. It can violate a unique key or another rule of the database.
    pub(crate) async fn run_write<T: Send + 'static>(
        &mut self,
        name: &'static str,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        self.measured(name, Purpose::Write, Repeat::Harmless, operation)
            .await
    }

    /// Runs a write that must not be repeated. It can violate a unique key or another rule of the database.
    pub(crate) async fn run_write_once<T: Send + 'static>(
        &mut self,
        name: &'static str,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        self.measured(name, Purpose::Write, Repeat::Harmful, operation)
            .await
    }

    /// Runs a deletion that may be repeated. Foreign keys of the application's tables can forbid it.
    pub(crate) async fn run_deletion<T: Send + 'static>(
        &mut self,
        name: &'static str,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.measured(name, Purpose::Deletion, Repeat::Harmless, operation)
            .await
            .map_err(WriteError::into_failure)
    }

    /// Runs a deletion that must not be repeated. Foreign keys of the application's tables can forbid it.
    pub(crate) async fn run_deletion_once<T: Send + 'static>(
        &mut self,
        name: &'static str,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.measured(name, Purpose::Deletion, Repeat::Harmful, operation)
            .await
            .map_err(WriteError::into_failure)
    }

    async fn measured<T: Send + 'static>(
        &mut self,
        name: &'static str,
        purpose: Purpose,
        repeat: Repeat,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        self.purpose = self.purpose.max(purpose);
        let started = Instant::now();
        let outcome = self.perform(name, repeat, operation).await;
        self.outdate_standby_after(name, purpose);
        Statistics::add(outcome.statements, started.elapsed());
        let (value, held) = outcome
            .result
            .map_err(|trouble| translate(name, purpose, trouble, &self.options))?;
        if let Some(held) = held {
            self.state = State::Open {
                held,
                since: Instant::now(),
            };
        }
        Ok(value)
    }

    async fn perform<T: Send + 'static>(
        &mut self,
        name: &'static str,
        repeat: Repeat,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Outcome<T> {
        let context = match self.context(name).await {
            Ok(context) => context,
            Err(trouble) => return Outcome::unsent(trouble),
        };
        let limit = self.pool.options().operation;
        let work = Work {
            context,
            repeat,
            limit,
        };
        let is_last = matches!(self.state, State::Autocommit);
        let pending = is_last.then(|| self.pending()).flatten();
        run_blocking(name, limit, move || {
            let outcome = work.perform(operation);
            drop(pending);
            outcome
        })
        .await
    }

    /// Returns where the next operation runs. Until an operation returns, its transaction counts as over, so that a
    /// transaction whose caller was cancelled, or whose operation got no answer, is never continued.
    async fn context(&mut self, name: &'static str) -> Result<Context, OperationFailure> {
        match mem::replace(&mut self.state, State::Over) {
            State::Autocommit => {
                self.state = State::Autocommit;
                Ok(Context::Autocommit(self.pool.lease().await?))
            }
            State::Fresh => Ok(Context::BeginTransaction(self.pool.lease().await?)),
            State::Open { held, since } => {
                warn_of_pause(name, since);
                Ok(Context::InTransaction(held))
            }
            State::Over => Err(OperationFailure::TransactionEnded),
        }
    }
}

#[async_trait]
impl UnitOfWork for PgUnitOfWork {
    async fn commit(mut self: Box<Self>) -> Result<(), Failure> {
        const NAME: &str = "commit";
        let started = Instant::now();
        let outcome = match mem::replace(&mut self.state, State::Over) {
            State::Autocommit | State::Fresh => return Ok(()),
            State::Over => Outcome::unsent(OperationFailure::TransactionEnded),
            State::Open { held, since } => {
                warn_of_pause(NAME, since);
                let limit = self.pool.options().operation;
                let pending = self.pending();
                run_blocking(NAME, limit, move || {
                    let outcome = held.commit(limit);
                    drop(pending);
                    outcome
                })
                .await
            }
        };
        self.outdate_standby_after_commit();
        Statistics::add(outcome.statements, started.elapsed());
        outcome
            .result
            .map(|_nothing| ())
            .map_err(|trouble| translate(NAME, self.purpose, trouble, &self.options).into_failure())
    }
}

/// An open transaction is rolled back and its connection kept. Without a runtime, as during a shutdown, the connection
/// is closed with its transaction open, which also rolls back.
impl Drop for PgUnitOfWork {
    fn drop(&mut self) {
        if let State::Open { held, .. } = mem::replace(&mut self.state, State::Over)
            && let Ok(runtime) = Handle::try_current()
        {
            Statistics::add(1, Duration::ZERO);
            runtime.spawn_blocking(move || held.roll_back());
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
