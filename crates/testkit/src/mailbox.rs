//! Where messages to people land in a test.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use portcullis_application::ports::{Inbox, InboxEntry, Mailer, SendError};
use portcullis_domain::message::{Message, MessageKind};

/// Everything that was sent, until it is read.
#[derive(Default)]
pub struct Mailbox(Mutex<Vec<Letter>>);

/// A message, as a test reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What it says.
    pub kind: MessageKind,
    /// Where it went.
    pub to: String,
    /// The link in it; empty where there is none.
    pub url: String,
    /// The secret in the link.
    pub token: String,
}

impl Letter {
    /// The link's path and query, below whatever address it stands.
    ///
    /// # Panics
    ///
    /// Where there is no link.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that reads no link fails")]
    pub fn path(&self) -> String {
        let url = reqwest::Url::parse(&self.url).expect("a link");
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", url.path())
    }
}

impl Mailbox {
    /// Takes the next message to this address out, waiting for it.
    ///
    /// # Panics
    ///
    /// Where none comes within ten seconds.
    #[expect(clippy::panic, reason = "a test whose message does not come fails")]
    pub async fn next(&self, to: &str) -> Letter {
        for _ in 0..1000 {
            if let Some(letter) = self.take(to) {
                return letter;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no message to {to} came; there are {:?}", self.letters());
    }

    /// What has come so far and was not taken out.
    pub fn letters(&self) -> Vec<Letter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn take(&self, to: &str) -> Option<Letter> {
        let mut letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = letters.iter().position(|letter| letter.to == to)?;
        Some(letters.remove(place))
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        let (url, token) = message
            .link
            .as_ref()
            .map(|link| (link.url.expose().clone(), link.token.expose().clone()))
            .unwrap_or_default();
        let letter = Letter {
            kind: message.kind,
            to: message.to.as_str().to_owned(),
            url,
            token,
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
        Ok(())
    }
}

/// A test reads its messages from the mailbox itself: the page shows none.
impl Inbox for Mailbox {
    fn newest_first(&self) -> Vec<InboxEntry> {
        Vec::new()
    }
}
