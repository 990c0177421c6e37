//! Verification, and the rows that it changes.

use portcullis_domain::api_key::KeyRefusal;

use super::*;
use crate::ports::RandomExt as _;

async fn refusal(world: &World, key: &CreatedKey) -> KeyRefusal {
    match world.keys.verify(&key.plain, None).await {
        Err(VerifyKeyError::Refused(refusal)) => refusal,
        other => panic!("the key is refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_use_is_recorded() {
    let world = World::new();
    let key = world.key(remaining(2)).await;
    let verified = world.keys.verify(&key.plain, None).await.unwrap();
    assert_eq!(verified.user, a_user());
    let stored = world.stored().unwrap();
    assert_eq!(stored.usage, verified.key.usage);
    assert_eq!(
        (stored.usage.remaining, stored.usage.request_count),
        (Some(1), Some(1))
    );
}

#[tokio::test]
async fn an_unknown_key_is_not_valid() {
    let world = World::new();
    world.key(KeyPrivileges::default()).await;
    let unknown = Secret::new("x".repeat(64));
    let refused = world.keys.verify(&unknown, None).await;
    assert!(matches!(refused, Err(VerifyKeyError::Unknown)));
}

#[tokio::test]
async fn an_expired_key_is_deleted() {
    let world = World::new();
    let new = NewKey {
        lifetime: Some(TimeDelta::days(1)),
        ..NewKey::default()
    };
    let key = world.keys.create_for(&a_user().id, new).await.unwrap();
    world
        .fake
        .clock
        .advance(TimeDelta::days(1) + TimeDelta::seconds(1));
    assert_eq!(refusal(&world, &key).await, KeyRefusal::Expired);
    assert!(world.stored().is_none());
}

#[tokio::test]
async fn a_key_whose_last_use_is_over_is_deleted_unless_it_is_refilled() {
    let world = World::new();
    let key = world.key(remaining(1)).await;
    world.keys.verify(&key.plain, None).await.unwrap();
    let exhausted = KeyRefusal::Exhausted { is_final: true };
    assert_eq!(refusal(&world, &key).await, exhausted);
    assert!(world.stored().is_none());

    let refill = Refill {
        interval: Some(1000),
        amount: Some(1),
    };
    let key = world
        .key(KeyPrivileges {
            refill,
            ..remaining(1)
        })
        .await;
    world.keys.verify(&key.plain, None).await.unwrap();
    let exhausted = KeyRefusal::Exhausted { is_final: false };
    assert_eq!(refusal(&world, &key).await, exhausted);
    world.fake.clock.advance(TimeDelta::seconds(2));
    assert!(world.keys.verify(&key.plain, None).await.is_ok());
}

#[tokio::test]
async fn a_refused_use_does_not_change_the_remaining_uses() {
    let world = World::new();
    let key = world.key(remaining(5)).await;
    let wanted = Statements::of(&[("file", &["read"])]);
    let refused = world.keys.verify(&key.plain, Some(&wanted)).await;
    assert!(matches!(
        refused,
        Err(VerifyKeyError::Refused(KeyRefusal::NotPermitted))
    ));
    assert_eq!(world.stored().unwrap().usage.remaining, Some(5));
}

/// Another use of the key between reading and writing makes the first one read it again.
#[tokio::test]
async fn a_key_that_was_used_meanwhile_is_read_again() {
    let world = World::new();
    let key = world.key(remaining(2)).await;
    let stored = world.stored().unwrap();
    world.keys.verify(&key.plain, None).await.unwrap();
    let mut db = world.fake.ports.store.autocommit();
    let usage = stored.usage;
    let now = world.fake.ports.clock.now();
    assert!(!db.api_keys().spend(&stored, usage, now).await.unwrap());
    world.keys.verify(&key.plain, None).await.unwrap();
    assert_eq!(world.stored().unwrap().usage.remaining, Some(0));
}

/// If keys are stored unhashed, a text in the form of a digest is not accepted as a key, even if such a row exists.
#[tokio::test]
async fn a_digest_is_no_key() {
    let world = World::with(KeyPolicy {
        is_hashed: false,
        ..policy()
    });
    let key = world.key(KeyPrivileges::default()).await.key;
    for (stored, is_valid) in [
        ("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0", false),
        ("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa", true),
        ("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa01", true),
    ] {
        let stored = Secret::new(stored.to_owned());
        let row = ApiKey {
            id: world.fake.ports.random.id(),
            digest: stored.clone(),
            ..key.clone()
        };
        let mut db = world.fake.ports.store.autocommit();
        db.api_keys().insert(&row).await.unwrap();
        let verified = world.keys.verify(&stored, None).await;
        assert_eq!(verified.is_ok(), is_valid, "{}", stored.expose());
    }
}

#[tokio::test]
async fn housekeeping_deletes_expired_keys() {
    let world = World::new();
    let new = NewKey {
        lifetime: Some(TimeDelta::days(1)),
        ..NewKey::default()
    };
    world.keys.create_for(&a_user().id, new).await.unwrap();
    world.key(KeyPrivileges::default()).await;
    world.fake.clock.advance(TimeDelta::days(2));
    let now = world.fake.ports.clock.now();
    let mut db = world.fake.ports.store.autocommit();
    let deletion = ApiKeyOptions::deletion();
    assert_eq!((deletion.delete)(db.as_mut(), now, 10).await.unwrap(), 1);
    assert_eq!(world.fake.store.rows().api_keys.len(), 1);
}
