//! Reuse of connections.

use std::sync::Arc;

use chrono::TimeDelta;
use portcullis_application::ports::Mailer;
use portcullis_delivery::Smtp;
use portcullis_domain::message::MessageKind;
use tokio::task::JoinSet;

use super::{
    fake::{
        Conduct::{self, Close, Hang, Say},
        FakeServer,
    },
    hasty, options, smtp,
};
use crate::sample::{clock, message, renderer};

/// Sends a message that fails and one that arrives. Returns the number of connections.
async fn connections_after(step: &'static str, conduct: Conduct) -> usize {
    let server = FakeServer::start(&[(step, conduct)]).await;
    let smtp = match conduct {
        Hang => hasty(server.port),
        _ => smtp(&server),
    };
    let message = message(MessageKind::ResetPassword);
    smtp.send(&message).await.unwrap_err();
    smtp.send(&message).await.unwrap();
    assert_eq!(server.texts().len(), 1);
    server.connections()
}

#[tokio::test]
async fn consecutive_mails_share_one_connection() {
    let server = FakeServer::start(&[]).await;
    let smtp = smtp(&server);
    for kind in MessageKind::ALL {
        smtp.send(&message(kind)).await.unwrap();
    }
    assert_eq!(
        (server.connections(), server.texts().len()),
        (1, MessageKind::ALL.len())
    );
}

#[tokio::test]
async fn concurrent_mails_do_not_wait_for_each_other() {
    let server = FakeServer::start(&[("TEXT", Hang)]).await;
    let smtp = smtp(&server);
    let message = message(MessageKind::ResetPassword);
    // The server answers one of them.
    tokio::select! {
        outcome = smtp.send(&message) => outcome.unwrap(),
        outcome = smtp.send(&message) => outcome.unwrap(),
    }
}

#[tokio::test]
async fn at_most_four_connections_are_kept() {
    let server = FakeServer::start(&[]).await;
    let smtp = Arc::new(smtp(&server));
    for connections in [6, 8] {
        let mut mails = JoinSet::new();
        for _ in 0..6 {
            let smtp = Arc::clone(&smtp);
            mails.spawn(async move { smtp.send(&message(MessageKind::ResetPassword)).await });
        }
        assert!(mails.join_all().await.iter().all(Result::is_ok));
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn a_connection_is_kept_after_a_rejection_and_closed_after_other_errors() {
    assert_eq!(connections_after("RCPT", Say("550 5.1.1 no")).await, 1);
    assert_eq!(connections_after("TEXT", Say("451 4.3.0 no")).await, 1);
    assert_eq!(connections_after("RCPT", Close).await, 2);
    assert_eq!(connections_after("RCPT", Say("what")).await, 2);
    assert_eq!(connections_after("DATA", Say("250 what")).await, 2);
}

#[tokio::test]
async fn a_late_reply_is_never_read_as_the_reply_to_the_next_mail() {
    for step in ["AUTH", "RCPT", "DATA", "TEXT"] {
        assert_eq!(connections_after(step, Hang).await, 2, "{step}");
    }
}

#[tokio::test]
async fn a_kept_connection_that_the_server_has_closed_is_replaced() {
    for conduct in [Close, Say("421 4.4.2 good bye")] {
        let server = FakeServer::start(&[("RSET", conduct)]).await;
        let smtp = smtp(&server);
        for _ in 0..2 {
            smtp.send(&message(MessageKind::ResetPassword)).await.unwrap();
        }
        assert_eq!((server.connections(), server.texts().len()), (2, 2));
    }
}

#[tokio::test]
async fn a_connection_that_was_idle_too_long_is_not_reused() {
    let server = FakeServer::start(&[]).await;
    let clock = clock();
    let smtp = Smtp::new(options(server.port), renderer(), Arc::clone(&clock) as _).unwrap();
    for (wait, connections) in [(0, 1), (30, 1), (31, 2)] {
        clock.advance(TimeDelta::seconds(wait));
        smtp.send(&message(MessageKind::ResetPassword)).await.unwrap();
        assert_eq!(server.connections(), connections, "{wait}");
    }
}
