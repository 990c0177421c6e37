//! Failures to connect, without libpq's messages: those contain hosts, users and, for a malformed URL, passwords.

use diesel::ConnectionError;

/// Parts of libpq's messages for a failed connection, and our messages.
const REASONS: [(&str, &str); 16] = [
    ("timeout expired", "it did not answer in time"),
    ("Connection refused", "the connection was refused"),
    ("No such file or directory", "the socket does not exist"),
    (
        "could not translate host name",
        "the host name cannot be resolved",
    ),
    ("No route to host", "there is no network route to the host"),
    ("Network is unreachable", "there is no network route to the host"),
    ("authentication failed", "the credentials were rejected"),
    ("no password supplied", "a password is missing"),
    (
        "no pg_hba.conf entry",
        "pg_hba.conf of the server does not allow this client",
    ),
    ("starting up", "it is starting up"),
    ("shutting down", "it is shutting down"),
    ("too many clients", "it has too many connections"),
    ("connection slots", "it has too many connections"),
    (
        "invalid URI query parameter",
        "the URL has a parameter that this version of libpq does not support",
    ),
    (
        "unsupported startup parameter",
        "a pooler rejected a parameter of the URL",
    ),
    ("SSL", "the TLS connection failed"),
];

/// Why a connection could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ConnectError(pub(crate) &'static str);

/// Maps libpq's message to one of our messages.
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
