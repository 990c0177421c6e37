//! Writes that may meet a unique key and leave the unit of work usable.

use diesel::{
    Connection as _, PgConnection, QueryResult,
    result::{DatabaseErrorKind, Error},
};
use portcullis_application::ports::{Failure, FailureKind, WriteError};

use crate::unit_of_work::PgUnitOfWork;

/// Another row has the value of a unique constraint that is no key of ours.
#[derive(Debug, thiserror::Error)]
#[error("another row has the value of the unique constraint {0:?}")]
struct OtherKeyTaken(String);

impl PgUnitOfWork {
    /// Runs a write that must not be repeated, in a savepoint. If it violates a unique key, only the write is rolled back.
    #[expect(
        clippy::disallowed_methods,
        reason = "the savepoint begins and ends within one operation"
    )]
    pub(crate) async fn run_in_savepoint<T: Send + 'static>(
        &mut self,
        name: &'static str,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        let written = self.run_write_once(name, move |connection| match connection.transaction(&operation) {
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information)) => {
                Ok(Err(information.constraint_name().unwrap_or_default().to_owned()))
            }
            written => written.map(Ok),
        });
        written
            .await?
            .map_err(|constraint| match self.unique_key(&constraint) {
                Some(key) => WriteError::Taken(key),
                None => Failure::of_kind(FailureKind::Rejected, OtherKeyTaken(constraint)).into(),
            })
    }

    /// Runs a write that must not be repeated, in a savepoint if it may violate a unique key.
    pub(crate) async fn run_keyed<T: Send + 'static>(
        &mut self,
        name: &'static str,
        has_key: bool,
        operation: impl Fn(&mut PgConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        if has_key {
            self.run_in_savepoint(name, operation).await
        } else {
            self.run_write_once(name, operation).await
        }
    }
}
