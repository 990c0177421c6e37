use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::FutureExt;
use portcullis_domain::{id::MessageId, message::MessageKind, token::OneTimeSecret};

use super::*;
use crate::{
    ports::{Failure, MockMailer, QueuedMessage, Sealed, SendError, Settlement},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{a_user, links, message_options, start},
    },
};

/// A message as it stands in the queue of a store with these fakes.
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
    let fake = FakePorts::around(FakeStore::default());
    let user = a_user();
    let draft = Draft {
        kind: MessageKind::ResetPassword,
        to: &user.email,
        user: &user,
        link: Some(links().reset_password(&OneTimeSecret::new("T"), None)),
        expires_at: expires_in.map(|time| start() + time),
    };
    let letter = Post::new(&fake.ports, message_options()).write(draft, start());
    letter.queue(&mut unit, start()).await.unwrap();
    let (id, sealed) = receiver.recv().unwrap();
    QueuedMessage { id, sealed, attempts }
}

/// A round over one message, whose settlement is this one.
async fn round(message: QueuedMessage, mailer: MockMailer, settlement: Settlement) -> Delivered {
    let (mut first, mut second) = (FakeUnitOfWork::default(), FakeUnitOfWork::default());
    let id = message.id.clone();
    first
        .messages
        .expect_take()
        .withf(|now, lease, limit| {
            *now == start() && *lease == start() + TimeDelta::minutes(1) && *limit == 7
        })
        .once()
        .return_once(|_, _, _| Ok(vec![message]));
    second
        .messages
        .expect_settle()
        .withf(move |of, how, now| *of == id && *how == settlement && *now == start())
        .once()
        .return_once(|_, _, _| Ok(()));
    let fake = FakePorts::around(FakeStore::new(vec![first, second], Vec::new()));
    let options = DelivererOptions {
        batch: 7,
        lease: TimeDelta::minutes(1),
    };
    Deliverer::new(&fake.ports, Arc::new(mailer), options)
        .round()
        .await
        .unwrap()
}

fn refusing(error: fn(Failure) -> SendError) -> MockMailer {
    let mut mailer = MockMailer::new();
    mailer
        .expect_send()
        .once()
        .returning(move |_| Err(error(Failure::unavailable("no"))));
    mailer
}

#[tokio::test]
async fn a_message_is_sent_as_it_was_written_and_forgotten() {
    let mut mailer = MockMailer::new();
    mailer
        .expect_send()
        .withf(|message| {
            let link = message.link.as_ref().unwrap();
            message.kind == MessageKind::ResetPassword
                && message.to == a_user().email
                && message.user.name == "Ada"
                && message.created_at == start()
                && link.token.expose() == "T"
                && link.url.expose() == "https://auth.example.com/api/auth/reset-password/T?callbackURL="
        })
        .once()
        .returning(|_| Ok(()));
    let delivered = round(
        queued(Some(TimeDelta::hours(1)), 1).await,
        mailer,
        Settlement::Done,
    )
    .await;
    assert_eq!((delivered.taken, delivered.sent), (1, 1));
}

#[tokio::test]
async fn a_code_that_has_expired_is_never_sent_and_leaves_a_mark() {
    let late = queued(Some(TimeDelta::milliseconds(-1)), 1).await;
    let delivered = round(late, MockMailer::new(), Settlement::Dead).await;
    assert_eq!((delivered.sent, delivered.expired), (0, 1));
}

#[tokio::test]
async fn what_fails_is_tried_again_after_ever_longer_pauses() {
    for (attempts, pause) in [(1, 5), (2, 10), (5, 80), (9, 1280)] {
        let retry = Settlement::Retry(start() + TimeDelta::seconds(pause));
        let delivered = round(queued(None, attempts).await, refusing(SendError::Passing), retry).await;
        assert_eq!((delivered.sent, delivered.dead), (0, 0));
    }
}

#[tokio::test]
async fn what_is_refused_or_fails_for_the_tenth_time_is_dead() {
    let mailer = || refusing(SendError::Passing);
    assert_eq!(
        round(queued(None, 10).await, mailer(), Settlement::Dead)
            .await
            .dead,
        1
    );
    let refused = round(
        queued(None, 1).await,
        refusing(SendError::Lasting),
        Settlement::Dead,
    )
    .await;
    assert_eq!(refused.dead, 1);
}

#[tokio::test]
async fn what_cannot_be_read_is_dead_and_not_sent() {
    for text in ["sealed with another secret", "Message:no json", "Message:{}"] {
        let message = QueuedMessage {
            id: MessageId::new("M"),
            sealed: Sealed(text.to_owned()),
            attempts: 1,
        };
        assert_eq!(round(message, MockMailer::new(), Settlement::Dead).await.dead, 1);
    }
}

#[tokio::test]
async fn the_bell_rings_when_and_only_when_a_message_may_be_sent() {
    let fake = FakePorts::around(FakeStore::default());
    let post = Post::new(&fake.ports, message_options());
    assert!(fake.ports.bell.heard().now_or_never().is_none());
    post.commit(fake.ports.store.begin()).await.unwrap();
    assert!(fake.ports.bell.heard().now_or_never().is_some());
    assert!(fake.store.has_committed());
}

#[test]
fn notices_are_written_where_they_are_wanted() {
    let fake = FakePorts::around(FakeStore::default());
    let user = a_user();
    for (is_sending, has_notices) in [(true, true), (true, false), (false, true)] {
        let options = MessageOptions {
            links: links(),
            is_sending,
            has_notices,
        };
        let post = Post::new(&fake.ports, options);
        let notice = post.notice(MessageKind::PasswordChanged, &user, &user.email, start());
        assert_eq!(notice.is_some(), is_sending && has_notices);
    }
}

#[test]
fn links_lead_below_our_own_address_and_carry_what_they_are_given() {
    let token = OneTimeSecret::new("a.b-c");
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
