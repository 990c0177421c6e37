//! Mail by SMTP, against a fake server.

mod connections;
mod failures;
pub(crate) mod fake;
mod mails;

use std::time::Duration;

use portcullis_delivery::{Credentials, Encryption, Smtp, SmtpOptions};
use portcullis_domain::secret::Secret;

use crate::sample::{clock, renderer};
use fake::FakeServer;

pub(crate) const PASSWORD: &str = "pass-WORD-0123";

/// Time limit for a mail in tests with a server that does not answer.
const LIMIT: Duration = Duration::from_secs(2);
/// Time limit for a mail in all other tests: longer than any answer takes.
const PATIENCE: Duration = Duration::from_mins(3);

pub(crate) fn options(port: u16) -> SmtpOptions {
    SmtpOptions {
        host: "127.0.0.1".to_owned(),
        port,
        encryption: Encryption::None,
        credentials: Some(Credentials {
            username: "mailer".to_owned(),
            password: Secret::new(PASSWORD.to_owned()),
        }),
        from: "Example & Sons <no-reply@mail.example.com>".parse().unwrap(),
        reply_to: Some("help@example.com".parse().unwrap()),
        timeout: PATIENCE,
    }
}

fn smtp_with(options: SmtpOptions) -> Smtp {
    Smtp::new(options, renderer(), clock()).unwrap()
}

pub(crate) fn smtp(server: &FakeServer) -> Smtp {
    smtp_with(options(server.port))
}

/// Returns a sender with the short time limit.
fn hasty(port: u16) -> Smtp {
    smtp_with(SmtpOptions {
        timeout: LIMIT,
        ..options(port)
    })
}
