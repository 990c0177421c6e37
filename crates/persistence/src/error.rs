//! Database errors, without the values of the statements that failed.
//!
//! PostgreSQL's details contain values of rows, its messages contain values that were sent, and libpq's messages
//! contain hosts, users and, for a malformed URL, passwords. All of these are dropped: errors of this module may be
//! logged.

use std::time::Duration;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};
use portcullis_application::ports::{Failure, UniqueKey, WriteError};

use crate::{additional::DeclaredFields, store::StoreOptions};

/// PostgreSQL's English messages for temporary failures that the statement did not cause. diesel does not expose the
/// codes.
const PASSING: [&str; 9] = [
    "canceling statement due to",
    "could not extend file",
    "could not write to file",
    "deadlock detected",
    "No space left on device",
    "out of memory",
    "out of shared memory",
    "terminating connection",
    "the database system is",
];

/// Words after which PostgreSQL quotes a name. Any other quoted text may be a value that a client sent.
const NAMES: [&str; 12] = [
    "column ",
    "constraint ",
    "database ",
    "encoding ",
    "function ",
    "index ",
    "parameter ",
    "relation ",
    "role ",
    "schema ",
    "table ",
    "type ",
];

/// Opening quotes, in every language of PostgreSQL's messages.
const QUOTES: [char; 6] = ['"', '«', '»', '„', '“', '”'];

/// PostgreSQL's message for a prepared statement whose table has changed.
const OUTDATED: &str = "cached plan must not change result type";

/// PostgreSQL's message for a statement that waited too long for a lock. The connection remains usable.
const LOCKED: &str = "due to lock timeout";

/// libpq's English messages for a connection that ended during a statement. diesel reports them like PostgreSQL's.
const ENDED: [&str; 5] = [
    "server closed the connection unexpectedly",
    "SSL connection has been closed unexpectedly",
    "could not receive data from server",
    "could not send data to server",
    "no connection to the server",
];

/// Returns PostgreSQL's message up to the first quoted text that is not a name.
fn without_values(message: &str) -> String {
    let mut kept = 0;
    while let Some((before, quoted)) = split_at_quote(message, kept) {
        let is_named = NAMES.iter().any(|name| before.ends_with(name));
        let Some(name) = quoted.strip_prefix('"').filter(|_| is_named) else {
            return format!("{before}…");
        };
        let length = name.find('"').map_or(name.len(), |end| end + 1);
        kept = message.len() - name.len() + length;
    }
    message.to_owned()
}

fn split_at_quote(message: &str, from: usize) -> Option<(&str, &str)> {
    let place = message.get(from..)?.find(QUOTES)?;
    message.split_at_checked(from + place)
}

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
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

/// PostgreSQL's error, without values.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct DatabaseError {
    message: String,
    constraint: Option<String>,
    is_temporary: bool,
    pub(crate) connection: ConnectionState,
}

/// State of a connection after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionState {
    /// It may be used again.
    Usable,
    /// It must not be used again.
    Broken,
    /// It must not be used again: a table has changed since it prepared a statement. The statement had no effect.
    Outdated,
    /// Its server accepts no writes; a new connection may reach a server that does.
    ReadOnly,
    /// It was lost.
    Lost,
}

impl DatabaseError {
    /// Classifies the error of a statement without a time limit.
    pub(crate) fn of(error: &Error) -> Self {
        Self::judge(error, Duration::ZERO, Duration::MAX)
    }

    /// Classifies the error of a statement that took this long. PostgreSQL cancels a statement after `limit` at the
    /// earliest; its message may be in any language.
    pub(crate) fn judge(error: &Error, took: Duration, limit: Duration) -> Self {
        match error {
            Error::DatabaseError(kind, information) => {
                let mut trouble = Self::of_database(*kind, information.as_ref());
                trouble.is_temporary |= trouble.connection != ConnectionState::Usable && took >= limit;
                trouble
            }
            Error::RollbackErrorOnCommit { commit_error, .. } => Self::judge(commit_error, took, limit),
            Error::BrokenTransactionManager => Self::lost(),
            Error::DeserializationError(_) => Self::lasting("a row has a value that cannot be read"),
            Error::SerializationError(_) => Self::lasting("a value cannot be written"),
            Error::NotFound => Self::lasting("a row is missing"),
            _ => Self {
                connection: ConnectionState::Broken,
                ..Self::lasting("the statement could not be built")
            },
        }
    }

    fn of_database(
        kind: DatabaseErrorKind,
        information: &(dyn DatabaseErrorInformation + Send + Sync),
    ) -> Self {
        let message = without_values(information.message());
        match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => Self::lost(),
            _ if ENDED.iter().any(|ended| message.starts_with(ended)) => Self::lost(),
            DatabaseErrorKind::SerializationFailure => Self {
                is_temporary: true,
                ..Self::lasting(&message)
            },
            DatabaseErrorKind::ReadOnlyTransaction => Self {
                is_temporary: true,
                connection: ConnectionState::ReadOnly,
                ..Self::lasting(&message)
            },
            DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation
            | DatabaseErrorKind::RestrictViolation
            | DatabaseErrorKind::ExclusionViolation => Self {
                constraint: information.constraint_name().map(str::to_owned),
                ..Self::lasting(&message)
            },
            _ if message.contains(LOCKED) => Self {
                is_temporary: true,
                ..Self::lasting(&message)
            },
            _ if message.contains(OUTDATED) => Self {
                is_temporary: true,
                connection: ConnectionState::Outdated,
                ..Self::lasting(&message)
            },
            _ => Self {
                is_temporary: PASSING.iter().any(|passing| message.contains(passing)),
                connection: ConnectionState::Broken,
                ..Self::lasting(&message)
            },
        }
    }

    fn lasting(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            constraint: None,
            is_temporary: false,
            connection: ConnectionState::Usable,
        }
    }

    fn lost() -> Self {
        Self {
            is_temporary: true,
            connection: ConnectionState::Lost,
            ..Self::lasting("the connection was lost")
        }
    }
}

/// Maps the name of a constraint to a key: by its column, if the schema was read, or else by the names in Better Auth's
/// migration and in Drizzle's.
fn unique_key(constraint: &str, options: &StoreOptions) -> Option<UniqueKey> {
    options
        .facts
        .unique_key(constraint)
        .or_else(|| usual_key(constraint, &options.fields))
}

fn usual_key(constraint: &str, fields: &DeclaredFields) -> Option<UniqueKey> {
    match constraint {
        "user_email_key" | "user_email_unique" => Some(UniqueKey::UserEmail),
        "session_token_key" | "session_token_unique" => Some(UniqueKey::SessionToken),
        declared => fields.has_unique(declared).then_some(UniqueKey::AdditionalField),
    }
}

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
    let is_temporary = match &trouble {
        OperationFailure::Database(trouble) => trouble.is_temporary,
        OperationFailure::Overloaded | OperationFailure::Unreachable(_) | OperationFailure::TimedOut => true,
        OperationFailure::Panicked | OperationFailure::TransactionEnded => false,
    };
    let error = OperationError {
        operation,
        source: trouble,
    };
    WriteError::Failure(if is_temporary {
        Failure::unavailable(error)
    } else {
        Failure::new(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_names_of_the_schema_and_no_values() {
        for (message, kept) in [
            (
                r#"date/time field value out of range: "0000-01-01T00:00:00Z""#,
                "date/time field value out of range: …",
            ),
            (
                r#"invalid input syntax for type integer: "a" column "b""#,
                "invalid input syntax for type integer: …",
            ),
            (
                r#"value "99999999999" is out of range for type integer"#,
                "value …",
            ),
            (
                r#"invalid input value for enum role: "admin""#,
                "invalid input value for enum role: …",
            ),
            (
                "ungültige Eingabesyntax für Typ integer: »a«",
                "ungültige Eingabesyntax für Typ integer: …",
            ),
            (
                r#"column "age" of relation "user" does not exist"#,
                r#"column "age" of relation "user" does not exist"#,
            ),
            (r#"relation "user"#, r#"relation "user"#),
            ("out of memory", "out of memory"),
        ] {
            assert_eq!(without_values(message), kept);
        }
    }

    #[test]
    fn a_connection_that_ends_during_a_statement_is_lost() {
        let text = "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally";
        let error = Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(text.to_owned()));
        let trouble = DatabaseError::of(&error);
        assert_eq!(trouble.connection, ConnectionState::Lost);
        assert!(trouble.is_temporary);
        assert_eq!(trouble.to_string(), "the connection was lost");
    }

    #[test]
    fn a_value_in_postgresqls_message_is_removed() {
        let information: Box<dyn DatabaseErrorInformation + Send + Sync> =
            Box::new(r#"invalid input syntax for type integer: "topsecret""#.to_owned());
        let error = Error::DatabaseError(DatabaseErrorKind::Unknown, information);
        let trouble = DatabaseError::of(&error);
        assert_eq!(trouble.to_string(), "invalid input syntax for type integer: …");
    }
}
