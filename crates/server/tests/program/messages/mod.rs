//! Messages to people, from the request that queues one to the server that takes it.

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

/// How the program says that it will try again.
const LATER: &str = "a message could not be sent for now";
/// How it says that it will not.
const NEVER: &str = "a message will never be sent";

/// A database and a folder, and what programs there are told of messages.
struct World {
    directory: TempDir,
    database: TestDatabase,
    settings: Vec<(&'static str, String)>,
}

impl World {
    /// Where a mail server listens at this port.
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

    /// With a mail server.
    fn with_mail(server: &Fake) -> Self {
        Self::with_mail_at(server.address.port())
    }

    /// With a webhook.
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

    /// What such a program says, it says in full.
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

/// Signs somebody up, which sends a mail to them.
fn sign_up(server: &Running, email: &str) {
    let body = format!(r#"{{"name":"Ada","email":"{email}","password":"long enough"}}"#);
    assert_eq!(server.post("/api/auth/sign-up/email", &body).answer(), 200);
}

/// Asks for a link to set a new password, which sends another.
fn forget_password(server: &Running, email: &str) {
    let body = format!(r#"{{"email":"{email}"}}"#);
    let asked = server.post("/api/auth/request-password-reset", &body);
    assert_eq!(asked.answer(), 200);
}

/// The next mail that a server takes.
fn next_mail(server: &Fake) -> Mail {
    Mail::read(&server.next())
}

/// Nothing that the program has said holds one of these.
fn assert_untold(program: &Running, secrets: &[&str]) {
    let said = program.said();
    for secret in secrets {
        assert!(!said.contains(secret), "{secret} is told: {said}");
    }
}
