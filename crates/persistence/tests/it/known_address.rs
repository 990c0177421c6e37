//! The repository of IP addresses from which users have signed in.

use portcullis_application::ports::Store;
use portcullis_domain::{email::EmailAddress, user::User};

use crate::fixture::{Fixture, time, user};

async fn is_known(world: &Fixture, user: &User, ip_address: &str, since: i64) -> bool {
    let mut read = world.store.autocommit();
    let addresses = read.known_addresses();
    addresses
        .is_known(&user.email, ip_address, time(since))
        .await
        .unwrap()
}

async fn remember(world: &Fixture, user: &User, ip_address: &str, now: i64) {
    let mut read = world.store.autocommit();
    let addresses = read.known_addresses();
    addresses.remember(&user.id, ip_address, time(now)).await.unwrap();
}

#[tokio::test]
async fn an_address_is_known_for_its_user_until_it_is_too_old() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let john = user("john");
    world.store.autocommit().users().insert(&john).await.unwrap();
    remember(&world, &jane, "192.0.2.7", 10).await;

    assert!(is_known(&world, &jane, "192.0.2.7", 0).await);
    assert!(is_known(&world, &jane, "192.0.2.7", 10).await);
    assert!(!is_known(&world, &jane, "192.0.2.7", 11).await);
    assert!(!is_known(&world, &jane, "192.0.2.8", 0).await);
    assert!(!is_known(&world, &john, "192.0.2.7", 0).await);
    let unknown = EmailAddress::parse("unknown@example.com").unwrap();
    let mut read = world.store.autocommit();
    assert!(
        !read
            .known_addresses()
            .is_known(&unknown, "192.0.2.7", time(0))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn only_the_last_sign_in_from_an_address_is_kept() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    remember(&world, &jane, "192.0.2.7", 10).await;
    remember(&world, &jane, "192.0.2.7", 20).await;
    assert!(is_known(&world, &jane, "192.0.2.7", 20).await);
    assert_eq!(world.count("SELECT 1 FROM portcullis_known_address"), 1);
}

#[tokio::test]
async fn the_addresses_of_a_user_are_deleted_with_the_user() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    remember(&world, &jane, "192.0.2.7", 10).await;
    world.execute("DELETE FROM \"user\"");
    assert_eq!(world.count("SELECT 1 FROM portcullis_known_address"), 0);
}

#[tokio::test]
async fn only_stale_rows_are_deleted_in_batches() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    for (ip_address, now) in [("a", 0), ("b", 1), ("c", 2), ("d", 3)] {
        remember(&world, &jane, ip_address, now).await;
    }
    let mut read = world.store.autocommit();
    let addresses = read.known_addresses();
    assert_eq!(addresses.delete_stale(time(3), 2).await.unwrap(), 2);
    assert_eq!(addresses.delete_stale(time(3), 2).await.unwrap(), 1);
    assert_eq!(addresses.delete_stale(time(3), 2).await.unwrap(), 0);
    assert!(is_known(&world, &jane, "d", 3).await);
}
