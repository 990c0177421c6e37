use portcullis_domain::{message::MessageKind, social::LinkingPolicy, user::User};
use serde_json::json;

use super::{
    World,
    known::{fill, of},
    world::renamed,
};
use crate::testing::fixtures::{a_user, another_user};

#[tokio::test]
async fn a_sign_in_sets_the_users_data_only_if_the_deployment_wants_it() {
    for overrides in [true, false] {
        let mut world = of(renamed());
        world.provider.policy.override_user_info = overrides;
        world.sign_in().await.unwrap();
        let user = &world.rows().users[0];
        if overrides {
            assert_eq!(
                (user.name.as_str(), user.email.as_str()),
                ("Ada Lovelace", "ada@example.com")
            );
            assert!(user.email_verified && user.image.is_some());
        } else {
            assert_eq!(*user, renamed());
        }
    }
}

/// A user of a provider may choose an address that belongs to another person.
#[tokio::test]
async fn a_sign_in_sets_no_address_that_the_provider_has_not_verified() {
    for is_verified in [true, false] {
        let before = User {
            email_verified: is_verified,
            ..renamed()
        };
        let mut world = of(before.clone());
        world.provider.policy.override_user_info = true;
        world.set("emailVerified", json!(false));
        world.sign_in().await.unwrap();
        let user = &world.rows().users[0];
        assert_eq!(user.name, "Ada Lovelace");
        assert_eq!(
            (&user.email, user.email_verified),
            (&before.email, before.email_verified)
        );
        assert!(world.fake.store.messages().is_empty());
    }
}

#[tokio::test]
async fn a_trusted_provider_sets_an_unverified_address() {
    let mut world = of(User {
        email_verified: true,
        ..renamed()
    });
    world.options.linking = LinkingPolicy {
        trusted_providers: vec!["github".to_owned()],
        ..LinkingPolicy::default()
    };
    world.provider.policy.override_user_info = true;
    world.set("emailVerified", json!(false));
    world.sign_in().await.unwrap();
    let user = &world.rows().users[0];
    assert_eq!(
        (user.email.as_str(), user.email_verified),
        ("ada@example.com", false)
    );
}

#[tokio::test]
async fn the_old_address_is_notified_when_a_sign_in_changes_it() {
    let mut world = of(renamed());
    world.provider.policy.override_user_info = true;
    for _again in 0..2 {
        world.provider.policy.override_user_info = true;
        world.sign_in().await.unwrap();
        let messages = world.fake.store.messages();
        let [notice] = messages.as_slice() else {
            panic!("one message");
        };
        assert_eq!(
            (notice.kind, &notice.to),
            (MessageKind::EmailChanged, &renamed().email.into())
        );
    }
}

#[tokio::test]
async fn a_sign_in_does_not_set_the_address_of_another_user() {
    let mut world = World::with(|rows| {
        fill(rows, renamed());
        rows.users.push(User {
            email: a_user().email,
            ..another_user()
        });
    });
    world.provider.policy.override_user_info = true;
    world.sign_in().await.unwrap();
    let user = &world.rows().users[0];
    assert_eq!(
        (user.name.as_str(), &user.email),
        ("Ada Lovelace", &renamed().email)
    );
}
