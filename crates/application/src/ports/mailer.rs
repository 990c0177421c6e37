//! Sending of messages.

use async_trait::async_trait;
use portcullis_domain::message::Message;

use super::Failure;

/// Why a message was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// A temporary failure.
    #[error("could not send the message; a retry may succeed")]
    Temporary(#[source] Failure),
    /// A permanent failure.
    #[error("the message was rejected")]
    Permanent(#[source] Failure),
}

/// Sends messages.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one message. Implementations must time out.
    async fn send(&self, message: &Message) -> Result<(), SendError>;
}
