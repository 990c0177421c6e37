//! One-time codes.

use portcullis_application::ports::Store;
use portcullis_domain::{
    code::{Attempt, CodeKey, OneTimeCode, StoredCode},
    id::{SessionId, UserId, VerificationId},
    verification::{Purpose, RevokingEvent},
};
use portcullis_persistence::PgStore;
use tokio::task::JoinSet;

use super::{insert, revoke, secret, verification};
use crate::fixture::{Fixture, session, time, user, winners};

const CHALLENGE: &str = "2fa-abcdefghijklmnopqrst";
const ALLOWED: u32 = 5;

fn challenge() -> CodeKey {
    CodeKey::TwoFactorChallenge(secret(CHALLENGE))
}

fn session_of(user: &str) -> CodeKey {
    CodeKey::TwoFactorSession(UserId::new(user), SessionId::new(format!("session-{user}")))
}

fn code(key: CodeKey, text: &str) -> OneTimeCode {
    OneTimeCode {
        id: VerificationId::new(format!(
            "id of {text} for {}",
            key.better_auth_identifier().expose()
        )),
        key,
        stored: StoredCode::new(text),
        expires_at: time(60),
        created_at: time(0),
    }
}

async fn replace(store: &PgStore, code: &OneTimeCode) {
    store.autocommit().codes().replace(code).await.unwrap();
}

/// Counts an attempt, and returns the code that the guess is compared with.
async fn attempt_at(store: &PgStore, key: &CodeKey, seconds: i64) -> Result<String, &'static str> {
    let mut db = store.autocommit();
    let attempt = db.codes().count_attempt(key, ALLOWED, time(seconds)).await;
    match attempt.unwrap() {
        Attempt::Allowed(stored) => Ok(stored.expose().clone()),
        Attempt::TooMany => Err("too many"),
        Attempt::Expired => Err("expired"),
        Attempt::Missing => Err("missing"),
    }
}

async fn attempt(store: &PgStore, key: &CodeKey) -> Result<String, &'static str> {
    attempt_at(store, key, 1).await
}

async fn consume(store: &PgStore, key: &CodeKey, text: &str) -> bool {
    let mut db = store.autocommit();
    let consumed = db.codes().consume(key, &StoredCode::new(text)).await;
    consumed.unwrap()
}

#[tokio::test]
async fn a_code_can_be_guessed_a_few_times_and_is_then_missing() {
    for world in [Fixture::new(), Fixture::shared()] {
        for key in [challenge(), session_of("jane")] {
            assert_eq!(attempt(&world.store, &key).await, Err("missing"));
            replace(&world.store, &code(key.clone(), "123456")).await;
            for _guess in 0..ALLOWED {
                assert_eq!(attempt(&world.store, &key).await.as_deref(), Ok("123456"));
            }
            assert_eq!(attempt(&world.store, &key).await, Err("too many"));
            assert_eq!(attempt(&world.store, &key).await, Err("missing"));
        }
    }
}

/// Of parallel requests with the right code, those that are one too many must not end it.
#[tokio::test]
async fn a_code_that_was_received_is_consumed_although_others_were_too_many() {
    for world in [Fixture::new(), Fixture::shared()] {
        replace(&world.store, &code(challenge(), "123456")).await;
        for _guess in 0..ALLOWED + 3 {
            let _counted = attempt(&world.store, &challenge()).await;
        }
        assert!(consume(&world.store, &challenge(), "123456").await);
        assert!(!consume(&world.store, &challenge(), "123456").await);
    }
}

#[tokio::test]
async fn a_code_expires_after_its_end_and_not_at_it() {
    let world = Fixture::new();
    replace(&world.store, &code(challenge(), "123456")).await;
    assert!(attempt_at(&world.store, &challenge(), 60).await.is_ok());
    assert_eq!(attempt_at(&world.store, &challenge(), 61).await, Err("expired"));
    assert_eq!(attempt_at(&world.store, &challenge(), 61).await, Err("missing"));
}

#[tokio::test]
async fn a_newer_code_replaces_the_older_and_its_attempts() {
    for world in [Fixture::new(), Fixture::shared()] {
        replace(&world.store, &code(challenge(), "111111")).await;
        assert!(attempt(&world.store, &challenge()).await.is_ok());
        replace(&world.store, &code(challenge(), "222222")).await;
        assert_eq!(world.count("SELECT 1 FROM verification"), 1);
        assert!(!consume(&world.store, &challenge(), "111111").await);
        for _guess in 0..ALLOWED {
            assert_eq!(attempt(&world.store, &challenge()).await.as_deref(), Ok("222222"));
        }
    }
}

#[tokio::test]
async fn a_code_is_consumed_once_and_only_by_its_own_key() {
    let world = Fixture::new();
    replace(&world.store, &code(session_of("jane"), "123456")).await;
    for other in [session_of("joe"), challenge()] {
        assert!(!consume(&world.store, &other, "123456").await);
        assert_eq!(attempt(&world.store, &other).await, Err("missing"));
    }
    assert!(attempt(&world.store, &session_of("jane")).await.is_ok());
    assert!(consume(&world.store, &session_of("jane"), "123456").await);
    assert!(!consume(&world.store, &session_of("jane"), "123456").await);
}

#[tokio::test]
async fn a_code_is_never_read_as_a_one_time_token() {
    for world in [Fixture::new(), Fixture::shared()] {
        for key in [challenge(), session_of("jane")] {
            replace(&world.store, &code(key.clone(), "123456")).await;
            for text in [
                "123456",
                CHALLENGE,
                "2fa-otp-2fa-abcdefghijklmnopqrst",
                "2fa-otp-jane!session-jane",
                "otp-jane!session-jane",
            ] {
                for purpose in Purpose::ALL {
                    assert_eq!(super::find(&world.store, purpose, text).await, None);
                    assert_eq!(super::consume(&world.store, purpose, text).await, None);
                }
            }
            assert!(attempt(&world.store, &key).await.is_ok());
        }
    }
}

#[tokio::test]
async fn a_token_is_never_read_as_a_code() {
    for world in [Fixture::new(), Fixture::shared()] {
        insert(
            &world.store,
            &verification("v", Purpose::TwoFactorChallenge, CHALLENGE),
        )
        .await;
        assert_eq!(attempt(&world.store, &challenge()).await, Err("missing"));
        assert!(!consume(&world.store, &challenge(), "jane").await);
        world.execute("UPDATE verification SET identifier = '2fa-otp-' || identifier");
        assert_eq!(attempt(&world.store, &challenge()).await, Err("missing"));
    }
}

#[tokio::test]
async fn codes_on_a_shared_database_have_better_auths_form() {
    let world = Fixture::shared();
    for (key, identifier) in [
        (challenge(), format!("2fa-otp-{CHALLENGE}")),
        (session_of("jane"), "2fa-otp-jane!session-jane".to_owned()),
    ] {
        replace(&world.store, &code(key.clone(), "123456")).await;
        let rows = |value: &str| {
            world.count(&format!(
                "SELECT 1 FROM verification WHERE identifier = '{identifier}' AND value = '{value}'"
            ))
        };
        assert_eq!(rows("123456:0"), 1);
        assert!(attempt(&world.store, &key).await.is_ok());
        assert_eq!(rows("123456:1"), 1);
    }
}

/// A Node server adds a row for each code, and does not replace the older ones.
#[tokio::test]
async fn of_a_node_servers_codes_only_the_newest_can_be_guessed() {
    let world = Fixture::shared();
    let rows = |attempts: u32| {
        for (id, code, created_at) in [
            ("a", "111111", "00:00"),
            ("b", "222222", "00:02"),
            ("c", "333333", "00:01"),
        ] {
            world.execute(&format!(
                "INSERT INTO verification VALUES ('{id}', '2fa-otp-{CHALLENGE}', '{code}:{attempts}',
                 '2100-01-01', '2026-01-01 {created_at}', now())"
            ));
        }
    };
    rows(ALLOWED - 1);
    assert_eq!(attempt(&world.store, &challenge()).await.as_deref(), Ok("222222"));
    assert_eq!(attempt(&world.store, &challenge()).await, Err("too many"));
    assert_eq!(attempt(&world.store, &challenge()).await, Err("missing"));
    world.execute("DELETE FROM verification");
    rows(0);
    assert!(consume(&world.store, &challenge(), "222222").await);
    assert_eq!(attempt(&world.store, &challenge()).await, Err("missing"));
}

#[tokio::test]
async fn the_database_does_not_contain_a_challenge_in_plain_text() {
    let world = Fixture::new();
    replace(&world.store, &code(challenge(), "123456")).await;
    world.execute("UPDATE verification SET id = 'v'");
    assert_eq!(
        world.count(&format!(
            "SELECT 1 FROM verification v WHERE v::text LIKE '%{CHALLENGE}%'"
        )),
        0
    );
}

#[tokio::test]
async fn every_event_ends_the_codes_of_its_user() {
    for event in RevokingEvent::ALL {
        for world in [Fixture::new(), Fixture::shared()] {
            let mut db = world.store.autocommit();
            for name in ["jane", "joe"] {
                let user = user(name);
                db.users().insert(&user).await.unwrap();
                db.sessions().insert(&session(name, &user)).await.unwrap();
            }
            let joes = "2fa-joe";
            insert(
                &world.store,
                &verification("v", Purpose::TwoFactorChallenge, CHALLENGE),
            )
            .await;
            for key in [
                challenge(),
                session_of("jane"),
                session_of("joe"),
                CodeKey::TwoFactorChallenge(secret(joes)),
            ] {
                replace(&world.store, &code(key, "123456")).await;
            }
            revoke(&world.store, event, "jane").await;
            for key in [challenge(), session_of("jane")] {
                assert_eq!(attempt(&world.store, &key).await, Err("missing"), "{event:?}");
            }
            for key in [session_of("joe"), CodeKey::TwoFactorChallenge(secret(joes))] {
                assert!(attempt(&world.store, &key).await.is_ok(), "{event:?}");
            }
        }
    }
}

#[tokio::test]
async fn of_sixty_concurrent_guesses_only_those_that_are_allowed_are_compared() {
    for world in [Fixture::new(), Fixture::shared()] {
        let other = world.another_store();
        for round in 0..10 {
            let key = session_of(&format!("round{round}"));
            replace(&world.store, &code(key.clone(), "123456")).await;
            let mut guesses = JoinSet::new();
            for number in 0..60 {
                let store = if number % 2 == 0 { &world.store } else { &other };
                let (store, key) = (store.clone(), key.clone());
                guesses.spawn(async move { attempt(&store, &key).await.is_ok() });
            }
            let compared = guesses.join_all().await.into_iter().filter(|compared| *compared);
            assert_eq!(compared.count(), ALLOWED as usize);
        }
    }
}

#[tokio::test]
async fn of_many_concurrent_consumptions_of_a_code_one_succeeds() {
    for world in [Fixture::new(), Fixture::shared()] {
        let other = world.another_store();
        for round in 0..10 {
            let key = session_of(&format!("round{round}"));
            replace(&world.store, &code(key.clone(), "123456")).await;
            let consume = |store: PgStore| {
                let key = key.clone();
                async move {
                    let mut unit = store.begin();
                    let consumed = unit.codes().consume(&key, &StoredCode::new("123456")).await?;
                    unit.commit().await?;
                    Ok(consumed)
                }
            };
            assert_eq!(winners(&world, &other, consume).await, 1);
        }
    }
}
