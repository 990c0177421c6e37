//! The inbox for development.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use portcullis_application::ports::{Inbox, Mailer};
use portcullis_delivery::MemoryInbox;
use portcullis_domain::{
    email::EmailAddress,
    id::MessageId,
    message::{Message, MessageKind},
};

use crate::sample::{CODE, TO, TOKEN, clock, message, now, renderer};

#[derive(Clone, Default)]
struct Console(Arc<Mutex<Vec<u8>>>);

impl Console {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Console {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A console whose reader is gone.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn inbox(console: impl Write + Send + 'static) -> MemoryInbox {
    MemoryInbox::new(renderer(), clock(), Box::new(console))
}

fn numbered(number: usize) -> Message {
    Message {
        id: MessageId::new(number.to_string()),
        ..message(MessageKind::VerifyEmail)
    }
}

fn ids(inbox: &MemoryInbox) -> Vec<String> {
    inbox
        .newest_first()
        .iter()
        .map(|entry| entry.id.to_string())
        .collect()
}

#[tokio::test]
async fn a_message_is_kept_as_its_recipient_would_see_it() {
    let inbox = inbox(Console::default());
    let message = message(MessageKind::ResetPassword);
    inbox.send(&message).await.unwrap();

    let entries = inbox.newest_first();
    let [entry] = entries.as_slice() else {
        panic!("expected one entry")
    };
    let rendered = renderer().render(&message, now()).unwrap();
    assert_eq!(entry.id, message.id);
    assert_eq!((entry.kind.name(), entry.to.as_str()), ("reset-password", TO));
    assert_eq!(
        (&entry.subject, &entry.text, &entry.html),
        (&rendered.subject, &rendered.text, &rendered.html)
    );
    assert_eq!(
        (entry.url.as_ref(), entry.code.as_ref()),
        (message.link().map(|link| link.url.expose()), None)
    );
    assert_eq!(entry.at, now());
}

#[tokio::test]
async fn the_newest_100_messages_are_kept_newest_first() {
    let inbox = inbox(Console::default());
    for number in 0..103 {
        inbox.send(&numbered(number)).await.unwrap();
    }
    let expected: Vec<_> = (3..103).rev().map(|number| number.to_string()).collect();
    assert_eq!(ids(&inbox), expected);
}

#[tokio::test]
async fn a_message_that_is_sent_twice_is_kept_once() {
    let inbox = inbox(Console::default());
    for number in [1, 2, 1] {
        inbox.send(&numbered(number)).await.unwrap();
    }
    assert_eq!(ids(&inbox), ["1", "2"]);
}

#[tokio::test]
async fn the_code_of_a_message_is_kept() {
    let inbox = inbox(Console::default());
    inbox.send(&message(MessageKind::TwoFactorOtp)).await.unwrap();
    let entries = inbox.newest_first();
    assert_eq!((entries[0].code.as_deref(), &entries[0].url), (Some(CODE), &None));
}

#[tokio::test]
async fn each_message_prints_one_line_with_its_link_its_code_or_its_subject() {
    let console = Console::default();
    let inbox = inbox(console.clone());
    let mut odd = message(MessageKind::EmailChanged);
    odd.to = EmailAddress::from_stored("a\n\u{1b}[2J@example.com").into();
    for message in [
        message(MessageKind::VerifyEmail),
        message(MessageKind::TwoFactorOtp),
        odd,
    ] {
        inbox.send(&message).await.unwrap();
    }
    assert_eq!(
        console.text(),
        format!(
            "verify-email for {TO}: https://auth.example.com/api/auth/{TOKEN}?callbackURL=%2F&x=1\n\
             two-factor-otp for {TO}: {CODE}\n\
             email-changed for a[2J@example.com: Your e-mail address was changed – Example & Sons\n"
        )
    );
}

#[test]
fn a_test_message_is_printed_and_not_kept() {
    let console = Console::default();
    let inbox = inbox(console.clone());
    inbox.send_test(&EmailAddress::from_stored(TO).into()).unwrap();
    let line = console.text();
    assert!(
        line.starts_with(&format!("test for {TO}: ")) && line.ends_with('\n'),
        "{line}"
    );
    assert_eq!(ids(&inbox), [""; 0]);
}

#[tokio::test]
async fn a_message_is_kept_if_the_console_is_closed() {
    let inbox = inbox(Closed);
    inbox.send(&numbered(1)).await.unwrap();
    assert_eq!(ids(&inbox), ["1"]);
}
