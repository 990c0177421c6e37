//! Why a session is not handed over.

use crate::ports::Failure;

/// Why a session is not handed over to a client.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    /// The token is unknown, or was presented before.
    #[error("the token is not valid")]
    InvalidToken,
    /// The token has expired.
    #[error("the token has expired")]
    TokenExpired,
    /// The session has ended, or a plugin refuses it.
    #[error("the session has ended")]
    SessionNotFound,
    /// The session has expired.
    #[error("the session has expired")]
    SessionExpired,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}
