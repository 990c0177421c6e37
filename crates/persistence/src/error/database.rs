//! PostgreSQL's errors, without the values of the statements that failed.

use std::time::Duration;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

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

/// The beginning of PostgreSQL's message for a missing privilege, which the values of the statement did not cause.
const NOT_PERMITTED: &str = "permission denied for ";

/// The end of PostgreSQL's message for a table, column or function that is missing, for example in a trigger.
const MISSING: &str = " does not exist";

/// libpq's English messages for a connection that ended during a statement. diesel reports them like PostgreSQL's.
const ENDED: [&str; 5] = [
    "server closed the connection unexpectedly",
    "SSL connection has been closed unexpectedly",
    "could not receive data from server",
    "could not send data to server",
    "no connection to the server",
];

/// PostgreSQL's error, without values.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct DatabaseError {
    message: String,
    pub(super) constraint: Option<String>,
    pub(super) cause: Cause,
    pub(crate) connection: ConnectionState,
}

/// What caused PostgreSQL's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// A temporary failure, which the statement did not cause.
    Temporary,
    /// A constraint, a trigger, or a limit for values, if the statement was a write.
    Rule,
    /// A foreign key.
    ForeignKey,
    /// Something else.
    Other,
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
    /// Returns whether the statement waited too long for a lock.
    pub(crate) fn is_lock_timeout(&self) -> bool {
        self.message.contains(LOCKED)
    }

    /// Classifies the error of a statement without a time limit.
    pub(crate) fn of(error: &Error) -> Self {
        Self::classify(error, Duration::ZERO, Duration::MAX)
    }

    /// Classifies the error of a statement that took this long. PostgreSQL cancels a statement after `limit` at the
    /// earliest; its message may be in any language.
    pub(crate) fn classify(error: &Error, took: Duration, limit: Duration) -> Self {
        match error {
            Error::DatabaseError(kind, information) => {
                let mut trouble = Self::of_database(*kind, information.as_ref());
                let is_unknown = matches!(kind, DatabaseErrorKind::Unknown);
                if took >= limit && (is_unknown || trouble.connection != ConnectionState::Usable) {
                    trouble.cause = Cause::Temporary;
                }
                trouble
            }
            Error::RollbackErrorOnCommit { commit_error, .. } => Self::classify(commit_error, took, limit),
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
            DatabaseErrorKind::SerializationFailure => Self::with_cause(Cause::Temporary, &message),
            DatabaseErrorKind::ReadOnlyTransaction => Self {
                connection: ConnectionState::ReadOnly,
                ..Self::with_cause(Cause::Temporary, &message)
            },
            DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => {
                Self::with_cause(Cause::ForeignKey, &message)
            }
            DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation
            | DatabaseErrorKind::ExclusionViolation => Self {
                constraint: information.constraint_name().map(str::to_owned),
                ..Self::with_cause(Cause::Rule, &message)
            },
            _ if message.contains(LOCKED) => Self::with_cause(Cause::Temporary, &message),
            _ if message.contains(OUTDATED) => Self {
                connection: ConnectionState::Outdated,
                ..Self::with_cause(Cause::Temporary, &message)
            },
            _ => Self::of_unknown_kind(unknown_cause(&message, information), &message),
        }
    }

    /// A rejection leaves the connection usable. Otherwise clients could make the server reconnect at each request.
    fn of_unknown_kind(cause: Cause, message: &str) -> Self {
        let connection = match cause {
            Cause::Rule => ConnectionState::Usable,
            Cause::Temporary | Cause::ForeignKey | Cause::Other => ConnectionState::Broken,
        };
        Self {
            connection,
            ..Self::with_cause(cause, message)
        }
    }

    fn with_cause(cause: Cause, message: &str) -> Self {
        Self {
            cause,
            ..Self::lasting(message)
        }
    }

    fn lasting(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            constraint: None,
            cause: Cause::Other,
            connection: ConnectionState::Usable,
        }
    }

    fn lost() -> Self {
        Self {
            connection: ConnectionState::Lost,
            ..Self::with_cause(Cause::Temporary, "the connection was lost")
        }
    }
}

/// Returns the cause of an error whose kind diesel does not know. PostgreSQL reports the position of what is wrong with
/// the text of a statement, but no position for values: the exceptions of triggers, a row that is too long for an
/// index, or a value that is too long for its column. Triggers have texts of their own, so only whole beginnings and
/// ends of PostgreSQL's messages are compared.
fn unknown_cause(message: &str, information: &dyn DatabaseErrorInformation) -> Cause {
    let is_broken = message.starts_with(NOT_PERMITTED) || message.ends_with(MISSING);
    if PASSING.iter().any(|passing| message.starts_with(passing)) {
        Cause::Temporary
    } else if information.statement_position().is_none() && !is_broken {
        Cause::Rule
    } else {
        Cause::Other
    }
}

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
        assert_eq!(trouble.cause, Cause::Temporary);
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
