//! The inbox for development.

use std::{
    collections::VecDeque,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use portcullis_application::ports::{Clock, Failure, Inbox, InboxEntry, Mailer, SendError};
use portcullis_domain::{destination::Destination, message::Message};

use crate::render::{RenderError, Renderer, TEST};

/// Maximum number of messages that are kept.
const MOST: usize = 100;

/// Keeps messages in memory instead of sending them, and prints a line with the link or the code of each.
///
/// Only for development: nothing else prints a link with a token, or a code. The developer needs them to continue, for
/// example to verify an address.
pub struct MemoryInbox {
    renderer: Arc<Renderer>,
    clock: Arc<dyn Clock>,
    console: Mutex<Box<dyn Write + Send>>,
    entries: Mutex<VecDeque<InboxEntry>>,
}

impl MemoryInbox {
    /// Returns an empty inbox that prints to this console.
    pub fn new(renderer: Arc<Renderer>, clock: Arc<dyn Clock>, console: Box<dyn Write + Send>) -> Self {
        Self {
            renderer,
            clock,
            console: Mutex::new(console),
            entries: Mutex::default(),
        }
    }

    /// Adds an entry as the newest and removes an older entry with the same id.
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
    /// If one of the deployment's templates cannot be rendered.
    pub fn send_test(&self, to: &Destination) -> Result<(), SendError> {
        let rendered = self.renderer.render_test(to).map_err(render_failure)?;
        self.print(TEST, to, &rendered.subject);
        Ok(())
    }

    /// Prints a line. Ignores errors, so that a closed console does not prevent a message from being kept.
    fn print(&self, kind: &str, to: &Destination, what: &str) {
        let mut line: String = format!("{kind} for {}: {what}", to.as_str())
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        line.push('\n');
        let mut console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        // In one write, so that a console that drops output does not cut the line.
        let _ = console.write_all(line.as_bytes()).and_then(|()| console.flush());
    }
}

#[async_trait]
impl Mailer for MemoryInbox {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        let rendered = self
            .renderer
            .render(message, self.clock.now())
            .map_err(render_failure)?;
        let entry = InboxEntry {
            id: message.id.clone(),
            kind: message.kind,
            to: message.to.clone(),
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
            url: message.link().map(|link| link.url.expose().clone()),
            code: message.code().map(|code| code.expose().clone()),
            at: message.created_at,
        };
        let secret = entry.url.as_deref().or(entry.code.as_deref());
        let what = secret.unwrap_or(&entry.subject);
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

/// A temporary failure: the operator can correct the template.
fn render_failure(error: RenderError) -> SendError {
    SendError::Temporary(Failure::new(error))
}
