//! Creation, changes and deletion.

use portcullis_domain::{
    api_key::{ApiKeyId, ExpiryRejection},
    id::UserId,
};
use serde_json::json;

use super::*;
use crate::testing::fixtures::calling;

#[tokio::test]
async fn a_created_key_is_stored_as_its_digest_and_shown_once() {
    let world = World::new();
    let new = NewKey {
        name: Some("ci".to_owned()),
        prefix: Some("app_".to_owned()),
        ..NewKey::default()
    };
    let created = world.keys.create(&calling(a_user()), new).await.unwrap();
    let plain = created.plain.expose();
    assert_eq!((plain.len(), &plain[..4]), (68, "app_"));
    assert!(plain[4..].bytes().all(|byte| byte.is_ascii_alphabetic()));
    let stored = world.stored().unwrap();
    assert!(stored.digest.matches(&format!("digest:{plain}")));
    assert_eq!(stored.start.as_deref(), Some(&plain[..6]));
    assert!(!format!("{created:?}").contains(&plain[4..]));
}

#[tokio::test]
async fn a_key_is_stored_as_it_is_if_the_deployment_does_not_hash_keys() {
    let world = World::with(KeyPolicy {
        is_hashed: false,
        ..policy()
    });
    let created = world.key(KeyPrivileges::default()).await;
    assert!(world.stored().unwrap().digest.matches(created.plain.expose()));
    assert!(world.keys.verify(&created.plain, None).await.is_ok());
}

#[tokio::test]
async fn a_session_that_has_ended_creates_no_key() {
    let world = World::new();
    let mut db = world.fake.ports.store.autocommit();
    db.sessions().delete(&a_session().token).await.unwrap();
    let refused = world.keys.create(&calling(a_user()), NewKey::default()).await;
    assert!(matches!(refused, Err(CreateKeyError::SessionEnded)));
    assert!(world.stored().is_none());
}

#[tokio::test]
async fn a_service_creates_keys_of_existing_users_only() {
    let world = World::new();
    let stranger = UserId::new("none");
    let refused = world.keys.create_for(&stranger, NewKey::default()).await;
    assert!(matches!(refused, Err(CreateKeyError::UnknownUser)));
}

#[tokio::test]
async fn a_user_has_a_limited_number_of_keys() {
    let world = World::new();
    for _ in 0..3 {
        world.key(KeyPrivileges::default()).await;
    }
    let refused = world.keys.create(&calling(a_user()), NewKey::default()).await;
    assert!(matches!(refused, Err(CreateKeyError::TooMany)));
    let of_bob = world.keys.create_for(&another_user().id, NewKey::default()).await;
    assert!(of_bob.is_ok(), "the limit applies to each user");
}

#[tokio::test]
async fn what_the_deployment_does_not_permit_is_rejected() {
    let strict = KeyPolicy {
        requires_name: true,
        has_metadata: false,
        ..policy()
    };
    let named = || NewKey {
        name: Some("ci".to_owned()),
        ..NewKey::default()
    };
    let refill = |interval, amount| NewKey {
        privileges: KeyPrivileges {
            refill: Refill { interval, amount },
            ..KeyPrivileges::default()
        },
        ..named()
    };
    let long = "x".repeat(33);
    for (new, expected) in [
        (NewKey::default(), "the key has no name"),
        (
            NewKey {
                name: Some(long.clone()),
                ..named()
            },
            "the length of the name is not permitted",
        ),
        (
            NewKey {
                prefix: Some(long.clone()),
                ..named()
            },
            "the length of the prefix is not permitted",
        ),
        (
            NewKey {
                metadata: json!({}),
                ..named()
            },
            "metadata is disabled",
        ),
        (
            NewKey {
                lifetime: Some(TimeDelta::hours(1)),
                ..named()
            },
            "the lifetime is too short",
        ),
        (refill(None, Some(1)), "a refill needs an interval"),
        (refill(Some(1), None), "a refill needs an amount"),
    ] {
        let world = World::with(strict.clone());
        let error = world.keys.create_for(&a_user().id, new).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(world.stored().is_none());
    }
}

#[tokio::test]
async fn metadata_must_be_an_object_or_a_list() {
    let world = World::new();
    for (metadata, is_accepted) in [
        (json!({}), true),
        (json!([]), true),
        (json!("x"), false),
        (json!(1), false),
    ] {
        let new = NewKey {
            metadata: metadata.clone(),
            ..NewKey::default()
        };
        let created = world.keys.create_for(&a_user().id, new).await;
        assert_eq!(created.is_ok(), is_accepted, "{metadata}");
    }
}

#[tokio::test]
async fn another_users_key_does_not_exist_for_the_caller() {
    let world = World::new();
    let id = world.key(KeyPrivileges::default()).await.key.id;
    let bob = calling(another_user());
    let change = KeyChange {
        is_enabled: Some(false),
        ..KeyChange::default()
    };
    assert!(matches!(
        world.keys.find(&bob, &id).await,
        Err(FindKeyError::Unknown)
    ));
    assert!(matches!(
        world.keys.update(&bob, &id, change.clone()).await,
        Err(UpdateKeyError::Unknown)
    ));
    assert!(matches!(
        world.keys.delete(&bob, &id).await,
        Err(DeleteKeyError::Unknown)
    ));
    assert!(world.keys.list(&bob).await.unwrap().is_empty());
    assert_eq!(world.stored().unwrap().is_enabled, Some(true));

    let ada = calling(a_user());
    assert_eq!(world.keys.find(&ada, &id).await.unwrap().id, id);
    assert_eq!(world.keys.list(&ada).await.unwrap().len(), 1);
    world.keys.update(&ada, &id, change).await.unwrap();
    assert_eq!(world.stored().unwrap().is_enabled, Some(false));
    world.keys.delete(&ada, &id).await.unwrap();
    assert!(world.stored().is_none());
}

#[tokio::test]
async fn a_service_manages_keys_of_any_user() {
    let world = World::new();
    let id = world.key(KeyPrivileges::default()).await.key.id;
    let privileged = PrivilegedChange {
        remaining: Some(Some(5)),
        refill_interval: Some(1000),
        refill_amount: Some(5),
        is_rate_limited: Some(false),
        permissions: Some(Some(Statements::of(&[("file", &["read"])]))),
        ..PrivilegedChange::default()
    };
    let change = KeyChange {
        privileged,
        ..KeyChange::default()
    };
    let changed = world.keys.update_any(&id, None, change).await.unwrap();
    assert_eq!(changed.usage.remaining, Some(5));
    assert_eq!(changed.refill.amount, Some(5));
    assert_eq!(
        world.keys.find_any(&id).await.unwrap().permissions,
        changed.permissions
    );
    let of_bob = another_user().id;
    let refused = world
        .keys
        .update_any(&id, Some(&of_bob), KeyChange::default())
        .await;
    assert!(matches!(refused, Err(UpdateKeyError::Unknown)));
    world.keys.delete_any(&id).await.unwrap();
    for refused in [
        world.keys.delete_any(&id).await.is_err(),
        world.keys.find_any(&id).await.is_err(),
    ] {
        assert!(refused);
    }
}

#[tokio::test]
async fn a_change_is_checked_before_it_is_stored() {
    let world = World::new();
    let id = world.key(KeyPrivileges::default()).await.key.id;
    let privileged = |refill_amount, refill_interval| PrivilegedChange {
        refill_interval,
        refill_amount,
        ..PrivilegedChange::default()
    };
    for (change, expected) in [
        (KeyChange::default(), "there is nothing to change"),
        (
            KeyChange {
                name: Some(String::new()),
                ..KeyChange::default()
            },
            "the length of the name is not permitted",
        ),
        (
            KeyChange {
                metadata: Some(json!("text")),
                ..KeyChange::default()
            },
            "the metadata is neither an object nor a list",
        ),
        (
            KeyChange {
                lifetime: Some(Some(TimeDelta::days(366))),
                ..KeyChange::default()
            },
            "the lifetime is too long",
        ),
        (
            KeyChange {
                privileged: privileged(Some(1), None),
                ..KeyChange::default()
            },
            "a refill needs an interval",
        ),
        (
            KeyChange {
                privileged: privileged(None, Some(1)),
                ..KeyChange::default()
            },
            "a refill needs an amount",
        ),
    ] {
        let error = world.keys.update_any(&id, None, change).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let unknown = world
        .keys
        .update_any(&ApiKeyId::new("none"), None, KeyChange::default())
        .await;
    assert!(matches!(unknown, Err(UpdateKeyError::Unknown)));
}

#[tokio::test]
async fn the_end_of_a_key_can_be_changed_and_removed() {
    let world = World::new();
    let id = world.key(KeyPrivileges::default()).await.key.id;
    for lifetime in [Some(TimeDelta::days(2)), None] {
        let change = KeyChange {
            lifetime: Some(lifetime),
            ..KeyChange::default()
        };
        let changed = world.keys.update_any(&id, None, change).await.unwrap();
        assert_eq!(changed.expires_at.is_some(), lifetime.is_some());
    }
    let fixed = World::with(KeyPolicy {
        may_choose_lifetime: false,
        ..policy()
    });
    let id = fixed.key(KeyPrivileges::default()).await.key.id;
    let change = KeyChange {
        lifetime: Some(None),
        ..KeyChange::default()
    };
    let refused = fixed.keys.update_any(&id, None, change).await;
    assert!(matches!(
        refused,
        Err(UpdateKeyError::Lifetime(ExpiryRejection::NotChoosable))
    ));
}

/// Metadata is disabled, so a change of metadata only is an empty change.
#[tokio::test]
async fn metadata_is_ignored_if_keys_have_none() {
    let world = World::with(KeyPolicy {
        has_metadata: false,
        ..policy()
    });
    let id = world.key(KeyPrivileges::default()).await.key.id;
    let change = KeyChange {
        metadata: Some(json!({})),
        ..KeyChange::default()
    };
    let refused = world.keys.update_any(&id, None, change).await;
    assert!(matches!(refused, Err(UpdateKeyError::NothingToChange)));
}
