//! Errors of servers and their consequences.

use std::error::Error;

use portcullis_application::ports::{Mailer, SendError};
use portcullis_delivery::{Encryption, Smtp, SmtpOptions};
use portcullis_domain::message::MessageKind;
use tokio::{net::TcpListener, task::JoinSet, time::timeout};

use super::{
    PATIENCE,
    fake::{
        Conduct::{self, Close, Drip, Flood, Hang, Say},
        FakeServer,
    },
    hasty, options, smtp, smtp_with,
};
use crate::sample::message;

/// A server that misbehaves at a step, and a client for it.
struct Try {
    step: &'static str,
    conduct: Conduct,
    server: FakeServer,
    smtp: Smtp,
}

impl Try {
    async fn new(step: &'static str, conduct: Conduct) -> Self {
        let server = FakeServer::start(&[(step, conduct)]).await;
        Self {
            step,
            conduct,
            smtp: match conduct {
                Hang | Drip => hasty(server.port),
                Say(_) | Flood(_) | Close => smtp(&server),
            },
            server,
        }
    }

    /// Sends a message and returns the outcome.
    async fn send(self) -> Result<(), SendError> {
        let Self { step, conduct, .. } = self;
        let message = message(MessageKind::ResetPassword);
        let outcome = timeout(PATIENCE, self.smtp.send(&message)).await;
        assert!(outcome.is_ok(), "{step} {conduct:?}: no end");
        let outcome = outcome.unwrap();
        assert_eq!(
            self.server.texts().len(),
            usize::from(outcome.is_ok()),
            "{step} {conduct:?}"
        );
        outcome
    }
}

async fn outcome(step: &'static str, conduct: Conduct) -> Result<(), SendError> {
    Try::new(step, conduct).await.send().await
}

#[tokio::test]
async fn a_rejection_of_the_recipient_or_the_text_is_permanent() {
    for (step, words) in [
        ("RCPT", "550 5.1.1 <ada@example.com>: no such user"),
        ("RCPT", "550 no such user"),
        ("RCPT", "551 gone elsewhere"),
        ("RCPT", "552 5.2.2 full"),
        ("RCPT", "553 5.1.3 no name of a mailbox"),
        ("DATA", "554 5.6.0 no"),
        ("TEXT", "554 5.6.0 not such a text"),
    ] {
        let outcome = outcome(step, Say(words)).await;
        assert!(
            matches!(outcome, Err(SendError::Permanent(_))),
            "{step} {words}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn every_other_rejection_is_temporary() {
    for (step, words) in [
        ("CONNECT", "554 no service"),
        ("CONNECT", "421 busy"),
        ("CONNECT", "HTTP/1.1 400 Bad Request"),
        ("EHLO", "550 who are you"),
        ("EHLO", "250 fake"),
        ("AUTH", "535 5.7.8 wrong password"),
        ("AUTH", "454 4.7.0 not now"),
        ("MAIL", "550 5.7.60 you are not they"),
        ("MAIL", "530 5.7.0 authenticate first"),
        ("RCPT", "450 4.2.0 greylisted"),
        ("RCPT", "550 5.7.1 blocked by a list"),
        ("RCPT", "503 5.5.1 what"),
        ("RCPT", "what"),
        ("DATA", "451 4.3.0 not now"),
        ("DATA", "250 2.0.0 what"),
        ("TEXT", "452 4.3.1 full"),
        ("TEXT", "550 5.7.1 looks like spam today"),
        ("TEXT", "421 4.4.2 good bye"),
    ] {
        let outcome = outcome(step, Say(words)).await;
        assert!(
            matches!(outcome, Err(SendError::Temporary(_))),
            "{step} {words}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_server_that_hangs_or_disconnects_is_a_temporary_failure_in_time() {
    let mut prepared = Vec::new();
    for step in ["CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "TEXT"] {
        for conduct in [Hang, Drip, Close] {
            prepared.push(Try::new(step, conduct).await);
        }
    }
    let mut tries = JoinSet::new();
    for one in prepared {
        tries.spawn(async move { (one.step, one.conduct, one.send().await) });
    }
    for (step, conduct, outcome) in tries.join_all().await {
        assert!(
            matches!(outcome, Err(SendError::Temporary(_))),
            "{step} {conduct:?}: {outcome:?}"
        );
    }
}

const PART_OF_A_LINE: &str =
    "and so on, and so on, and so on, and so on, and so on, and so on, and so on, and so on, ";
const LINE: &str = "250-and so on, and so on, and so on, and so on, and so on, and so on\r\n";
/// Only a part of these bytes has been read: the rest is in the buffers of both sockets.
const MOST_FLOODED: usize = 512 * 1024;

#[tokio::test]
async fn an_endless_reply_is_read_to_a_limit_and_is_a_temporary_failure() {
    for step in ["CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "TEXT"] {
        for text in [PART_OF_A_LINE, LINE] {
            let server = FakeServer::start(&[(step, Flood(text))]).await;
            let smtp = smtp(&server);
            let outcome = smtp.send(&message(MessageKind::ResetPassword)).await;
            assert!(
                matches!(outcome, Err(SendError::Temporary(_))),
                "{step}: {outcome:?}"
            );
            let flooded = server.flooded();
            assert!(flooded < MOST_FLOODED, "{step}: {flooded} bytes");
        }
    }
}

#[tokio::test]
async fn an_endless_reply_is_read_to_a_limit_on_a_kept_connection() {
    let server = FakeServer::start(&[("RSET", Flood(PART_OF_A_LINE))]).await;
    let smtp = smtp(&server);
    for _ in 0..2 {
        smtp.send(&message(MessageKind::ResetPassword)).await.unwrap();
    }
    let flooded = server.flooded();
    assert!(flooded < MOST_FLOODED, "{flooded} bytes");
    assert_eq!((server.connections(), server.texts().len()), (2, 2));
}

#[tokio::test]
async fn an_error_reports_a_reply_that_is_too_long() {
    let server = FakeServer::start(&[("CONNECT", Flood("220"))]).await;
    let error = smtp(&server).check().await.unwrap_err();
    let failure = error.source().unwrap();
    assert_eq!(
        failure.source().unwrap().to_string(),
        "the connection to the mail server failed at the step Connect: the server's reply is too long"
    );
}

#[tokio::test]
async fn an_unreachable_server_is_a_temporary_failure() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let smtp = smtp_with(options(port));
    let outcome = smtp.send(&message(MessageKind::ResetPassword)).await;
    assert!(matches!(outcome, Err(SendError::Temporary(_))), "{outcome:?}");
}

#[tokio::test]
async fn neither_credentials_nor_mail_are_sent_without_tls_if_tls_is_required() {
    for encryption in [Encryption::Tls, Encryption::StartTls] {
        let server = FakeServer::start(&[]).await;
        let smtp = smtp_with(SmtpOptions {
            encryption,
            ..options(server.port)
        });
        let outcome = smtp.send(&message(MessageKind::ResetPassword)).await;
        assert!(matches!(outcome, Err(SendError::Temporary(_))), "{outcome:?}");
        let commands = server.commands().concat();
        assert!(
            !commands.contains("AUTH") && !commands.contains("MAIL FROM"),
            "{commands}"
        );
    }
}

#[tokio::test]
async fn an_error_contains_the_step_and_the_codes_but_no_text_of_the_server() {
    let outcome = outcome("RCPT", Say("550 5.1.1 <ada@example.com>: no such user")).await;
    let Err(SendError::Permanent(failure)) = outcome else {
        panic!("{outcome:?}")
    };
    let source = failure.source().unwrap().to_string();
    assert_eq!(source, "the mail server rejected the step Recipient: 550 5.1.1");
}

#[tokio::test]
async fn a_check_connects_authenticates_and_quits() {
    let server = FakeServer::start(&[]).await;
    smtp(&server).check().await.unwrap();
    let commands: Vec<_> = server
        .commands()
        .iter()
        .filter_map(|command| Some(command.split(' ').next()?.to_owned()))
        .collect();
    assert_eq!(commands, ["EHLO", "AUTH", "QUIT"]);
}

#[tokio::test]
async fn a_check_reports_what_is_wrong() {
    for (step, conduct, expected) in [
        (
            "AUTH",
            Say("535 5.7.8 no"),
            "the mail server rejected the step Authenticate: 535 5.7.8",
        ),
        ("CONNECT", Hang, "the mail server did not answer in time"),
        (
            "EHLO",
            Close,
            "the connection to the mail server failed at the step Connect: the server's reply is invalid or incomplete",
        ),
    ] {
        let attempt = Try::new(step, conduct).await;
        let error = attempt.smtp.check().await.unwrap_err();
        let failure = error.source().unwrap();
        assert_eq!(failure.source().unwrap().to_string(), expected);
    }
}
