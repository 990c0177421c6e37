//! Errors of e-mail address verification.

use crate::{ports::Failure, seams::Refusal};

/// Why no link is sent.
#[derive(Debug, thiserror::Error)]
pub enum EmailVerificationError {
    /// Messages are disabled.
    #[error("messages are disabled")]
    Disabled,
    /// The address is not the caller's.
    #[error("the e-mail address is not the caller's")]
    Mismatch,
    /// The address is already verified.
    #[error("the e-mail address is already verified")]
    AlreadyVerified,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a followed link is rejected.
#[derive(Debug, thiserror::Error)]
pub enum FollowLinkError {
    /// The link is genuine but has expired.
    #[error("the link has expired")]
    Expired,
    /// The link is not genuine, was followed before, or was created for another user.
    #[error("the link is invalid")]
    Invalid,
    /// No user has the address any more.
    #[error("no user has the e-mail address")]
    UserNotFound,
    /// Another user is signed in on the client that follows the link.
    #[error("another user is signed in")]
    Unauthorized,
    /// The user may not sign in. The link was not consumed.
    #[error("the sign-in is refused: {}", .0.name)]
    SignInRefused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}
