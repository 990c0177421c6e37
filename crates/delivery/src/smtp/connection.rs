//! One talk with a mail server.

use lettre::transport::smtp::{
    authentication,
    client::{AsyncSmtpConnection, TlsParameters},
    commands::{Data, Mail, Rcpt, Rset},
    extension::ClientId,
};

use super::{
    Encryption, SmtpOptions,
    error::{SmtpError, Step},
};

/// The reply to `DATA`: the text may come.
const START_OF_TEXT: u16 = 354;

/// How a connection is protected, with what that takes.
pub(super) enum Protection {
    Tls(TlsParameters),
    StartTls(TlsParameters),
    None,
}

impl Protection {
    /// Reads the certificates that this system trusts, unless nothing is protected.
    pub(super) fn new(encryption: Encryption, host: &str) -> Result<Self, SmtpError> {
        let parameters = || TlsParameters::new(host.to_owned()).map_err(|error| SmtpError::client(&error));
        Ok(match encryption {
            Encryption::Tls => Self::Tls(parameters()?),
            Encryption::StartTls => Self::StartTls(parameters()?),
            Encryption::None => Self::None,
        })
    }
}

/// A connection on which the server knows who we are. One that is dropped is closed.
pub(super) struct Connection(AsyncSmtpConnection);

impl Connection {
    /// Connects, greets with the domain that mails are from, and proves who we are.
    pub(super) async fn open(options: &SmtpOptions, protection: &Protection) -> Result<Self, SmtpError> {
        let hello = ClientId::Domain(options.from.domain().to_owned());
        let from_the_start = match protection {
            Protection::Tls(tls) => Some(tls.clone()),
            Protection::StartTls(_) | Protection::None => None,
        };
        let address = (options.host.as_str(), options.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(address, None, &hello, from_the_start, None)
            .await
            .map_err(SmtpError::at(Step::Connect))?;

        if let Protection::StartTls(tls) = protection {
            if !connection.can_starttls() {
                return Err(SmtpError::NoStartTls);
            }
            connection
                .starttls(tls.clone(), &hello)
                .await
                .map_err(SmtpError::at(Step::StartTls))?;
        }
        if let Some(ours) = &options.credentials {
            let theirs =
                authentication::Credentials::new(ours.username.clone(), ours.password.expose().clone());
            connection
                .auth(authentication::DEFAULT_MECHANISMS, &theirs)
                .await
                .map_err(SmtpError::at(Step::Authenticate))?;
        }
        Ok(Self(connection))
    }

    /// Hands over a mail.
    pub(super) async fn transmit(&mut self, mail: &lettre::Message) -> Result<(), SmtpError> {
        let envelope = mail.envelope();
        self.0
            .command(Mail::new(envelope.from().cloned(), Vec::new()))
            .await
            .map_err(SmtpError::at(Step::From))?;
        for to in envelope.to() {
            self.0
                .command(Rcpt::new(to.clone(), Vec::new()))
                .await
                .map_err(SmtpError::at(Step::Recipient))?;
        }
        let reply = self.0.command(Data).await.map_err(SmtpError::at(Step::Text))?;
        if !reply.has_code(START_OF_TEXT) {
            return Err(SmtpError::Broken {
                step: Step::Text,
                reason: format!("{} is no answer to DATA", reply.code()),
            });
        }
        self.0
            .message(&mail.formatted())
            .await
            .map_err(SmtpError::at(Step::Text))?;
        Ok(())
    }

    /// Makes it ready for the next mail; says whether it is.
    pub(super) async fn reset(&mut self) -> bool {
        self.0.command(Rset).await.is_ok()
    }

    /// Takes leave.
    pub(super) async fn quit(mut self) -> Result<(), SmtpError> {
        self.0.quit().await.map_err(SmtpError::at(Step::Quit))?;
        Ok(())
    }
}
