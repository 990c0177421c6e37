//! Mailbox that receives the messages to users in a test.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use portcullis_application::ports::{Inbox, InboxEntry, Mailer, SendError};
use portcullis_domain::message::{Message, MessageKind};

/// The sent messages that were not read yet.
#[derive(Default)]
pub struct Mailbox(Mutex<Vec<SentMessage>>);

/// A sent message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    /// The kind of message.
    pub kind: MessageKind,
    /// The recipient's address.
    pub to: String,
    /// The link in the message; empty if there is none.
    pub url: String,
    /// The one-time token in the link; empty if there is no link.
    pub token: String,
    /// The code; empty if there is none.
    pub code: String,
}

impl SentMessage {
    /// The link's path and query, without its origin.
    ///
    /// # Panics
    ///
    /// If the message has no link.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that reads no link fails")]
    pub fn path(&self) -> String {
        let url = reqwest::Url::parse(&self.url).expect("a link");
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", url.path())
    }
}

impl Mailbox {
    /// Removes and returns the oldest message to this address, waiting until there is one.
    ///
    /// # Panics
    ///
    /// If no message arrives within thirty seconds.
    #[expect(clippy::panic, reason = "a test whose message does not arrive has failed")]
    pub async fn next(&self, to: &str) -> SentMessage {
        for _ in 0..3000 {
            if let Some(letter) = self.take(to) {
                return letter;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!(
            "no message to {to} arrived; the mailbox holds {:?}",
            self.messages()
        );
    }

    /// The messages that arrived and were not removed yet, oldest first.
    pub fn messages(&self) -> Vec<SentMessage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn take(&self, to: &str) -> Option<SentMessage> {
        let mut letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let index = letters.iter().position(|letter| letter.to == to)?;
        Some(letters.remove(index))
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        let (url, token) = message
            .link()
            .map(|link| (link.url.expose().clone(), link.token.expose().clone()))
            .unwrap_or_default();
        let letter = SentMessage {
            kind: message.kind,
            to: message.to.as_str().to_owned(),
            url,
            token,
            code: message
                .code()
                .map(|code| code.expose().clone())
                .unwrap_or_default(),
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
        Ok(())
    }
}

/// A test reads its messages from the mailbox directly, so the inbox page shows none.
impl Inbox for Mailbox {
    fn newest_first(&self) -> Vec<InboxEntry> {
        Vec::new()
    }
}
