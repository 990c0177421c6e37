//! The blocking part of an operation, which runs on a connection of the pool or in an open transaction.

use std::time::{Duration, Instant};

use diesel::{
    PgConnection, QueryResult,
    connection::{AnsiTransactionManager, TransactionManager},
    r2d2::PooledConnection,
};

use crate::{
    error::{ConnectionState, DatabaseError, OperationFailure},
    manager::{Manager, lock_limit},
    pool::Lease,
};

/// Sets the isolation level explicitly: behind a pooler we cannot change the database's default.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// A connection that was taken from its pool, and its permit. Fields are dropped in this order, so the connection is
/// returned before the permit.
pub(crate) struct TransactionConnection {
    connection: PooledConnection<Manager>,
    lease: Lease,
}

/// Where an operation runs.
pub(crate) enum Context {
    /// On any connection, outside of a transaction.
    Autocommit(Lease),
    /// On any connection, as the first operation of a transaction.
    BeginTransaction(Lease),
    /// In the open transaction.
    InTransaction(Box<TransactionConnection>),
}

/// Whether an operation may be repeated if the first attempt got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// A repetition has the same effect and result.
    Harmless,
    /// A repetition could have another effect or result.
    Harmful,
}

/// The result and cost of an operation.
pub(crate) struct Outcome<T> {
    /// How many statements were sent, including `BEGIN`, `COMMIT` and `ROLLBACK`.
    pub(crate) statements: u32,
    /// The result, with the connection if a transaction is still open.
    pub(crate) result: Result<(T, Option<Box<TransactionConnection>>), OperationFailure>,
}

/// Parameters of an operation.
pub(crate) struct Work {
    /// Where it runs.
    pub(crate) context: Context,
    /// Whether it may be repeated outside of a transaction. The first operation of a transaction may always be
    /// repeated: a transaction has no effect before its commit.
    pub(crate) repeat: Repeat,
    /// How long PostgreSQL allows a statement to run.
    pub(crate) limit: Duration,
}

impl Work {
    /// Runs the operation. Blocks.
    ///
    /// If it fails, its transaction is rolled back, and the connection is returned to the pool or closed.
    pub(crate) fn perform<T>(self, operation: impl Fn(&mut PgConnection) -> QueryResult<T>) -> Outcome<T> {
        let mut run = Run {
            statements: 0,
            limit: self.limit,
        };
        let result = match self.context {
            Context::Autocommit(lease) => run
                .with_second_try(lease, self.repeat, |run, held| run.autocommit(held, &operation))
                .map(|(value, _held)| (value, None)),
            Context::BeginTransaction(lease) => run
                .with_second_try(lease, Repeat::Harmless, |run, held| {
                    run.statement(held, begin)?;
                    run.in_transaction(held, &operation)
                })
                .map(|(value, held)| (value, Some(Box::new(held)))),
            Context::InTransaction(mut held) => run
                .in_transaction(&mut held, &operation)
                .map(|value| (value, Some(held))),
        };
        Outcome {
            statements: run.statements,
            result,
        }
    }
}

impl TransactionConnection {
    fn new(lease: Lease) -> Result<Self, OperationFailure> {
        let connection = lease.check_out()?;
        Ok(Self { connection, lease })
    }

    fn into_lease(self) -> Lease {
        self.lease
    }

    /// Commits the transaction. Blocks.
    pub(crate) fn commit(mut self, limit: Duration) -> Outcome<()> {
        let mut run = Run { statements: 0, limit };
        let result = run.statement(&mut self, AnsiTransactionManager::commit_transaction);
        Outcome {
            statements: run.statements,
            result: result.map(|()| ((), None)),
        }
    }

    /// Rolls the transaction back. Blocks.
    pub(crate) fn roll_back(mut self) {
        self.undo();
    }

    fn undo(&mut self) {
        // If this fails, diesel marks the connection as broken, and it is closed.
        let _is_closed = AnsiTransactionManager::rollback_transaction(&mut self.connection.connection);
    }
}

/// Counts the statements of one operation.
struct Run {
    statements: u32,
    limit: Duration,
}

impl Run {
    /// Runs `attempt` on a connection, and on another one if the first is dead.
    fn with_second_try<T>(
        &mut self,
        lease: Lease,
        repeat: Repeat,
        attempt: impl Fn(&mut Self, &mut TransactionConnection) -> Result<T, OperationFailure>,
    ) -> Result<(T, TransactionConnection), OperationFailure> {
        let mut held = TransactionConnection::new(lease)?;
        match attempt(self, &mut held) {
            Ok(value) => Ok((value, held)),
            Err(OperationFailure::Database(trouble)) if may_repeat(&trouble, repeat) => {
                let mut held = TransactionConnection::new(held.into_lease())?;
                let value = attempt(self, &mut held)?;
                Ok((value, held))
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// Runs the operation in the open transaction, and rolls that back if it fails: PostgreSQL would reject all further
    /// statements.
    fn in_transaction<T>(
        &mut self,
        held: &mut TransactionConnection,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, OperationFailure> {
        let result = self.statement(held, operation);
        if result.is_err() && !held.connection.is_broken {
            self.statements += 1;
            held.undo();
        }
        result
    }

    /// Runs the operation outside of a transaction, or in its own transaction if the default isolation level is not
    /// READ COMMITTED.
    fn autocommit<T>(
        &mut self,
        held: &mut TransactionConnection,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, OperationFailure> {
        if !held.connection.is_strict {
            return self.statement(held, operation);
        }
        self.statement(held, begin)?;
        let value = self.in_transaction(held, operation)?;
        self.statement(held, AnsiTransactionManager::commit_transaction)?;
        Ok(value)
    }

    fn statement<T>(
        &mut self,
        held: &mut TransactionConnection,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, OperationFailure> {
        self.statements += 1;
        held.lease.start();
        let started = Instant::now();
        operation(&mut held.connection.connection).map_err(|error| {
            let trouble = DatabaseError::classify(&error, started.elapsed(), lock_limit(self.limit));
            match trouble.connection {
                ConnectionState::Usable => {}
                ConnectionState::ReadOnly => {
                    held.connection.is_broken |= held.connection.may_be_replaced();
                    held.lease.note_read_only();
                }
                ConnectionState::Broken | ConnectionState::Outdated | ConnectionState::Lost => {
                    held.connection.is_broken = true;
                    held.lease.note_broken();
                }
            }
            if trouble.connection == ConnectionState::Outdated {
                held.lease.outdate_plans();
            }
            OperationFailure::Database(trouble)
        })
    }
}

fn may_repeat(trouble: &DatabaseError, repeat: Repeat) -> bool {
    match trouble.connection {
        ConnectionState::Lost | ConnectionState::Outdated => repeat == Repeat::Harmless,
        ConnectionState::Usable | ConnectionState::Broken | ConnectionState::ReadOnly => false,
    }
}

fn begin(connection: &mut PgConnection) -> QueryResult<()> {
    AnsiTransactionManager::begin_transaction_sql(connection, BEGIN)
}
