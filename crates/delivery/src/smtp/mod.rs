//! Mail by SMTP.

mod bounded;
mod connection;
mod error;
mod idle;
mod letter;
#[cfg(test)]
mod tests;

use std::{future::Future, sync::Arc, time::Duration};

use async_trait::async_trait;
use portcullis_application::ports::{Clock, Failure, Mailer, SendError};
use portcullis_domain::{email::EmailAddress, message::Message, secret::Secret};

use crate::render::{RenderError, Rendered, Renderer, TEST};
use connection::{Connection, Protection};
use error::SmtpError;
use idle::Idle;
use letter::Letter;

pub use letter::{InvalidMailbox, Mailbox};

/// How a connection is kept from being read and changed on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte, as on port 465.
    Tls,
    /// TLS after a greeting, as on port 587. A server that does not offer it is told nothing.
    StartTls,
    /// None: for a server on the same machine or in development.
    None,
}

/// Who we are to the server.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The name.
    pub username: String,
    /// The password.
    pub password: Secret<String>,
}

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// The server's name, which its certificate must bear.
    pub host: String,
    /// Where it listens.
    pub port: u16,
    /// How the way there is protected.
    pub encryption: Encryption,
    /// Who we are to it, where it asks.
    pub credentials: Option<Credentials>,
    /// Who mails are from.
    pub from: Mailbox,
    /// Who is answered, where it is another.
    pub reply_to: Option<Mailbox>,
    /// How long a mail may take, from the look at the server's name to its last word.
    pub timeout: Duration,
}

/// Sends mail, over connections that it keeps for the next.
///
/// A refusal is lasting where it says something of the recipient or of what is said: a reply 55x to `RCPT` or to the
/// text, save where the server gives a reason of policy (5.7.x), such as a list of senders that we stand on for a
/// day. Everything else is passing: what the server holds against us (a wrong password, a sender that it does not
/// let us be) can be mended by whoever runs us, and mails that wait are then sent.
pub struct Smtp {
    options: SmtpOptions,
    protection: Protection,
    renderer: Arc<Renderer>,
    clock: Arc<dyn Clock>,
    idle: Idle,
}

impl Smtp {
    /// Prepares to send; it connects to nobody yet.
    ///
    /// # Errors
    ///
    /// Where the certificates that this system trusts cannot be read.
    pub fn new(
        options: SmtpOptions,
        renderer: Arc<Renderer>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        let protection = Protection::new(options.encryption, &options.host).map_err(Failure::new)?;
        Ok(Self {
            options,
            protection,
            renderer,
            clock,
            idle: Idle::default(),
        })
    }

    /// Connects, proves who we are, and takes leave, within the time that a mail may take.
    ///
    /// # Errors
    ///
    /// Where one of these goes wrong; the error's sources tell which.
    pub async fn check(&self) -> Result<(), SendError> {
        self.in_time(async {
            Connection::open(&self.options, &self.protection)
                .await?
                .quit()
                .await
        })
        .await
    }

    /// Sends a test message.
    ///
    /// # Errors
    ///
    /// As [`Mailer::send`].
    pub async fn send_test(&self, to: &EmailAddress) -> Result<(), SendError> {
        let now = self.clock.now();
        self.deliver(Letter {
            id: &format!("{TEST}-{}", now.timestamp_millis()),
            to,
            written_at: now,
            content: self.renderer.render_test(to).map_err(unrendered)?,
        })
        .await
    }

    async fn deliver(&self, letter: Letter<'_>) -> Result<(), SendError> {
        let mail = letter.seal(&self.options)?;
        self.in_time(async {
            let mut connection = self.connection().await?;
            let outcome = connection.transmit(&mail).await;
            if outcome.as_ref().map_or_else(SmtpError::is_reply, |()| true) {
                self.idle.put(connection, self.clock.now());
            }
            outcome
        })
        .await
    }

    /// One that was kept and still works, or a new one.
    async fn connection(&self) -> Result<Connection, SmtpError> {
        while let Some(mut connection) = self.idle.take(self.clock.now()) {
            if connection.reset().await {
                return Ok(connection);
            }
        }
        Connection::open(&self.options, &self.protection).await
    }

    /// What does not end in time is dropped, and with it the connection that it uses.
    async fn in_time(&self, work: impl Future<Output = Result<(), SmtpError>>) -> Result<(), SendError> {
        match tokio::time::timeout(self.options.timeout, work).await {
            Ok(outcome) => outcome.map_err(SendError::from),
            Err(_) => Err(SmtpError::TimedOut.into()),
        }
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        let content: Rendered = self
            .renderer
            .render(message, self.clock.now())
            .map_err(unrendered)?;
        self.deliver(Letter {
            id: message.id.as_str(),
            to: &message.to,
            written_at: message.created_at,
            content,
        })
        .await
    }
}

/// A template can be mended.
fn unrendered(error: RenderError) -> SendError {
    SendError::Passing(Failure::new(error))
}
