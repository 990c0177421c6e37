//! Why a session of a device cannot be used.

use crate::ports::Failure;

/// Why a session of a device cannot become the current one, or cannot be revoked.
#[derive(Debug, thiserror::Error)]
pub enum DeviceSessionError {
    /// The device holds no such session, or it has ended.
    #[error("the device holds no such session")]
    InvalidToken,
    /// An internal failure.
    #[error(transparent)]
    Failure(#[from] Failure),
}
