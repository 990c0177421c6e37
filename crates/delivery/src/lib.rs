//! The ways of messages to people, behind the application's port `Mailer`: SMTP, a webhook, and an inbox for
//! development.
//!
//! What is said is the application's business, how it looks is decided here. Nothing here queues, retries or
//! decides whether to send, and nothing logs: a message holds secrets. Each way is a file or folder of its own, and
//! says in its errors only what neither a recipient nor a server that answered has written.

mod inbox;
mod render;
mod smtp;
mod webhook;

pub use inbox::MemoryInbox;
pub use render::{RenderError, Rendered, Renderer, TemplateError, TemplateOptions};
pub use smtp::{Credentials, Encryption, InvalidMailbox, Mailbox, Smtp, SmtpOptions};
pub use webhook::{Webhook, WebhookError, WebhookOptions};
