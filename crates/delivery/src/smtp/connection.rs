//! Connections to a mail server.

use std::fmt::Display;

use lettre::transport::smtp::{
    authentication,
    client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters},
    commands::{Data, Mail, Rcpt, Rset},
    extension::ClientId,
    response::Response,
};
use native_tls::Protocol;
use tokio::net::TcpStream;
use tokio_native_tls::TlsConnector;

use super::{
    Credentials, Encryption, SmtpOptions,
    allowance::Allowance,
    bounded::Bounded,
    encrypted::Encrypted,
    error::{SmtpError, Step},
};

/// The reply code to `DATA` by which the server expects the text.
const START_OF_TEXT: u16 = 354;

/// How a connection is encrypted, with the TLS settings.
pub(super) enum Protection {
    Tls(TlsConnector),
    StartTls(TlsParameters),
    None,
}

impl Protection {
    /// Reads the certificates that this system trusts, unless the connection is not encrypted.
    pub(super) fn new(encryption: Encryption, host: &str) -> Result<Self, SmtpError> {
        Ok(match encryption {
            Encryption::Tls => {
                let connector = native_tls::TlsConnector::builder()
                    .min_protocol_version(Some(Protocol::Tlsv12))
                    .build();
                Self::Tls(
                    connector
                        .map_err(|error| SmtpError::Client(error.to_string()))?
                        .into(),
                )
            }
            Encryption::StartTls => {
                let parameters = TlsParameters::new(host.to_owned());
                Self::StartTls(parameters.map_err(|error| SmtpError::client(&error))?)
            }
            Encryption::None => Self::None,
        })
    }
}

/// An authenticated connection. It is closed when it is dropped.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    /// Renewed before each step.
    allowance: Allowance,
}

impl Connection {
    /// Connects, greets with the domain of the sender address, and authenticates.
    pub(super) async fn open(options: &SmtpOptions, protection: &Protection) -> Result<Self, SmtpError> {
        let hello = ClientId::Domain(options.from.domain().to_owned());
        let allowance = Allowance::new();
        let stream = connect(options, protection, allowance.clone()).await?;
        let mut smtp = AsyncSmtpConnection::connect_with_transport(stream, &hello)
            .await
            .map_err(SmtpError::at(Step::Connect))?;

        if let Protection::StartTls(tls) = protection {
            if !smtp.can_starttls() {
                return Err(SmtpError::NoStartTls);
            }
            allowance.renew();
            smtp.starttls(tls.clone(), &hello)
                .await
                .map_err(SmtpError::at(Step::StartTls))?;
        }
        if let Some(Credentials { username, password }) = &options.credentials {
            let credentials = authentication::Credentials::new(username.clone(), password.expose().clone());
            allowance.renew();
            smtp.auth(authentication::DEFAULT_MECHANISMS, &credentials)
                .await
                .map_err(SmtpError::at(Step::Authenticate))?;
        }
        Ok(Self { smtp, allowance })
    }

    /// Sends a mail.
    pub(super) async fn transmit(&mut self, mail: &lettre::Message) -> Result<(), SmtpError> {
        let envelope = mail.envelope();
        let sender = Mail::new(envelope.from().cloned(), Vec::new());
        self.command(Step::From, sender).await?;
        for to in envelope.to() {
            let recipient = Rcpt::new(to.clone(), Vec::new());
            self.command(Step::Recipient, recipient).await?;
        }
        let reply = self.command(Step::Text, Data).await?;
        if !reply.has_code(START_OF_TEXT) {
            return Err(SmtpError::Broken {
                step: Step::Text,
                reason: format!("unexpected reply {} to DATA", reply.code()),
            });
        }
        self.allowance.renew();
        self.smtp
            .message(&mail.formatted())
            .await
            .map_err(SmtpError::at(Step::Text))?;
        Ok(())
    }

    /// Resets the connection for the next mail. Returns whether it can be used.
    pub(super) async fn reset(&mut self) -> bool {
        self.allowance.renew();
        self.smtp.command(Rset).await.is_ok()
    }

    /// Ends the session with `QUIT`.
    pub(super) async fn quit(mut self) -> Result<(), SmtpError> {
        self.allowance.renew();
        self.smtp.quit().await.map_err(SmtpError::at(Step::Quit))?;
        Ok(())
    }

    async fn command(&mut self, step: Step, command: impl Display) -> Result<Response, SmtpError> {
        self.allowance.renew();
        self.smtp.command(command).await.map_err(SmtpError::at(step))
    }
}

/// Connects by TCP, and starts TLS if it is used from the first byte.
async fn connect(
    options: &SmtpOptions,
    protection: &Protection,
    allowance: Allowance,
) -> Result<Box<dyn AsyncTokioStream>, SmtpError> {
    let broken = |reason| SmtpError::Broken {
        step: Step::Connect,
        reason,
    };
    let address = (options.host.as_str(), options.port);
    let stream = TcpStream::connect(address).await;
    let stream = Bounded::new(stream.map_err(|error| broken(error.to_string()))?, allowance);
    let Protection::Tls(connector) = protection else {
        return Ok(Box::new(stream));
    };
    let stream = connector.connect(&options.host, stream).await;
    let stream = stream.map_err(|error| broken(format!("Connection error: {error}")))?;
    Ok(Box::new(Encrypted(stream)))
}
