//! Why an address is not proven.

use crate::ports::Failure;

/// Why no link is sent.
#[derive(Debug, thiserror::Error)]
pub enum EmailVerificationError {
    /// Nothing can be sent.
    #[error("no messages are sent")]
    Disabled,
    /// It is not the caller's address.
    #[error("it is not the address of the caller")]
    Mismatch,
    /// It is proven already.
    #[error("the address is verified already")]
    AlreadyVerified,
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why following a link does nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkRefused {
    /// It was genuine, and too old.
    #[error("the link has expired")]
    Expired,
    /// It is not genuine, was followed before, or was made for somebody else.
    #[error("the link is worth nothing")]
    Invalid,
    /// Nobody has the address any more.
    #[error("nobody has the address")]
    UserNotFound,
    /// Somebody else is signed in where it was followed.
    #[error("somebody else is signed in")]
    Unauthorized,
    /// The machine let us down.
    #[error(transparent)]
    Failure(#[from] Failure),
}
