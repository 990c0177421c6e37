//! What a developer would have been sent.

use chrono::{DateTime, Utc};
use portcullis_domain::{email::EmailAddress, id::MessageId, message::MessageKind};

/// A message as its recipient sees it. It shows in no debug output, since it holds secrets.
#[derive(Clone)]
pub struct InboxEntry {
    /// The message's id.
    pub id: MessageId,
    /// What it says.
    pub kind: MessageKind,
    /// Where it went.
    pub to: EmailAddress,
    /// Its subject.
    pub subject: String,
    /// What it says as plain text.
    pub text: String,
    /// What it says as HTML: a whole page.
    pub html: String,
    /// The link to follow, where there is one.
    pub url: Option<String>,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// An inbox in which every message lands, whomever it is for. It is for development alone.
pub trait Inbox: Send + Sync {
    /// The messages that have come lately, the newest first.
    fn newest_first(&self) -> Vec<InboxEntry>;
}
