//! What can go wrong with the database, without a word of what was asked of it.
//!
//! PostgreSQL's details carry values of rows, its messages values that were sent, and libpq's messages hosts, users
//! and, for a URL that is not well formed, passwords. Nothing of that is kept: what leaves this module may stand in a
//! log.

use std::time::Duration;

use diesel::{
    ConnectionError,
    result::{DatabaseErrorInformation, DatabaseErrorKind, Error},
};
use portcullis_application::ports::{Failure, UniqueKey, WriteError};

use crate::additional::DeclaredFields;

/// What PostgreSQL says, in English, where it is not the statement's fault; diesel keeps the codes to itself.
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

/// What PostgreSQL says before a name. Whatever else it puts in quotes may be a value that somebody sent.
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

/// How a quotation begins, in whatever language PostgreSQL speaks.
const QUOTES: [char; 6] = ['"', '«', '»', '„', '“', '”'];

/// What PostgreSQL says of a prepared statement whose table has changed since.
const OUTDATED: &str = "cached plan must not change result type";

/// What PostgreSQL says of a statement that waited too long for a lock. The connection is as good as before.
const LOCKED: &str = "due to lock timeout";

/// What libpq says of a connection that did not come about, and what we say.
const REASONS: [(&str, &str); 16] = [
    ("timeout expired", "it did not answer in time"),
    ("Connection refused", "the connection was refused"),
    ("No such file or directory", "there is no socket"),
    ("could not translate host name", "the host is not known"),
    ("No route to host", "there is no route to the host"),
    ("Network is unreachable", "there is no route to the host"),
    ("authentication failed", "the credentials were refused"),
    ("no password supplied", "a password is missing"),
    ("no pg_hba.conf entry", "the server does not admit this client"),
    ("starting up", "it is starting up"),
    ("shutting down", "it is shutting down"),
    ("too many clients", "it has too many clients"),
    ("connection slots", "it has too many clients"),
    (
        "invalid URI query parameter",
        "the URL has a parameter that this libpq does not know",
    ),
    (
        "unsupported startup parameter",
        "a pooler refused a parameter of the URL",
    ),
    ("SSL", "no agreement on TLS"),
];

/// Why a connection did not come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ConnectError(pub(crate) &'static str);

/// Puts libpq's message into one of a few words of ours.
pub(crate) fn unreachable_reason(error: &ConnectionError) -> ConnectError {
    let ConnectionError::BadConnection(message) = error else {
        return ConnectError("the connection could not be set up");
    };
    let known = REASONS.iter().find(|(theirs, _)| message.contains(theirs));
    if let Some((_, ours)) = known {
        return ConnectError(ours);
    }
    if message.contains("does not exist") {
        return ConnectError("the database or its user does not exist");
    }
    ConnectError("the connection failed")
}

/// PostgreSQL's message up to the first thing in quotes that is no name.
fn without_values(message: &str) -> String {
    let mut told = 0;
    while let Some((before, quoted)) = split_at_quote(message, told) {
        let is_named = NAMES.iter().any(|name| before.ends_with(name));
        let Some(name) = quoted.strip_prefix('"').filter(|_| is_named) else {
            return format!("{before}…");
        };
        let length = name.find('"').map_or(name.len(), |end| end + 1);
        told = message.len() - name.len() + length;
    }
    message.to_owned()
}

fn split_at_quote(message: &str, from: usize) -> Option<(&str, &str)> {
    let place = message.get(from..)?.find(QUOTES)?;
    message.split_at_checked(from + place)
}

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// Every connection was in use.
    #[error("no connection was free in time")]
    Overloaded,
    /// No connection could be made.
    #[error("the database cannot be reached: {0}")]
    Unreachable(&'static str),
    /// An answer did not come.
    #[error("the database did not answer in time")]
    Silent,
    /// PostgreSQL refused, or could not.
    #[error(transparent)]
    Database(#[from] DatabaseTrouble),
    /// There is a bug in an operation.
    #[error("the operation panicked")]
    Panicked,
    /// An earlier operation ended the unit of work.
    #[error("an earlier operation has ended the unit of work")]
    Over,
}

/// What PostgreSQL said, as far as it may be repeated.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct DatabaseTrouble {
    message: String,
    constraint: Option<String>,
    is_passing: bool,
    pub(crate) connection: Condition,
}

/// What is to be thought of a connection after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// It may be used again.
    Fit,
    /// It must not be used again.
    Broken,
    /// It must not be used again, since tables have changed under what it has prepared. Nothing was done.
    Outdated,
    /// The server behind it accepts no writes, although the one that a new connection reaches may.
    ReadOnly,
    /// It is gone.
    Lost,
}

impl DatabaseTrouble {
    /// Judges diesel's error of a statement without a time limit.
    pub(crate) fn of(error: &Error) -> Self {
        Self::judge(error, Duration::ZERO, Duration::MAX)
    }

    /// Judges diesel's error of a statement that took this long. PostgreSQL gives a statement up after `limit` at the
    /// earliest; its message may be in any language.
    pub(crate) fn judge(error: &Error, took: Duration, limit: Duration) -> Self {
        match error {
            Error::DatabaseError(kind, information) => {
                let mut trouble = Self::of_database(*kind, information.as_ref());
                trouble.is_passing |= trouble.connection != Condition::Fit && took >= limit;
                trouble
            }
            Error::RollbackErrorOnCommit { commit_error, .. } => Self::judge(commit_error, took, limit),
            Error::BrokenTransactionManager => Self::lost(),
            Error::DeserializationError(_) => Self::lasting("a row has a value that cannot be read"),
            Error::SerializationError(_) => Self::lasting("a value cannot be written"),
            Error::NotFound => Self::lasting("a row is missing"),
            _ => Self {
                connection: Condition::Broken,
                ..Self::lasting("the statement could not be made")
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
            DatabaseErrorKind::SerializationFailure => Self {
                is_passing: true,
                ..Self::lasting(&message)
            },
            DatabaseErrorKind::ReadOnlyTransaction => Self {
                is_passing: true,
                connection: Condition::ReadOnly,
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
                is_passing: true,
                ..Self::lasting(&message)
            },
            _ if message.contains(OUTDATED) => Self {
                is_passing: true,
                connection: Condition::Outdated,
                ..Self::lasting(&message)
            },
            _ => Self {
                is_passing: PASSING.iter().any(|passing| message.contains(passing)),
                connection: Condition::Broken,
                ..Self::lasting(&message)
            },
        }
    }

    fn lasting(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            constraint: None,
            is_passing: false,
            connection: Condition::Fit,
        }
    }

    fn lost() -> Self {
        Self {
            is_passing: true,
            connection: Condition::Lost,
            ..Self::lasting("the connection was lost")
        }
    }
}

/// The one place that knows the constraints' names: Better Auth's own migration's, and Drizzle's.
fn unique_key(constraint: &str, fields: &DeclaredFields) -> Option<UniqueKey> {
    match constraint {
        "user_email_key" | "user_email_unique" => Some(UniqueKey::UserEmail),
        "session_token_key" | "session_token_unique" => Some(UniqueKey::SessionToken),
        declared => fields.has_unique(declared).then_some(UniqueKey::AdditionalField),
    }
}

/// An operation, and why it failed.
#[derive(Debug, thiserror::Error)]
#[error("{operation}")]
struct OperationError {
    operation: &'static str,
    source: Trouble,
}

/// Says what the operation's trouble is to a use case.
pub(crate) fn translate(operation: &'static str, trouble: Trouble, fields: &DeclaredFields) -> WriteError {
    if let Trouble::Database(DatabaseTrouble {
        constraint: Some(constraint),
        ..
    }) = &trouble
        && let Some(key) = unique_key(constraint, fields)
    {
        return WriteError::Taken(key);
    }
    let is_passing = match &trouble {
        Trouble::Database(trouble) => trouble.is_passing,
        Trouble::Overloaded | Trouble::Unreachable(_) | Trouble::Silent => true,
        Trouble::Panicked | Trouble::Over => false,
    };
    let error = OperationError {
        operation,
        source: trouble,
    };
    WriteError::Failure(if is_passing {
        Failure::unavailable(error)
    } else {
        Failure::new(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_what_the_schema_has_and_no_value() {
        for (message, told) in [
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
            assert_eq!(without_values(message), told);
        }
    }

    #[test]
    fn what_postgresql_says_of_a_value_is_not_kept() {
        let said: Box<dyn DatabaseErrorInformation + Send + Sync> =
            Box::new(r#"invalid input syntax for type integer: "topsecret""#.to_owned());
        let error = Error::DatabaseError(DatabaseErrorKind::Unknown, said);
        let trouble = DatabaseTrouble::of(&error);
        assert_eq!(trouble.to_string(), "invalid input syntax for type integer: …");
    }
}
