use portcullis_domain::{social::LinkingPolicy, user::User};
use serde_json::json;

use super::{World, world::accounts};
use crate::{
    social::{CallbackError, IdentityError},
    testing::{
        MemoryStore,
        fixtures::{a_user, a_verified_user, an_account},
    },
};

fn trusting() -> LinkingPolicy {
    LinkingPolicy {
        trusted_providers: vec!["github".to_owned()],
        ..LinkingPolicy::default()
    }
}

fn with(user: User, linking: LinkingPolicy, email_verified: serde_json::Value) -> World {
    let mut world = World::with(|rows| {
        rows.users = vec![user];
        rows.accounts = vec![an_account("plain:password1")];
    });
    world.options.linking = linking;
    world.set("emailVerified", email_verified);
    world
}

#[tokio::test]
async fn an_account_is_linked_to_the_user_with_the_same_verified_address() {
    for (linking, verified) in [
        (LinkingPolicy::default(), true),
        (trusting(), false),
        (trusting(), true),
    ] {
        let mut world = with(a_verified_user(), linking, json!(verified));
        let finished = world.sign_in().await.unwrap();
        assert_eq!(finished.url, "/done");
        let rows = world.rows();
        assert_eq!(
            (rows.users.len(), rows.accounts.len(), rows.sessions.len()),
            (1, 2, 1)
        );
        assert_eq!(accounts(&world)[1], ("17".to_owned(), "user-1".to_owned()));
        assert_eq!(rows.users[0], a_verified_user(), "the user's data is unchanged");
        let hash = rows.accounts[0].password.as_ref().unwrap();
        assert_eq!(hash.expose(), "plain:password1");
    }
}

/// GHSA-g38m-r43w-p2q7: an attacker may have signed up with the address.
#[tokio::test]
async fn an_account_is_not_linked_if_either_side_has_not_verified_the_address() {
    let disabled = LinkingPolicy {
        is_enabled: false,
        ..trusting()
    };
    let explicit = LinkingPolicy {
        is_implicit: false,
        ..trusting()
    };
    for (user, linking, verified) in [
        (a_user(), LinkingPolicy::default(), json!(true)),
        (a_user(), trusting(), json!(true)),
        (a_verified_user(), LinkingPolicy::default(), json!(false)),
        (a_verified_user(), LinkingPolicy::default(), json!("true")),
        (a_verified_user(), LinkingPolicy::default(), json!(null)),
        (a_verified_user(), disabled, json!(true)),
        (a_verified_user(), explicit, json!(true)),
    ] {
        let mut world = with(user.clone(), linking.clone(), verified.clone());
        let error = world.sign_in().await.unwrap_err();
        assert!(
            matches!(error, CallbackError::Identity(IdentityError::NotLinked)),
            "{linking:?} {verified}: {error:?}"
        );
        let rows = world.rows();
        assert_eq!(rows.users, [user]);
        assert_eq!((rows.accounts.len(), rows.sessions.len()), (1, 0));
    }
}

#[tokio::test]
async fn an_account_is_linked_even_if_sign_up_is_disabled() {
    let mut world = with(a_verified_user(), LinkingPolicy::default(), json!(true));
    world.provider.policy.disable_sign_up = true;
    world.sign_in().await.unwrap();
    assert_eq!(world.rows().accounts.len(), 2);
}

/// In the store in memory, the second unit of work fails; in PostgreSQL it waits for the lock of the identity.
#[tokio::test]
async fn two_sign_ins_at_once_never_create_two_users() {
    let mut world = World::empty();
    let social = world.social();
    let mut browsers = [super::Browser::default(), super::Browser::default()];
    let [one, other] = &mut browsers;
    let states = [
        one.begin(&social, None, super::begin()).await,
        other.begin(&social, None, super::begin()).await,
    ];
    let (first, second) = tokio::join!(one.finish(&social, &states[0]), other.finish(&social, &states[1]));
    assert!(first.is_ok() || second.is_ok());
    let store: &MemoryStore = &world.fake.store;
    assert_eq!((store.rows().users.len(), store.rows().accounts.len()), (1, 1));
}
