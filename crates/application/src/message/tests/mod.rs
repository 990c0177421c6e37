use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::FutureExt;
use portcullis_domain::{
    id::MessageId,
    message::{Content, LIMITS_PER_ADDRESS, MessageKind},
    token::OneTimeToken,
};

use super::*;
use crate::{
    ports::{Failure, MockMailer, QueuedMessage, Sealed, SendError, Settlement},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{a_user, links, message_options, start},
    },
    tests::log::Lines,
};

/// Returns a message as it is queued.
async fn queued(expires_in: Option<TimeDelta>, attempts: u32) -> QueuedMessage {
    let (sender, receiver) = std::sync::mpsc::channel();
    let mut unit = FakeUnitOfWork::default();
    unit.messages
        .expect_queue()
        .once()
        .returning(move |id, sealed, now| {
            assert_eq!(now, start());
            sender.send((id.clone(), sealed.clone())).map_err(Failure::new)
        });
    let fake = FakePorts::with_store(FakeStore::default());
    let user = a_user();
    let draft = MessageDraft {
        kind: MessageKind::ResetPassword,
        to: &user.email,
        user: Some(&user),
        content: Content::Link(links().reset_password(&OneTimeToken::new("T"), None)),
        purpose: None,
        expires_at: expires_in.map(|time| start() + time),
        requester: Requester::User,
    };
    let message = MessageWriter::new(&fake.ports, message_options()).write(draft, start());
    message.queue(&mut unit, start()).await.unwrap();
    let (id, sealed) = receiver.recv().unwrap();
    QueuedMessage { id, sealed, attempts }
}

/// Sends one message and expects this result to be stored.
async fn deliver(message: QueuedMessage, mailer: MockMailer, settlement: Settlement) {
    let mut unit = FakeUnitOfWork::default();
    let id = message.id.clone();
    unit.messages
        .expect_settle()
        .withf(move |of, how, now| *of == id && *how == settlement && *now == start())
        .once()
        .return_once(|_, _, _| Ok(()));
    let fake = FakePorts::with_store(FakeStore::new(vec![unit], Vec::new()));
    let message_delivery = MessageDelivery::new(&fake.ports, Arc::new(mailer), TimeDelta::minutes(1));
    message_delivery.deliver(&message).await.unwrap();
}

/// The retry after the first attempt.
fn later() -> Settlement {
    Settlement::Retry(start() + TimeDelta::seconds(10))
}

/// A queued message with this content.
fn written(text: &str, attempts: u32) -> QueuedMessage {
    QueuedMessage {
        id: MessageId::new("M"),
        sealed: Sealed(text.to_owned()),
        attempts,
    }
}

fn failing_mailer(error: fn(Failure) -> SendError) -> MockMailer {
    let mut mailer = MockMailer::new();
    mailer
        .expect_send()
        .once()
        .returning(move |_| Err(error(Failure::unavailable("no"))));
    mailer
}

#[tokio::test]
async fn a_message_is_sent_as_it_was_written_and_settled_as_done() {
    let mut mailer = MockMailer::new();
    mailer
        .expect_send()
        .withf(|message| {
            let link = message.link().unwrap();
            message.kind == MessageKind::ResetPassword
                && message.to == a_user().email.into()
                && message.user.as_ref().unwrap().name == "Ada"
                && message.created_at == start()
                && link.token.expose() == "T"
                && link.url.expose() == "https://auth.example.com/api/auth/reset-password/T?callbackURL="
        })
        .once()
        .returning(|_| Ok(()));
    let message = queued(Some(TimeDelta::hours(1)), 1).await;
    deliver(message, mailer, Settlement::Done).await;
}

#[tokio::test]
async fn taken_messages_are_leased() {
    let mut unit = FakeUnitOfWork::default();
    unit.messages
        .expect_take()
        .withf(|now, lease, limit| {
            *now == start() && *lease == start() + TimeDelta::minutes(1) && *limit == 7
        })
        .once()
        .return_once(|_, _, _| Ok(vec![written("one", 1)]));
    let fake = FakePorts::with_store(FakeStore::new(vec![unit], Vec::new()));
    let message_delivery =
        MessageDelivery::new(&fake.ports, Arc::new(MockMailer::new()), TimeDelta::minutes(1));
    assert_eq!(message_delivery.take(7).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_expired_message_is_not_sent_and_is_settled_as_dead() {
    let late = queued(Some(TimeDelta::milliseconds(-1)), 1).await;
    deliver(late, MockMailer::new(), Settlement::Dead).await;
}

#[tokio::test]
async fn a_temporary_failure_is_retried_after_doubling_pauses() {
    for (attempts, pause) in [(1, 10), (2, 20), (5, 160), (9, 2560)] {
        let retry = Settlement::Retry(start() + TimeDelta::seconds(pause));
        deliver(
            queued(None, attempts).await,
            failing_mailer(SendError::Temporary),
            retry,
        )
        .await;
    }
}

/// Otherwise an outage of the mail server of an hour would lose every link that was requested in that time.
#[tokio::test]
async fn the_last_attempt_comes_after_the_hour_in_which_a_link_is_valid() {
    let pauses = (1..10).map(|attempt| delivery::next_attempt(attempt, start()) - start());
    assert!(pauses.sum::<TimeDelta>() > TimeDelta::hours(1));
}

#[tokio::test]
async fn a_message_that_is_rejected_or_fails_ten_times_is_dead() {
    let temporary = failing_mailer(SendError::Temporary);
    deliver(queued(None, 10).await, temporary, Settlement::Dead).await;
    let permanent = failing_mailer(SendError::Permanent);
    deliver(queued(None, 1).await, permanent, Settlement::Dead).await;
}

/// A replica that is older than another, or does not know the newest secret yet, leaves the message to the other.
#[tokio::test]
async fn an_unreadable_message_is_retried_until_the_tenth_attempt() {
    for (text, cause) in [
        ("sealed with another secret", "could not decrypt it"),
        ("Message:no json", "its content is invalid"),
        ("Message:{}", "its content is invalid"),
        (r#"Message:{"kind":"verify-email"}"#, "its content is invalid"),
        (
            r#"Message:{"kind":"two-factor-otp","to":"a@example.com","createdAt":0}"#,
            "its content is invalid",
        ),
        (r#"Message:{"kind":"carrier-pigeon"}"#, "its kind is unknown"),
    ] {
        for (attempts, settlement, line) in [
            (1, later(), "could not send a message; it will be retried"),
            (10, Settlement::Dead, "could not send a message; giving up"),
        ] {
            let log = Lines::default();
            let _logging = tracing::subscriber::set_default(log.clone());
            deliver(written(text, attempts), MockMailer::new(), settlement).await;
            let logged = log.logged();
            assert!(
                logged.contains("message_id=M") && logged.contains(cause) && logged.contains(line),
                "{logged}"
            );
            assert_eq!(
                logged.matches("message=").count(),
                1,
                "each field name occurs once: {logged}"
            );
        }
    }
}

#[tokio::test]
async fn a_panic_fails_only_its_own_message() {
    for (attempts, settlement) in [(1, later()), (10, Settlement::Dead)] {
        let mut mailer = MockMailer::new();
        mailer.expect_send().once().returning(|_| panic!("poison"));
        deliver(queued(None, attempts).await, mailer, settlement).await;
    }
}

#[tokio::test]
async fn a_message_that_crashed_every_attempt_is_not_tried_again() {
    deliver(queued(None, 11).await, MockMailer::new(), Settlement::Dead).await;
}

#[tokio::test]
async fn the_delivery_worker_is_woken_at_commit_and_not_before() {
    let fake = FakePorts::with_store(FakeStore::default());
    let post = MessageWriter::new(&fake.ports, message_options());
    assert!(fake.ports.queue_wakeup.notified().now_or_never().is_none());
    post.commit(fake.ports.store.begin()).await.unwrap();
    assert!(fake.ports.queue_wakeup.notified().now_or_never().is_some());
    assert!(fake.store.has_committed());
}

#[test]
fn notices_are_written_only_if_messages_and_notices_are_on() {
    let fake = FakePorts::with_store(FakeStore::default());
    let user = a_user();
    for (is_sending, has_notices) in [(true, true), (true, false), (false, true)] {
        let options = MessageOptions {
            links: links(),
            is_sending,
            is_sending_to_phones: true,
            has_notices,
            verification_codes: None,
            limits: None,
        };
        let post = MessageWriter::new(&fake.ports, options);
        let notice = post.notice(MessageKind::PasswordChanged, &user, &user.email, start());
        assert_eq!(notice.is_some(), is_sending && has_notices);
    }
}

/// Otherwise an attacker could flood a mailbox with codes.
#[test]
fn every_message_that_another_person_can_cause_is_limited() {
    let fake = FakePorts::with_store(FakeStore::default());
    let user = a_user();
    let options = MessageOptions {
        limits: Some(MessageLimits {
            rules: LIMITS_PER_ADDRESS.to_vec(),
            known_for: TimeDelta::days(1),
        }),
        ..message_options()
    };
    let messages = MessageWriter::new(&fake.ports, options);
    for kind in MessageKind::ALL {
        let draft = MessageDraft {
            kind,
            to: &user.email,
            user: Some(&user),
            content: Content::Notice,
            purpose: None,
            expires_at: None,
            requester: Requester::Stranger,
        };
        let limits = messages.write(draft, start()).limits.len();
        let is_report = matches!(kind, MessageKind::PasswordChanged | MessageKind::EmailChanged);
        assert_eq!(
            limits,
            if is_report { 0 } else { LIMITS_PER_ADDRESS.len() },
            "{kind:?}"
        );
    }
}

#[test]
fn links_are_below_the_base_url_and_contain_token_and_callback() {
    let token = OneTimeToken::new("a.b-c");
    let evil = Some("/done?a=1&token=evil#x");
    for (link, url) in [
        (
            links().verify_email(&token, None),
            "https://auth.example.com/api/auth/verify-email?token=a.b-c&callbackURL=%2F",
        ),
        (
            links().verify_email(&token, evil),
            "https://auth.example.com/api/auth/verify-email?token=a.b-c&callbackURL=%2Fdone%3Fa%3D1%26token%3Devil%23x",
        ),
        (
            links().delete_user(&token, Some("")),
            "https://auth.example.com/api/auth/delete-user/callback?token=a.b-c&callbackURL=%2F",
        ),
        (
            links().reset_password(&token, Some("https://app.example.com/reset")),
            "https://auth.example.com/api/auth/reset-password/a.b-c?callbackURL=https%3A%2F%2Fapp.example.com%2Freset",
        ),
    ] {
        assert_eq!(link.url.expose(), url);
        assert_eq!(link.token.expose(), "a.b-c");
    }
}
