//! Work on blocking threads, and its limits.

use std::time::{Duration, Instant};

use diesel::{PgConnection, QueryResult};
use tokio::{task, time::timeout};

use crate::{
    error::OperationFailure,
    operation::{Context, Outcome, Repeat, Work},
    pool::Pool,
};

/// How long a unit of work may hold a connection between two operations before a warning is logged.
pub(super) const PAUSE: Duration = Duration::from_millis(250);

impl<T> Outcome<T> {
    /// Returns the outcome of work that counts its statements itself.
    pub(crate) const fn done(value: T) -> Self {
        Self {
            statements: 0,
            result: Ok((value, None)),
        }
    }

    pub(super) const fn unsent(trouble: OperationFailure) -> Self {
        Self {
            statements: 0,
            result: Err(trouble),
        }
    }

    pub(super) const fn unanswered(trouble: OperationFailure) -> Self {
        Self {
            statements: 1,
            result: Err(trouble),
        }
    }
}

/// Runs the work on a blocking thread, and waits for it at most as long as `limit`.
///
/// libpq does not detect a server that hangs, since the server's kernel still acknowledges packets. Work that exceeds
/// the limit keeps its connection and its permit, so there are never more blocked threads than permits. Its late result
/// is dropped, which closes a connection with an open transaction.
#[expect(clippy::disallowed_methods, reason = "blocking work is limited here")]
pub(crate) async fn run_blocking<T: Send + 'static>(
    name: &'static str,
    limit: Duration,
    work: impl FnOnce() -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let span = tracing::debug_span!("store", operation = name);
    match timeout(limit, task::spawn_blocking(move || span.in_scope(work))).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_panicked)) => Outcome::unanswered(OperationFailure::Panicked),
        Err(_elapsed) => Outcome::unanswered(OperationFailure::TimedOut),
    }
}

/// Asks the server of a pool a question that belongs to no request.
pub(crate) async fn ask<T: Send + 'static>(
    name: &'static str,
    pool: &Pool,
    question: fn(&mut PgConnection) -> QueryResult<T>,
) -> Result<T, OperationFailure> {
    let lease = pool.lease().await?;
    let limit = pool.options().operation;
    let work = Work {
        context: Context::Autocommit(lease),
        repeat: Repeat::Harmless,
        limit,
    };
    let outcome = run_blocking(name, limit, move || work.perform(question)).await;
    outcome.result.map(|(answer, _autocommit)| answer)
}

/// Warns if a connection was held for long between two operations.
pub(super) fn warn_of_pause(name: &'static str, since: Instant) {
    let pause = since.elapsed();
    if pause > PAUSE {
        tracing::warn!(
            operation = name,
            milliseconds = pause.as_millis(),
            "a transaction held a database connection while it was idle"
        );
    }
}
