//! The repository of one-time tokens.

use portcullis_application::ports::Store;
use portcullis_domain::{
    id::{UserId, VerificationId},
    token::OneTimeToken,
    verification::{Proven, Purpose, RevokingEvent, Verification},
};
use portcullis_persistence::{PgStore, StoreOptions};

use crate::fixture::{Fixture, time};

mod code;
mod race;
mod shared;

pub(super) const SECRET: &str = "abcdefghijklmnopqrstuvwx";

pub(super) fn secret(text: &str) -> OneTimeToken {
    OneTimeToken::new(text)
}

pub(super) fn verification(id: &str, purpose: Purpose, secret: &str) -> Verification {
    Verification {
        id: VerificationId::new(id),
        purpose,
        secret: OneTimeToken::new(secret),
        user_id: UserId::new("jane"),
        expires_at: time(60),
        created_at: time(0),
    }
}

pub(super) fn proven_for_jane() -> Proven {
    Proven {
        user_id: UserId::new("jane"),
        expires_at: time(60),
    }
}

pub(super) async fn insert(store: &PgStore, verification: &Verification) {
    store
        .autocommit()
        .verifications()
        .insert(verification)
        .await
        .unwrap();
}

pub(super) async fn find(store: &PgStore, purpose: Purpose, text: &str) -> Option<Proven> {
    let found = store
        .autocommit()
        .verifications()
        .find(purpose, &secret(text))
        .await;
    found.unwrap()
}

pub(super) async fn consume(store: &PgStore, purpose: Purpose, text: &str) -> Option<Proven> {
    let consumed = store
        .autocommit()
        .verifications()
        .consume(purpose, &secret(text))
        .await;
    consumed.unwrap()
}

async fn claim(store: &PgStore, purpose: Purpose, text: &str) -> bool {
    let claimed = store
        .autocommit()
        .verifications()
        .mark_used(purpose, &secret(text), time(60), time(0))
        .await;
    claimed.unwrap()
}

async fn revoke(store: &PgStore, event: RevokingEvent, user: &str) {
    let mut read = store.autocommit();
    let revoked = read.verifications().revoke(event, &UserId::new(user)).await;
    revoked.unwrap();
}

#[tokio::test]
async fn a_token_is_found_until_it_is_consumed() {
    let world = Fixture::new();
    for purpose in Purpose::ALL {
        insert(
            &world.store,
            &verification(&format!("id of {}", purpose.name()), purpose, SECRET),
        )
        .await;
        assert_eq!(find(&world.store, purpose, SECRET).await, Some(proven_for_jane()));
        assert_eq!(find(&world.store, purpose, SECRET).await, Some(proven_for_jane()));
        assert_eq!(
            consume(&world.store, purpose, SECRET).await,
            Some(proven_for_jane())
        );
        assert_eq!(consume(&world.store, purpose, SECRET).await, None);
        assert_eq!(find(&world.store, purpose, SECRET).await, None);
    }
    assert_eq!(world.count("SELECT 1 FROM verification"), 0);
}

#[tokio::test]
async fn the_database_does_not_contain_a_token_in_plain_text() {
    let world = Fixture::new();
    for purpose in Purpose::ALL {
        insert(
            &world.store,
            &verification(&format!("id of {}", purpose.name()), purpose, SECRET),
        )
        .await;
    }
    let holding = format!("SELECT 1 FROM verification v WHERE v::text LIKE '%{SECRET}%'");
    assert_eq!(world.count(&holding), 0);
}

#[tokio::test]
async fn a_token_is_rejected_for_another_purpose_by_every_reader() {
    let world = Fixture::new();
    let shared = world.shared_store();
    for writer in [&world.store, &shared] {
        for made_for in Purpose::ALL {
            insert(writer, &verification("v", made_for, SECRET)).await;
            for shown_for in Purpose::ALL.into_iter().filter(|purpose| *purpose != made_for) {
                for reader in [&world.store, &shared] {
                    assert_eq!(find(reader, shown_for, SECRET).await, None);
                    assert_eq!(consume(reader, shown_for, SECRET).await, None);
                }
            }
            assert_eq!(
                consume(&shared, made_for, SECRET).await,
                Some(proven_for_jane()),
                "{made_for:?}"
            );
        }
    }
}

#[tokio::test]
async fn of_several_rows_the_newest_counts_and_all_are_consumed() {
    let world = Fixture::new();
    for (id, user, created_at) in [("v1", "old", 1), ("v2", "new", 3), ("v3", "older", 2)] {
        let row = Verification {
            user_id: UserId::new(user),
            created_at: time(created_at),
            ..verification(id, Purpose::EmailVerification, SECRET)
        };
        insert(&world.store, &row).await;
    }
    let user = |proven: Option<Proven>| proven.map(|proven| proven.user_id);
    let new = Some(UserId::new("new"));
    assert_eq!(
        user(find(&world.store, Purpose::EmailVerification, SECRET).await),
        new
    );
    assert_eq!(
        user(consume(&world.store, Purpose::EmailVerification, SECRET).await),
        new
    );
    assert_eq!(world.count("SELECT 1 FROM verification"), 0);
}

#[tokio::test]
async fn an_expired_token_is_returned_with_its_expiry() {
    let world = Fixture::new();
    insert(&world.store, &verification("v", Purpose::PasswordReset, SECRET)).await;
    let found = find(&world.store, Purpose::PasswordReset, SECRET).await.unwrap();
    assert!(found.is_live(time(60)) && !found.is_live(time(61)));
}

#[tokio::test]
async fn a_token_consumed_in_a_rolled_back_unit_can_be_consumed_again() {
    let world = Fixture::new();
    insert(&world.store, &verification("v", Purpose::AccountDeletion, SECRET)).await;
    let mut unit = world.store.begin();
    let consumed = unit
        .verifications()
        .consume(Purpose::AccountDeletion, &secret(SECRET))
        .await;
    assert_eq!(consumed.unwrap(), Some(proven_for_jane()));
    drop(unit);
    assert_eq!(
        consume(&world.store, Purpose::AccountDeletion, SECRET).await,
        Some(proven_for_jane())
    );
}

#[tokio::test]
async fn a_value_that_is_not_an_id_is_never_read_as_one() {
    let world = Fixture::shared();
    for value in [
        r#"{"email":"jane@example.com"}"#,
        r#""jane""#,
        "",
        "jane joe",
        "[]",
    ] {
        world.execute(&format!(
            "INSERT INTO verification VALUES ('v', 'reset-password:{SECRET}', '{value}', now(), now(), now())"
        ));
        assert_eq!(find(&world.store, Purpose::PasswordReset, SECRET).await, None);
        assert_eq!(consume(&world.store, Purpose::PasswordReset, SECRET).await, None);
        world.execute("DELETE FROM verification");
    }
}

#[tokio::test]
async fn a_token_is_claimed_once_for_each_purpose() {
    let world = Fixture::new();
    for purpose in Purpose::ALL {
        assert!(claim(&world.store, purpose, SECRET).await);
        assert!(!claim(&world.store, purpose, SECRET).await);
        assert!(claim(&world.store, purpose, "another").await);
        assert_eq!(consume(&world.store, purpose, SECRET).await, None);
    }
    let mut unit = world.store.begin();
    let claimed = unit
        .verifications()
        .mark_used(Purpose::PasswordReset, &secret("undone"), time(60), time(0))
        .await;
    assert!(claimed.unwrap());
    drop(unit);
    assert!(claim(&world.store, Purpose::PasswordReset, "undone").await);
}

#[tokio::test]
async fn an_event_ends_only_the_tokens_of_its_user_and_its_purposes() {
    for event in RevokingEvent::ALL {
        let world = Fixture::shared();
        let own = world.store_with(&StoreOptions::default());
        for purpose in Purpose::ALL {
            for (store, form) in [(&world.store, "shared"), (&own, "own")] {
                let (name, prefix) = (purpose.name(), purpose.token_prefix());
                let text = format!("{prefix}{form}");
                insert(store, &verification(&format!("{name}-{form}"), purpose, &text)).await;
                let joes = Verification {
                    user_id: UserId::new("joe"),
                    ..verification(
                        &format!("joe-{name}-{form}"),
                        purpose,
                        &format!("{prefix}joe{form}"),
                    )
                };
                insert(store, &joes).await;
            }
        }
        revoke(&world.store, event, "jane").await;
        for purpose in Purpose::ALL {
            let prefix = purpose.token_prefix();
            for form in ["shared", "own"] {
                let text = format!("{prefix}{form}");
                let is_left = find(&world.store, purpose, &text).await.is_some();
                assert_eq!(is_left, !purpose.is_ended_by(event), "{purpose:?}, {event:?}");
                let joes = find(&world.store, purpose, &format!("{prefix}joe{form}")).await;
                assert!(joes.is_some(), "{purpose:?}, {event:?}");
            }
        }
        revoke(&world.store, event, "\0").await;
    }
}

/// On a shared database a link is valid without a row, so a deleted link must be marked as used.
#[tokio::test]
async fn a_link_that_was_deleted_cannot_be_claimed() {
    let world = Fixture::shared();
    let links = [
        Purpose::EmailVerification,
        Purpose::EmailChangeConfirmation,
        Purpose::EmailChangeVerification,
    ];
    for (number, purpose) in Purpose::ALL.into_iter().enumerate() {
        // The same link was sent twice within one second.
        for id in ["once", "twice"] {
            insert(
                &world.store,
                &verification(&format!("{id}-{number}"), purpose, SECRET),
            )
            .await;
        }
    }
    for _again in 0..2 {
        revoke(&world.store, RevokingEvent::UserDeletion, "jane").await;
    }
    for purpose in Purpose::ALL {
        assert_eq!(find(&world.store, purpose, SECRET).await, None);
        assert_eq!(
            claim(&world.store, purpose, SECRET).await,
            !links.contains(&purpose),
            "{purpose:?}"
        );
    }
    assert_eq!(world.count("SELECT 1 FROM verification WHERE value <> ''"), 0);
}

#[tokio::test]
async fn only_expired_tokens_are_deleted_in_batches() {
    let world = Fixture::new();
    for (id, end) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] {
        let row = Verification {
            expires_at: time(end),
            ..verification(id, Purpose::PasswordReset, id)
        };
        insert(&world.store, &row).await;
    }
    let mut read = world.store.autocommit();
    assert_eq!(read.verifications().delete_expired(time(4), 2).await.unwrap(), 2);
    assert_eq!(read.verifications().delete_expired(time(4), 2).await.unwrap(), 1);
    assert_eq!(read.verifications().delete_expired(time(4), 2).await.unwrap(), 0);
    assert!(find(&world.store, Purpose::PasswordReset, "d").await.is_some());
}
