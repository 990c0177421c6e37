//! Delivery of messages to users, behind the application's port `Mailer`: by SMTP, by a webhook, or into an inbox for
//! development.
//!
//! The application decides what to send; this crate renders and transmits it. It does not queue, retry or log, since
//! messages contain secrets. Its errors contain no text from recipients or remote servers. Each way of delivery is a
//! file or folder.

mod by_destination;
mod inbox;
mod render;
mod smtp;
mod webhook;

pub use by_destination::ByDestination;
pub use inbox::MemoryInbox;
pub use render::{RenderError, Rendered, Renderer, TemplateError, TemplateOptions};
pub use smtp::{Credentials, Encryption, InvalidMailbox, Mailbox, Smtp, SmtpOptions};
pub use webhook::{Webhook, WebhookError, WebhookOptions};
