//! The mails that a server receives.

use portcullis_application::ports::{Mailer, SendError};
use portcullis_delivery::{InvalidMailbox, Mailbox, Renderer, Smtp, TemplateOptions};
use portcullis_domain::{email::EmailAddress, message::MessageKind};

use super::{fake::FakeServer, options, smtp};
use crate::sample::{self, address, clock, message, message_to};

#[tokio::test]
async fn a_mail_arrives_as_recorded() {
    let server = FakeServer::start(&[]).await;
    smtp(&server)
        .send(&message(MessageKind::SignUpAttempt))
        .await
        .unwrap();

    let commands = server.commands();
    assert_eq!(
        commands,
        [
            "EHLO mail.example.com",
            "AUTH PLAIN AG1haWxlcgBwYXNzLVdPUkQtMDEyMw==",
            "MAIL FROM:<no-reply@mail.example.com>",
            "RCPT TO:<ada@example.com>",
            "DATA",
        ]
    );
    let texts = server.texts();
    let (head, _) = texts[0].split_once("Content-Type: text/html").unwrap();
    insta::assert_snapshot!(head);
}

#[tokio::test]
async fn a_mail_that_is_sent_twice_has_the_same_bytes() {
    let server = FakeServer::start(&[]).await;
    let smtp = smtp(&server);
    for _ in 0..2 {
        smtp.send(&message(MessageKind::ResetPassword)).await.unwrap();
    }
    let texts = server.texts();
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].contains("Message-ID: <Message0123456789Message01234567@mail.example.com>\n"));
}

#[tokio::test]
async fn no_text_can_add_a_header_or_a_recipient() {
    let server = FakeServer::start(&[]).await;
    let hostile = "Ada\r\nBcc: victim@example.org\r\n\r\n.\r\nMAIL FROM:<x@y.zz>\r\n";
    let renderer = Renderer::new(TemplateOptions {
        app_name: hostile.to_owned(),
        ..sample::options()
    });
    let smtp = Smtp::new(options(server.port), renderer.unwrap().into(), clock()).unwrap();
    for kind in MessageKind::ALL {
        smtp.send(&message_to(hostile, kind)).await.unwrap();
    }

    let envelopes = server.commands();
    let recipients: Vec<_> = envelopes.iter().filter(|line| line.starts_with("RCPT")).collect();
    assert!(recipients.iter().all(|line| *line == "RCPT TO:<ada@example.com>"));
    assert_eq!(recipients.len(), MessageKind::ALL.len());
    for text in server.texts() {
        let (head, _) = text.split_once("\n\n").unwrap();
        let names: Vec<_> = head
            .lines()
            .filter(|line| !line.starts_with([' ', '\t']))
            .filter_map(|line| Some(line.split_once(':')?.0))
            .collect();
        let expected = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Reply-To",
            "MIME-Version",
            "Content-Type",
        ];
        assert_eq!(names, expected, "{head}");
    }
}

#[tokio::test]
async fn a_test_message_is_sent() {
    let server = FakeServer::start(&[]).await;
    smtp(&server).send_test(&address()).await.unwrap();
    let texts = server.texts();
    assert!(
        texts[0].contains("Message-ID: <test-1767225600000@mail.example.com>\n"),
        "{}",
        texts[0]
    );
    assert!(texts[0].contains("This is a test."));
}

#[tokio::test]
async fn an_unusable_address_is_a_permanent_failure_without_a_connection() {
    let server = FakeServer::start(&[]).await;
    for text in ["ada", "jörg@example.com", "a@b.co>\r\nRCPT TO:<x@y.zz", ""] {
        let mut message = message(MessageKind::ResetPassword);
        message.to = EmailAddress::from_stored(text).into();
        let outcome = smtp(&server).send(&message).await;
        assert!(matches!(outcome, Err(SendError::Permanent(_))), "{text:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_sender_is_an_address_with_or_without_a_name() {
    for text in [
        "no-reply@example.com",
        "Example <no-reply@example.com>",
        "\"A, B\" <a@example.com>",
    ] {
        let mailbox: Mailbox = text.parse().unwrap();
        assert_eq!(format!("{mailbox:?}"), "Mailbox(…)");
    }
    for text in [
        "",
        "Example",
        "a@example.com, b@example.com",
        "jörg@example.com",
        "A\r\nBcc: x <a@example.com>",
    ] {
        assert_eq!(text.parse::<Mailbox>(), Err(InvalidMailbox), "{text:?}");
    }
}
