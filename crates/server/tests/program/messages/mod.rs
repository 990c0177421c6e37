//! Messages, from the request that queues one to the server that receives it.

mod hook;
mod look;
mod mail;
mod queue;
mod stop;

use std::process::Command;

use portcullis_test_database::TestDatabase;
use tempfile::TempDir;

use self::queue::Queue;
use crate::{
    fake::{Fake, mail::Mail},
    support::{Running, in_production},
};

/// The log line of a message that will be retried.
const LATER: &str = "could not send a message; it will be retried";
/// The log line of a message that will not be retried.
const NEVER: &str = "could not send a message; giving up";

/// A database, a folder, and settings for programs that use them.
struct Fixture {
    directory: TempDir,
    database: TestDatabase,
    settings: Vec<(&'static str, String)>,
}

impl Fixture {
    /// Uses the mail server at this port.
    fn with_mail_at(port: u16) -> Self {
        Self::with(vec![
            ("DELIVERY__TRANSPORT", "smtp".to_owned()),
            ("DELIVERY__SMTP__HOST", "127.0.0.1".to_owned()),
            ("DELIVERY__SMTP__PORT", port.to_string()),
            ("DELIVERY__SMTP__ENCRYPTION", "none".to_owned()),
            (
                "DELIVERY__SMTP__FROM",
                "Example <no-reply@example.com>".to_owned(),
            ),
            ("DELIVERY__SMTP__TIMEOUT", "60".to_owned()),
        ])
    }

    /// Uses this mail server.
    fn with_mail(server: &Fake) -> Self {
        Self::with_mail_at(server.address.port())
    }

    /// Uses this webhook.
    fn with_hook(server: &Fake) -> Self {
        Self::with(vec![
            ("DELIVERY__TRANSPORT", "webhook".to_owned()),
            (
                "DELIVERY__WEBHOOK__URL",
                format!("http://{}/HookSecret", server.address),
            ),
            ("DELIVERY__WEBHOOK__TIMEOUT", "60".to_owned()),
        ])
    }

    /// Enables verification mails and the most detailed log.
    fn with(mut settings: Vec<(&'static str, String)>) -> Self {
        settings.push(("EMAIL_VERIFICATION__SEND_ON_SIGN_UP", "true".to_owned()));
        settings.push(("LOG__LEVEL", "trace".to_owned()));
        Self {
            directory: tempfile::tempdir().unwrap(),
            database: TestDatabase::new(),
            settings,
        }
    }

    fn set(&mut self, key: &'static str, value: &str) {
        self.settings.push((key, value.to_owned()));
    }

    fn program(&self) -> Command {
        let mut program = in_production(self.directory.path(), self.database.url());
        let settings = self.settings.iter();
        program.envs(settings.map(|(key, value)| (format!("PORTCULLIS_{key}"), value)));
        program
    }

    fn start(&self) -> Running {
        Running::start(&mut self.program())
    }

    fn queue(&self) -> Queue {
        Queue::of(&self.database)
    }
}

/// Signs a user up, which sends a verification message.
fn sign_up(server: &Running, email: &str) {
    let body = format!(r#"{{"name":"Ada","email":"{email}","password":"long enough"}}"#);
    assert_eq!(server.post("/api/auth/sign-up/email", &body).answer(), 200);
}

/// Requests a password reset, which sends another message.
fn forget_password(server: &Running, email: &str) {
    let body = format!(r#"{{"email":"{email}"}}"#);
    let asked = server.post("/api/auth/request-password-reset", &body);
    assert_eq!(asked.answer(), 200);
}

/// Waits for the next mail that a server accepts.
fn next_mail(server: &Fake) -> Mail {
    Mail::read(&server.next())
}

/// Asserts that the program has written none of these.
fn assert_not_written(program: &Running, secrets: &[&str]) {
    let written = program.said();
    for secret in secrets {
        assert!(!written.contains(secret), "{secret} is written: {written}");
    }
}
