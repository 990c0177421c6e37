//! Messages for a developer to read.

use chrono::{DateTime, Utc};
use portcullis_domain::{destination::Destination, id::MessageId, message::MessageKind};

/// A message as its recipient sees it. It has no `Debug` output since it contains one-time tokens.
#[derive(Clone)]
pub struct InboxEntry {
    /// The message's id.
    pub id: MessageId,
    /// The kind of message.
    pub kind: MessageKind,
    /// The recipient's e-mail address or phone number.
    pub to: Destination,
    /// Its subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML page.
    pub html: String,
    /// The link to follow, if there is one.
    pub url: Option<String>,
    /// The code to type, if there is one.
    pub code: Option<String>,
    /// When it was created.
    pub at: DateTime<Utc>,
}

/// An inbox that receives every message, for any recipient. Only for development.
pub trait Inbox: Send + Sync {
    /// Returns the most recent messages, the newest first.
    fn newest_first(&self) -> Vec<InboxEntry>;
}
