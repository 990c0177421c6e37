//! Secrets and personal data must not appear in logs.

use std::{
    error::Error,
    fmt::Write as _,
    io::{self, Write},
    sync::{Arc, Mutex},
};

use portcullis_application::ports::{Mailer, SendError};
use portcullis_domain::message::MessageKind;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    sample::{TO, TOKEN, message},
    smtp::{
        self, PASSWORD,
        fake::{Conduct::Say, FakeServer},
    },
    webhook::{self, FakeHook},
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Returns everything that a log of this outcome could contain.
fn described(outcome: Result<(), SendError>) -> String {
    let mut text = format!("{outcome:?}");
    let error = outcome.err();
    let mut source = error.as_ref().map(|error| error as &dyn Error);
    while let Some(error) = source {
        write!(text, "\n{error} {error:?}").unwrap();
        source = error.source();
    }
    text
}

#[tokio::test]
async fn no_address_secret_or_server_text_is_logged_or_in_an_error() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);

    let message = message(MessageKind::ResetPassword);
    let mut outcomes = String::new();
    for (step, reply) in [
        ("NONE", ""),
        ("AUTH", "535 5.7.8 Confidential ada@example.com"),
        ("RCPT", "550 5.1.1 Confidential ada@example.com"),
        ("TEXT", "451 4.0.0 Confidential ada@example.com"),
        ("EHLO", "Confidential ada@example.com"),
    ] {
        let server = FakeServer::start(&[(step, Say(reply))]).await;
        outcomes += &described(smtp::smtp(&server).send(&message).await);
    }
    for answer in [
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 500 Confidential\r\nContent-Length: 12\r\n\r\nConfidential",
        "Confidential\r\n\r\n",
    ] {
        let hook = FakeHook::start(Some(answer)).await;
        outcomes += &described(hook.webhook().send(&message).await);
    }

    outcomes += &described(webhook::webhook_nowhere().send(&message).await);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        outcomes.contains("550 5.1.1")
            && outcomes.contains("status 500")
            && outcomes.contains("Connection refused"),
        "{outcomes}"
    );
    for secret in [
        TO,
        TOKEN,
        PASSWORD,
        "Ada Lovelace",
        "HookSecret",
        "Confidential",
        "whsec",
        "cGFzcy1XT1JEL",
    ] {
        assert!(!outcomes.contains(secret), "{secret} in {outcomes}");
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
