//! One-time tokens on a database that is shared with a Node server.

use portcullis_domain::verification::Purpose;

use super::{SECRET, consume, find, insert, proven_for_jane, verification};
use crate::fixture::Fixture;

/// Runs Better Auth's lookup. Returns the number of rows.
fn looked_up(world: &Fixture, identifier: &str) -> i64 {
    world.count(&format!(
        "SELECT value FROM verification WHERE identifier = '{identifier}' AND value = 'jane'
         ORDER BY \"createdAt\" DESC LIMIT 1"
    ))
}

#[tokio::test]
async fn tokens_that_a_node_server_must_find_have_its_format() {
    let world = Fixture::shared();
    for (purpose, identifier) in [
        (Purpose::PasswordReset, "reset-password:abcdefghijklmnopqrstuvwx"),
        (
            Purpose::AccountDeletion,
            "delete-account-abcdefghijklmnopqrstuvwx",
        ),
        (Purpose::TwoFactorChallenge, "2fa-abcdefghijklmnopqrstuvwx"),
        (Purpose::TrustedDevice, "trust-device-abcdefghijklmnopqrstuvwx"),
    ] {
        let text = format!("{}{SECRET}", purpose.token_prefix());
        insert(&world.store, &verification("v", purpose, &text)).await;
        assert_eq!(looked_up(&world, identifier), 1);
        assert_eq!(find(&world.store, purpose, &text).await, Some(proven_for_jane()));
        assert_eq!(
            consume(&world.store, purpose, &text).await,
            Some(proven_for_jane())
        );
        assert_eq!(looked_up(&world, identifier), 0);
    }
}

#[tokio::test]
async fn tokens_of_a_node_server_are_found_only_if_the_database_is_shared() {
    let own = Fixture::new();
    let shared = own.shared_store();
    for (purpose, prefix) in [
        (Purpose::PasswordReset, "reset-password:"),
        (Purpose::AccountDeletion, "delete-account-"),
        (Purpose::TwoFactorChallenge, "2fa-"),
        (Purpose::TrustedDevice, "trust-device-"),
    ] {
        own.execute(&format!(
            "INSERT INTO verification VALUES ('v', '{prefix}{SECRET}', 'jane', now(), now(), now())"
        ));
        let text = format!("{}{SECRET}", purpose.token_prefix());
        assert_eq!(find(&own.store, purpose, &text).await, None);
        assert_eq!(consume(&own.store, purpose, &text).await, None);
        assert!(find(&shared, purpose, &text).await.is_some());
        assert!(consume(&shared, purpose, &text).await.is_some());
    }
}

#[tokio::test]
async fn tokens_created_before_the_database_was_shared_are_still_found() {
    let own = Fixture::new();
    let shared = own.shared_store();
    for purpose in Purpose::ALL {
        insert(&own.store, &verification("v", purpose, SECRET)).await;
        assert_eq!(consume(&shared, purpose, SECRET).await, Some(proven_for_jane()));
    }
}

#[tokio::test]
async fn links_are_stored_as_hashes_even_if_the_database_is_shared() {
    let world = Fixture::shared();
    for purpose in [
        Purpose::EmailVerification,
        Purpose::EmailChangeConfirmation,
        Purpose::EmailChangeVerification,
    ] {
        insert(
            &world.store,
            &verification(&format!("id of {}", purpose.name()), purpose, SECRET),
        )
        .await;
    }
    assert_eq!(world.count("SELECT 1 FROM verification"), 3);
    assert_eq!(
        world.count(&format!(
            "SELECT 1 FROM verification WHERE identifier LIKE '%{SECRET}%'"
        )),
        0
    );
}

#[tokio::test]
async fn a_hash_from_the_table_is_not_accepted_as_a_token() {
    let own = Fixture::new();
    let shared = own.shared_store();
    insert(&own.store, &verification("v", Purpose::PasswordReset, "abc")).await;
    let hash = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
    assert_eq!(looked_up(&own, &format!("reset-password:{hash}")), 1);
    assert_eq!(find(&shared, Purpose::PasswordReset, hash).await, None);
    assert_eq!(consume(&shared, Purpose::PasswordReset, hash).await, None);
}
