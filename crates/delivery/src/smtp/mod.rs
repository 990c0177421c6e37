//! Delivery of messages as mails by SMTP.

mod allowance;
mod bounded;
mod connection;
mod encrypted;
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

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte, as on port 465.
    Tls,
    /// TLS after a greeting, as on port 587. Nothing is sent to a server that does not offer it.
    StartTls,
    /// No encryption: for a server on the same machine or in development.
    None,
}

/// Credentials for the mail server.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: Secret<String>,
}

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// The server's host name, for which its certificate must be valid.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// The credentials. `None`: no authentication.
    pub credentials: Option<Credentials>,
    /// The sender of mails.
    pub from: Mailbox,
    /// The address for replies. `None`: the sender.
    pub reply_to: Option<Mailbox>,
    /// Time limit for a mail, from the resolution of the host name to the server's last reply.
    pub timeout: Duration,
}

/// Sends mail, and keeps connections for the next mails.
///
/// A rejection is permanent if it concerns the recipient or the content: a reply 55x to `RCPT` or to the text, except
/// for policy codes (5.7.x), such as a block list that contains our address for a day. Every other error is temporary:
/// if the server rejects our password or our sender address, the operator can correct it, and queued mails are sent
/// afterwards.
pub struct Smtp {
    options: SmtpOptions,
    protection: Protection,
    renderer: Arc<Renderer>,
    clock: Arc<dyn Clock>,
    idle: Idle,
}

impl Smtp {
    /// Returns a sender that is not connected yet.
    ///
    /// # Errors
    ///
    /// If the certificates that this system trusts cannot be read.
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

    /// Connects, authenticates and quits, within the time limit of a mail.
    ///
    /// # Errors
    ///
    /// If one of these steps fails; the error's sources name the step.
    pub async fn check(&self) -> Result<(), SendError> {
        self.with_timeout(async {
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
            content: self
                .renderer
                .render_test(&to.clone().into())
                .map_err(render_failure)?,
        })
        .await
    }

    async fn deliver(&self, letter: Letter<'_>) -> Result<(), SendError> {
        let mail = letter.seal(&self.options)?;
        self.with_timeout(async {
            let mut connection = self.connection().await?;
            let outcome = connection.transmit(&mail).await;
            if outcome.as_ref().map_or_else(SmtpError::is_reply, |()| true) {
                self.idle.put(connection, self.clock.now());
            }
            outcome
        })
        .await
    }

    /// Returns an idle connection that still works, or a new one.
    async fn connection(&self) -> Result<Connection, SmtpError> {
        while let Some(mut connection) = self.idle.take(self.clock.now()) {
            if connection.reset().await {
                return Ok(connection);
            }
        }
        Connection::open(&self.options, &self.protection).await
    }

    /// Runs `work` with the time limit. If it is exceeded, drops the work together with its connection.
    async fn with_timeout(&self, work: impl Future<Output = Result<(), SmtpError>>) -> Result<(), SendError> {
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
            .map_err(render_failure)?;
        self.deliver(Letter {
            id: message.id.as_str(),
            to: message.to.email().ok_or(SmtpError::NotMail)?,
            written_at: message.created_at,
            content,
        })
        .await
    }
}

/// A temporary failure: the operator can correct the template.
fn render_failure(error: RenderError) -> SendError {
    SendError::Temporary(Failure::new(error))
}
