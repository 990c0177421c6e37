//! Choice of the transport by the destination of a message.

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_application::ports::{Mailer, SendError};
use portcullis_domain::{destination::Destination, message::Message};

/// Sends messages to e-mail addresses by one transport and messages to phones by another.
pub struct ByDestination {
    /// Sends to e-mail addresses.
    pub mails: Arc<dyn Mailer>,
    /// Sends to phones.
    pub phones: Arc<dyn Mailer>,
}

#[async_trait]
impl Mailer for ByDestination {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        match message.to {
            Destination::Email(_) => self.mails.send(message).await,
            Destination::Phone(_) => self.phones.send(message).await,
        }
    }
}
