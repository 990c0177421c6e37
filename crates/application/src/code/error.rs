//! Why a code is rejected.

use portcullis_domain::rate_limit::Denied;

use crate::ports::Failure;

/// Why a code is rejected.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// There is no code.
    #[error("there is no such code")]
    Missing,
    /// The code has expired.
    #[error("the code has expired")]
    Expired,
    /// The code was guessed too often.
    #[error("too many attempts to guess one code")]
    TooManyForCode,
    /// Too many codes for the address or the telephone number were wrong.
    #[error("too many wrong codes; retry in {} s", .0.retry_after)]
    TooManyForRecipient(Denied),
    /// The code is wrong, or was used before.
    #[error("the code is wrong")]
    Wrong,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}
