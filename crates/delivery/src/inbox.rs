//! The inbox of a developer.

use std::{
    collections::VecDeque,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use portcullis_application::ports::{Clock, Failure, Inbox, InboxEntry, Mailer, SendError};
use portcullis_domain::message::Message;

use crate::render::Renderer;

/// How many messages are kept.
const MOST: usize = 100;

/// Keeps messages in memory instead of sending them, and prints a line with the link of each.
///
/// It is for development alone: this is the one place where a link that holds a secret is printed, so that a
/// developer can follow it.
pub struct MemoryInbox {
    renderer: Arc<Renderer>,
    clock: Arc<dyn Clock>,
    console: Mutex<Box<dyn Write + Send>>,
    entries: Mutex<VecDeque<InboxEntry>>,
}

impl MemoryInbox {
    /// An empty one that prints to this console.
    pub fn new(renderer: Arc<Renderer>, clock: Arc<dyn Clock>, console: Box<dyn Write + Send>) -> Self {
        Self {
            renderer,
            clock,
            console: Mutex::new(console),
            entries: Mutex::default(),
        }
    }

    /// Puts the entry on top, in the place of one of the same id.
    fn keep(&self, entry: InboxEntry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|other| other.id != entry.id);
        entries.push_front(entry);
        entries.truncate(MOST);
    }

    /// A console that is gone keeps no message from its inbox.
    fn print(&self, entry: &InboxEntry) {
        let what = entry.url.as_deref().unwrap_or(&entry.subject);
        let line: String = format!("{} for {}: {what}", entry.kind.name(), entry.to.as_str())
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        let mut console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(console, "{line}").and_then(|()| console.flush());
    }
}

#[async_trait]
impl Mailer for MemoryInbox {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        let rendered = self
            .renderer
            .render(message, self.clock.now())
            .map_err(|error| SendError::Passing(Failure::new(error)))?;
        let entry = InboxEntry {
            id: message.id.clone(),
            kind: message.kind,
            to: message.to.clone(),
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            url: message.link.as_ref().map(|link| link.url.expose().clone()),
            at: message.created_at,
        };
        self.print(&entry);
        self.keep(entry);
        Ok(())
    }
}

impl Inbox for MemoryInbox {
    fn newest_first(&self) -> Vec<InboxEntry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().cloned().collect()
    }
}
