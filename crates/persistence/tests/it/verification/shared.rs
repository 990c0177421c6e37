//! A database that a Node server reads and writes, too.

use portcullis_domain::verification::Purpose;

use super::{SECRET, consume, find, insert, janes, verification};
use crate::world::World;

/// As Better Auth looks one up.
fn looked_up(world: &World, identifier: &str) -> i64 {
    world.count(&format!(
        "SELECT value FROM verification WHERE identifier = '{identifier}' AND value = 'jane'
         ORDER BY \"createdAt\" DESC LIMIT 1"
    ))
}

#[tokio::test]
async fn what_a_node_server_must_find_has_its_form() {
    let world = World::shared();
    for (purpose, identifier) in [
        (Purpose::PasswordReset, "reset-password:abcdefghijklmnopqrstuvwx"),
        (
            Purpose::AccountDeletion,
            "delete-account-abcdefghijklmnopqrstuvwx",
        ),
    ] {
        insert(&world.store, &verification("v", purpose, SECRET)).await;
        assert_eq!(looked_up(&world, identifier), 1);
        assert_eq!(find(&world.store, purpose, SECRET).await, Some(janes()));
        assert_eq!(consume(&world.store, purpose, SECRET).await, Some(janes()));
        assert_eq!(looked_up(&world, identifier), 0);
    }
}

#[tokio::test]
async fn what_a_node_server_made_is_read_where_the_database_is_shared_and_not_elsewhere() {
    let own = World::new();
    let shared = own.shared_store();
    for (purpose, prefix) in [
        (Purpose::PasswordReset, "reset-password:"),
        (Purpose::AccountDeletion, "delete-account-"),
    ] {
        own.execute(&format!(
            "INSERT INTO verification VALUES ('v', '{prefix}{SECRET}', 'jane', now(), now(), now())"
        ));
        assert_eq!(find(&own.store, purpose, SECRET).await, None);
        assert_eq!(consume(&own.store, purpose, SECRET).await, None);
        assert!(find(&shared, purpose, SECRET).await.is_some());
        assert!(consume(&shared, purpose, SECRET).await.is_some());
    }
}

#[tokio::test]
async fn what_was_made_before_the_database_was_shared_is_still_read() {
    let own = World::new();
    let shared = own.shared_store();
    for purpose in Purpose::ALL {
        insert(&own.store, &verification("v", purpose, SECRET)).await;
        assert_eq!(consume(&shared, purpose, SECRET).await, Some(janes()));
    }
}

#[tokio::test]
async fn links_in_mails_are_hashed_even_where_the_database_is_shared() {
    let world = World::shared();
    for purpose in [
        Purpose::EmailVerification,
        Purpose::EmailChangeConfirmation,
        Purpose::EmailChangeVerification,
    ] {
        insert(
            &world.store,
            &verification(&format!("{purpose:?}"), purpose, SECRET),
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
async fn whoever_has_read_the_table_cannot_show_a_hash() {
    let own = World::new();
    let shared = own.shared_store();
    insert(&own.store, &verification("v", Purpose::PasswordReset, "abc")).await;
    let hash = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
    assert_eq!(looked_up(&own, &format!("reset-password:{hash}")), 1);
    assert_eq!(find(&shared, Purpose::PasswordReset, hash).await, None);
    assert_eq!(consume(&shared, Purpose::PasswordReset, hash).await, None);
}
