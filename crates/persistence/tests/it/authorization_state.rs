//! States of authorization requests.

use portcullis_application::ports::Store;
use portcullis_domain::{
    code::{Attempt, CodeKey, OneTimeCode, StoredCode},
    id::{UserId, VerificationId},
    secret::Secret,
    social::AuthorizationState,
    token::OneTimeToken,
    verification::{Purpose, RevokingEvent, Verification},
};
use portcullis_persistence::PgStore;
use serde_json::Map;

use crate::fixture::{Fixture, time, winners};

const VALUE: &str = "abcdefghijklmnopqrstuvwxyz-_0189";
/// As `JSON.stringify` of better-auth 1.4.22 writes it.
const BETTER_AUTHS: &str =
    r#"{"plan":"pro","callbackURL":"/done","codeVerifier":"v","expiresAt":1767225660123}"#;

fn state() -> AuthorizationState {
    AuthorizationState {
        callback_url: "/done".to_owned(),
        code_verifier: Secret::new("v".to_owned()),
        error_url: None,
        new_user_url: None,
        link: None,
        expires_at: time(60),
        request_sign_up: None,
        provider: None,
        value: None,
        additional: Map::from_iter([("plan".to_owned(), "pro".into())]),
    }
}

fn value(text: &str) -> OneTimeToken {
    OneTimeToken::new(text)
}

async fn insert(store: &PgStore, id: &str, text: &str) {
    let mut db = store.autocommit();
    let (id, value, state) = (VerificationId::new(id), value(text), state());
    let inserted = db.authorization_states().insert(&id, &value, &state, time(0));
    inserted.await.unwrap();
}

async fn find(store: &PgStore, text: &str) -> Option<String> {
    let found = store.autocommit().authorization_states().find(&value(text)).await;
    found.unwrap().map(|state| state.to_json().expose().clone())
}

async fn consume(store: &PgStore, text: &str) -> Option<String> {
    let consumed = store
        .autocommit()
        .authorization_states()
        .consume(&value(text))
        .await;
    consumed.unwrap().map(|state| state.to_json().expose().clone())
}

/// Inserts a row as another feature or program does.
fn insert_row(world: &Fixture, identifier: &str, value: &str) {
    world.execute(&format!(
        "INSERT INTO verification VALUES ('row', '{identifier}', '{value}', '2100-01-01', now(), now())"
    ));
}

#[tokio::test]
async fn the_database_does_not_contain_a_state_in_plain_text() {
    let world = Fixture::new();
    insert(&world.store, "v", VALUE).await;
    assert_eq!(
        world.count(&format!(
            "SELECT 1 FROM verification v WHERE v::text LIKE '%{VALUE}%'"
        )),
        0
    );
    assert_eq!(
        world.count("SELECT 1 FROM verification WHERE identifier LIKE 'oauth-state:%'"),
        1
    );
}

#[tokio::test]
async fn states_on_a_shared_database_have_better_auths_form() {
    let world = Fixture::shared();
    insert(&world.store, "v", VALUE).await;
    let stored = format!(
        "SELECT 1 FROM verification WHERE identifier = '{VALUE}' AND value = '{BETTER_AUTHS}'
         AND \"expiresAt\" = '2026-01-01T00:01:00.123Z'"
    );
    assert_eq!(world.count(&stored), 1);
    assert_eq!(find(&world.store, VALUE).await.as_deref(), Some(BETTER_AUTHS));
    assert_eq!(consume(&world.store, VALUE).await.as_deref(), Some(BETTER_AUTHS));
    assert_eq!(world.count("SELECT 1 FROM verification"), 0);
}

#[tokio::test]
async fn states_of_a_node_server_are_found_only_if_the_database_is_shared() {
    let own = Fixture::new();
    let shared = own.shared_store();
    insert_row(&own, VALUE, BETTER_AUTHS);
    assert_eq!(find(&own.store, VALUE).await, None);
    assert_eq!(consume(&own.store, VALUE).await, None);
    assert_eq!(find(&shared, VALUE).await.as_deref(), Some(BETTER_AUTHS));
    assert_eq!(consume(&shared, VALUE).await.as_deref(), Some(BETTER_AUTHS));
    assert_eq!(consume(&shared, VALUE).await, None);
}

#[tokio::test]
async fn states_created_before_the_database_was_shared_are_still_found() {
    let own = Fixture::new();
    let shared = own.shared_store();
    insert(&own.store, "v", VALUE).await;
    assert_eq!(find(&shared, VALUE).await.as_deref(), Some(BETTER_AUTHS));
    assert_eq!(consume(&shared, VALUE).await.as_deref(), Some(BETTER_AUTHS));
}

#[tokio::test]
async fn an_identifier_from_the_table_is_not_accepted_as_a_state() {
    let own = Fixture::new();
    let shared = own.shared_store();
    insert(&own.store, "v", "abc").await;
    let hash = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
    let stored = format!("SELECT 1 FROM verification WHERE identifier = 'oauth-state:{hash}'");
    assert_eq!(own.count(&stored), 1);
    for text in [hash, &format!("oauth-state:{hash}")] {
        assert_eq!(find(&shared, text).await, None);
        assert_eq!(consume(&shared, text).await, None);
    }
    assert_eq!(own.count(&stored), 1);
}

/// GHSA-965c-763c-88jm, in the other direction: values of other features under texts that a client knows.
#[tokio::test]
async fn a_value_that_is_not_a_state_is_neither_read_nor_deleted() {
    let world = Fixture::shared();
    for text in [
        "",
        "jane",
        "123456:0",
        "{}",
        "[]",
        r#"{"email":"jane@example.com","name":"Jane"}"#,
        r#"{"email":"jane@example.com","name":"\"callbackURL\":\"/\",\"codeVerifier\":\"v\",\"expiresAt\":1"}"#,
        r#"{"callbackURL":"/","expiresAt":1767225660123}"#,
        r#"{"codeVerifier":"v","expiresAt":1767225660123}"#,
        r#"{"callbackURL":"/","codeVerifier":"v"}"#,
        r#"{"callbackURL":1,"codeVerifier":"v","expiresAt":1767225660123}"#,
        r#"{"callbackURL":"/","codeVerifier":"v","expiresAt":"1767225660123"}"#,
        r#"x{"callbackURL":"/","codeVerifier":"v","expiresAt":1767225660123}"#,
    ] {
        insert_row(&world, VALUE, text);
        assert_eq!(find(&world.store, VALUE).await, None, "{text}");
        assert_eq!(consume(&world.store, VALUE).await, None, "{text}");
        assert_eq!(world.count("SELECT 1 FROM verification"), 1, "{text}");
        world.execute("DELETE FROM verification");
    }
    insert_row(
        &world,
        VALUE,
        r#"{ "callbackURL" : "/", "codeVerifier" : "v", "expiresAt" : 1 }"#,
    );
    assert!(find(&world.store, VALUE).await.is_some());
    assert!(consume(&world.store, VALUE).await.is_some());
}

/// GHSA-965c-763c-88jm
#[tokio::test]
async fn a_state_and_another_token_or_code_are_never_read_as_each_other() {
    for world in [Fixture::new(), Fixture::shared()] {
        let challenge = "2fa-abcdefghijklmnopqrst";
        let key = CodeKey::TwoFactorChallenge(value(challenge));
        let mut db = world.store.autocommit();
        let is_other = |purpose: &Purpose| *purpose != Purpose::AuthorizationState;
        for (number, purpose) in Purpose::ALL.into_iter().filter(is_other).enumerate() {
            let token = Verification {
                id: VerificationId::new(format!("v{number}")),
                purpose,
                secret: value(&format!("{}{VALUE}", purpose.token_prefix())),
                user_id: UserId::new("jane"),
                expires_at: time(60),
                created_at: time(0),
            };
            db.verifications().insert(&token).await.unwrap();
        }
        let code = OneTimeCode {
            id: VerificationId::new("code"),
            key: key.clone(),
            stored: StoredCode::new("123456"),
            expires_at: time(60),
            created_at: time(0),
        };
        db.codes().replace(&code).await.unwrap();
        let rows = world.count("SELECT 1 FROM verification");
        // Better Auth's identifier of the code has the length and the characters of a state.
        for text in [
            VALUE,
            challenge,
            "2fa-otp-2fa-abcdefghijklmnopqrst",
            &format!("2fa-{VALUE}"),
        ] {
            assert_eq!(find(&world.store, text).await, None, "{text}");
            assert_eq!(consume(&world.store, text).await, None, "{text}");
        }
        assert_eq!(world.count("SELECT 1 FROM verification"), rows);
        let attempt = db.codes().count_attempt(&key, 5, time(1)).await.unwrap();
        assert!(matches!(attempt, Attempt::Allowed(stored) if stored.expose() == "123456"));

        let like_a_code = "2fa-otp-2fa-zbcdefghijklmnopqrst";
        insert(&world.store, "state", like_a_code).await;
        let other = CodeKey::TwoFactorChallenge(value("2fa-zbcdefghijklmnopqrst"));
        let attempt = db.codes().count_attempt(&other, 5, time(1)).await.unwrap();
        assert!(matches!(attempt, Attempt::Missing));
        for purpose in Purpose::ALL.into_iter().filter(is_other) {
            let secret = value(like_a_code);
            assert_eq!(db.verifications().find(purpose, &secret).await.unwrap(), None);
            assert_eq!(db.verifications().consume(purpose, &secret).await.unwrap(), None);
        }
        for event in RevokingEvent::ALL {
            db.verifications()
                .revoke(event, &UserId::new("jane"))
                .await
                .unwrap();
        }
        assert_eq!(
            consume(&world.store, like_a_code).await.as_deref(),
            Some(BETTER_AUTHS)
        );
    }
}

#[tokio::test]
async fn of_many_concurrent_consumptions_of_a_state_one_succeeds() {
    for world in [Fixture::new(), Fixture::shared()] {
        let other = world.another_store();
        for round in 10..30 {
            let text = format!("abcdefghijklmnopqrstuvwxyz-_01{round}");
            // Two equal rows are one state.
            for id in [format!("a{round}"), format!("b{round}")] {
                insert(&world.store, &id, &text).await;
            }
            let consume = |store: PgStore| {
                let value = value(&text);
                async move {
                    let mut unit = store.begin();
                    let consumed = unit.authorization_states().consume(&value).await?;
                    unit.commit().await?;
                    Ok(consumed.is_some())
                }
            };
            assert_eq!(winners(&world, &other, consume).await, 1);
        }
        assert_eq!(world.count("SELECT 1 FROM verification"), 0);
    }
}
