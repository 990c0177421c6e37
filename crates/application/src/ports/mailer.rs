//! The way of messages to people.

use async_trait::async_trait;
use portcullis_domain::message::Message;

use super::Failure;

/// Why a message was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// It may go better later.
    #[error("the message could not be sent for now")]
    Passing(#[source] Failure),
    /// It never will.
    #[error("the message was refused")]
    Lasting(#[source] Failure),
}

/// Sends messages.
#[cfg_attr(any(test, feature = "testing"), mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one message. It may take its time, but not for ever.
    async fn send(&self, message: &Message) -> Result<(), SendError>;
}
