//! Errors of SMTP.

use std::{error::Error, io};

use lettre::transport::smtp;
use portcullis_application::ports::{Failure, SendError};

/// The step of an SMTP session in which an error occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Connect,
    StartTls,
    Authenticate,
    From,
    Recipient,
    Text,
    Quit,
}

/// An error without the server's text: servers quote addresses and what they received.
#[derive(Debug, thiserror::Error)]
pub(super) enum SmtpError {
    #[error("the mail server rejected the step {step:?}: {code}{}", enhanced.as_deref().unwrap_or_default())]
    Refused {
        step: Step,
        code: u16,
        /// The code of RFC 3463, after a space.
        enhanced: Option<String>,
    },
    #[error("the connection to the mail server failed at the step {step:?}: {reason}")]
    Broken { step: Step, reason: String },
    #[error("could not set up TLS: {0}")]
    Client(String),
    #[error("the mail server does not offer STARTTLS")]
    NoStartTls,
    #[error("the mail server did not answer in time")]
    TimedOut,
    #[error("the recipient's address is not valid in SMTP")]
    Address,
    #[error("a mail server sends no message to a phone")]
    NotMail,
    #[error("the mail cannot be composed")]
    Mail(#[source] lettre::error::Error),
}

impl SmtpError {
    pub(super) fn at(step: Step) -> impl Fn(smtp::Error) -> Self {
        move |error| match error.status() {
            Some(code) => Self::Refused {
                step,
                code: code.into(),
                enhanced: enhanced_code(&error).map(|code| format!(" {code}")),
            },
            None => Self::Broken {
                step,
                reason: reason(&error),
            },
        }
    }

    pub(super) fn client(error: &smtp::Error) -> Self {
        Self::Client(reason(error))
    }

    /// Whether the error is a reply of the server, which then is ready for the next command.
    pub(super) const fn is_reply(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }

    fn is_lasting(&self) -> bool {
        match self {
            Self::Refused { step, code, enhanced } => {
                let is_policy = enhanced.as_ref().is_some_and(|code| code.starts_with(" 5.7."));
                matches!(step, Step::Recipient | Step::Text) && (550..560).contains(code) && !is_policy
            }
            Self::Address | Self::NotMail | Self::Mail(_) => true,
            Self::Broken { .. } | Self::Client(_) | Self::NoStartTls | Self::TimedOut => false,
        }
    }
}

impl From<SmtpError> for SendError {
    fn from(error: SmtpError) -> Self {
        if error.is_lasting() {
            Self::Permanent(Failure::new(error))
        } else {
            Self::Temporary(Failure::unavailable(error))
        }
    }
}

/// Returns the code of RFC 3463 at the start of the server's text.
fn enhanced_code(error: &smtp::Error) -> Option<String> {
    let text = error.source()?.to_string();
    let code = text.split_whitespace().next()?;
    let parts: Vec<_> = code.split('.').collect();
    let is_code = parts.len() == 3
        && parts
            .iter()
            .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    is_code.then(|| code.to_owned())
}

/// Returns the message of a network or TLS error, but never text from the server.
fn reason(error: &smtp::Error) -> String {
    if error.is_response() {
        return "the server's reply is invalid or incomplete".to_owned();
    }
    let cause = error.source();
    let is_ours = error.is_tls() || error.is_client();
    match cause {
        Some(cause) if is_ours || cause.is::<io::Error>() || cause.is::<smtp::Error>() => cause.to_string(),
        _ => "the connection failed".to_owned(),
    }
}
