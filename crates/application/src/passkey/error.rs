//! Why an operation on passkeys fails.

use portcullis_domain::passkey::PasskeyRejection;

use crate::{ports::Failure, seams::Refusal};

/// Why a passkey is not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// The request does not name its origin.
    #[error("the request does not name its origin")]
    NoOrigin,
    /// The client presents no challenge.
    #[error("the client presents no challenge")]
    NoChallenge,
    /// The challenge was answered before, or has expired.
    #[error("there is no such challenge")]
    UnknownChallenge,
    /// The challenge was issued to another user.
    #[error("the challenge was issued to another user")]
    OtherUser,
    /// The passkey is not accepted.
    #[error("the passkey is not accepted: {0}")]
    Rejected(#[from] PasskeyRejection),
    /// The caller's session ended meanwhile.
    #[error("the session ended")]
    SessionEnded,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a user is not signed in with a passkey.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// The request does not name its origin.
    #[error("the request does not name its origin")]
    NoOrigin,
    /// The client presents no challenge, or it was answered before, or has expired.
    #[error("there is no such challenge")]
    UnknownChallenge,
    /// No user has the passkey.
    #[error("no user has the passkey")]
    UnknownPasskey,
    /// The signature is not accepted.
    #[error("the signature is not accepted: {0}")]
    Rejected(#[from] PasskeyRejection),
    /// A plugin refuses the user.
    #[error("a plugin refuses the user")]
    Refused(Refusal),
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Why a passkey is not changed or deleted.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyChangeError {
    /// There is no such passkey.
    #[error("there is no such passkey")]
    Unknown,
    /// Another user owns it.
    #[error("another user owns the passkey")]
    NotOwned,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}
