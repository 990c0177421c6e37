//! Database errors, without the values of the statements that failed.
//!
//! PostgreSQL's details contain values of rows, its messages contain values that were sent, and libpq's messages
//! contain hosts, users and, for a malformed URL, passwords. All of these are dropped: errors of this module may be
//! logged.

mod database;

use portcullis_application::ports::{Failure, FailureKind, UniqueKey, WriteError};

use self::database::Cause;
pub(crate) use self::database::{ConnectionState, DatabaseError};
use crate::{additional::DeclaredFields, store::StoreOptions};

/// Why an operation failed.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum OperationFailure {
    /// Every connection was in use.
    #[error("no database connection was free in time")]
    Overloaded,
    /// No connection could be made.
    #[error("the database cannot be reached: {0}")]
    Unreachable(&'static str),
    /// The answer did not arrive in time.
    #[error("the database did not answer in time")]
    TimedOut,
    /// PostgreSQL returned an error.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// An operation has a bug.
    #[error("the operation panicked")]
    Panicked,
    /// An earlier operation ended the unit of work.
    #[error("an earlier operation has ended the unit of work")]
    TransactionEnded,
}

impl OperationFailure {
    /// Whether the values of the statement may be why PostgreSQL rejected it, so that a statement with others may succeed.
    pub(crate) const fn is_of_statement(&self) -> bool {
        match self {
            Self::Database(trouble) => {
                !matches!(trouble.cause, Cause::Temporary)
                    && matches!(
                        trouble.connection,
                        ConnectionState::Usable | ConnectionState::Broken
                    )
            }
            Self::Overloaded
            | Self::Unreachable(_)
            | Self::TimedOut
            | Self::Panicked
            | Self::TransactionEnded => false,
        }
    }
}

/// What an operation does, which decides what a [`Cause`] means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// It reads, or writes only rows that the server needs for itself.
    Housekeeping,
    /// It writes rows of a user.
    Write,
    /// It deletes rows of a user.
    Deletion,
}

/// Maps the name of a constraint to a key: by its column, if the schema was read, or else by the names in Better Auth's
/// migration and in Drizzle's.
pub(crate) fn unique_key(constraint: &str, options: &StoreOptions) -> Option<UniqueKey> {
    options
        .facts
        .unique_key(constraint)
        .or_else(|| usual_key(constraint, &options.fields))
}

fn usual_key(constraint: &str, fields: &DeclaredFields) -> Option<UniqueKey> {
    match constraint {
        "user_email_key" | "user_email_unique" => Some(UniqueKey::UserEmail),
        "session_token_key" | "session_token_unique" => Some(UniqueKey::SessionToken),
        "organization_slug_key" | "organization_slug_unique" | "organization_slug_uidx" => {
            Some(UniqueKey::OrganizationSlug)
        }
        declared => fields.has_unique(declared).then_some(UniqueKey::AdditionalField),
    }
}

/// A trigger has discarded a new row.
#[derive(Debug, thiserror::Error)]
#[error("a trigger of the database has discarded the new row")]
struct DiscardedRow;

/// The operation that failed, with its error.
#[derive(Debug, thiserror::Error)]
#[error("{operation}")]
struct OperationError {
    operation: &'static str,
    source: OperationFailure,
}

/// Translates an operation's error for the use cases.
pub(crate) fn translate(
    operation: &'static str,
    purpose: Purpose,
    trouble: OperationFailure,
    options: &StoreOptions,
) -> WriteError {
    if let OperationFailure::Database(DatabaseError {
        constraint: Some(constraint),
        ..
    }) = &trouble
        && let Some(key) = unique_key(constraint, options)
    {
        return WriteError::Taken(key);
    }
    let kind = match &trouble {
        OperationFailure::Database(trouble) => kind(trouble.cause, purpose),
        OperationFailure::Overloaded | OperationFailure::Unreachable(_) | OperationFailure::TimedOut => {
            FailureKind::Unavailable
        }
        OperationFailure::Panicked | OperationFailure::TransactionEnded => FailureKind::Broken,
    };
    let error = OperationError {
        operation,
        source: trouble,
    };
    WriteError::Failure(Failure::of_kind(kind, error))
}

/// Returns the failure of an insertion whose row a trigger of the application has discarded.
pub(crate) fn discarded_row() -> Failure {
    Failure::of_kind(FailureKind::Rejected, DiscardedRow)
}

/// Requires an insertion to have stored a row.
pub(crate) fn require_row(inserted: usize) -> Result<(), WriteError> {
    if inserted == 0 {
        return Err(discarded_row().into());
    }
    Ok(())
}

const fn kind(cause: Cause, purpose: Purpose) -> FailureKind {
    match (cause, purpose) {
        (Cause::Temporary, _) => FailureKind::Unavailable,
        (Cause::ForeignKey, Purpose::Deletion) => FailureKind::Referenced,
        (Cause::Rule | Cause::ForeignKey, Purpose::Write | Purpose::Deletion) => FailureKind::Rejected,
        (Cause::Rule | Cause::ForeignKey, Purpose::Housekeeping) | (Cause::Other, _) => FailureKind::Broken,
    }
}
