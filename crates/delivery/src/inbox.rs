//! The inbox of a developer.

use std::{
    collections::VecDeque,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use portcullis_application::ports::{Clock, Failure, Inbox, InboxEntry, Mailer, SendError};
use portcullis_domain::{email::EmailAddress, message::Message};

use crate::render::{RenderError, Renderer, TEST};

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

    /// Prints a test message, which is not kept.
    ///
    /// # Errors
    ///
    /// Where a template of the deployment's cannot be filled in.
    pub fn send_test(&self, to: &EmailAddress) -> Result<(), SendError> {
        let rendered = self.renderer.render_test(to).map_err(unrendered)?;
        self.print(TEST, to, &rendered.subject);
        Ok(())
    }

    /// A console that is gone keeps no message from its inbox.
    fn print(&self, kind: &str, to: &EmailAddress, what: &str) {
        let mut line: String = format!("{kind} for {}: {what}", to.as_str())
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        line.push('\n');
        let mut console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        // In one write, since a console may drop what it cannot take.
        let _ = console.write_all(line.as_bytes()).and_then(|()| console.flush());
    }
}

#[async_trait]
impl Mailer for MemoryInbox {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        let rendered = self
            .renderer
            .render(message, self.clock.now())
            .map_err(unrendered)?;
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
        let what = entry.url.as_deref().unwrap_or(&entry.subject);
        self.print(entry.kind.name(), &entry.to, what);
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

/// A template can be mended.
fn unrendered(error: RenderError) -> SendError {
    SendError::Passing(Failure::new(error))
}
