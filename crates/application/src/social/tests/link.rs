use chrono::TimeDelta;
use portcullis_domain::{social::LinkingPolicy, user::User};
use serde_json::json;

use super::{
    Browser, World, answer, begin,
    world::{accounts, at_provider, renamed},
};
use crate::{
    client_token::SessionEffect,
    social::{Answer, CallbackError, LinkError},
    testing::fixtures::{a_session, a_user, a_verified_user, another_user, calling},
};

/// A deployment in which this user is signed in.
fn signed_in(user: User) -> World {
    World::with(|rows| {
        rows.sessions = vec![a_session()];
        rows.users = vec![user, another_user()];
    })
}

fn error(error: CallbackError) -> LinkError {
    let CallbackError::Link(error) = error else {
        panic!("{error:?}");
    };
    error
}

#[tokio::test]
async fn a_caller_links_an_account() {
    let mut world = signed_in(a_user());
    let finished = world.link(&calling(a_user())).await.unwrap();
    assert_eq!(finished.url, "/done");
    assert!(finished.account.is_none() && !finished.is_challenged);
    assert!(matches!(finished.effects.session, SessionEffect::Unchanged));
    assert_eq!(accounts(&world), [("17".to_owned(), "user-1".to_owned())]);
    let rows = world.rows();
    assert_eq!(
        rows.accounts[0].tokens.access_token.as_ref().unwrap().expose(),
        "access"
    );
    assert_eq!(rows.users[0], a_user(), "the user's data is unchanged");
    assert_eq!(rows.sessions.len(), 1);
}

#[tokio::test]
async fn an_account_that_is_linked_already_gets_the_new_tokens() {
    let mut world = World::with(|rows| {
        rows.sessions = vec![a_session()];
        rows.users = vec![a_user()];
        rows.accounts = vec![at_provider(&a_user())];
    });
    world.link(&calling(a_user())).await.unwrap();
    let rows = world.rows();
    assert_eq!(rows.accounts.len(), 1);
    assert_eq!(
        rows.accounts[0].tokens.access_token.as_ref().unwrap().expose(),
        "access"
    );
}

#[tokio::test]
async fn an_account_of_another_user_is_not_linked() {
    let mut world = World::with(|rows| {
        rows.sessions = vec![a_session()];
        rows.users = vec![a_user(), another_user()];
        rows.accounts = vec![at_provider(&another_user())];
    });
    let failed = world.link(&calling(a_user())).await.unwrap_err();
    assert!(matches!(error(failed), LinkError::OtherUser));
    assert_eq!(accounts(&world), [("17".to_owned(), "user-2".to_owned())]);
    assert!(world.rows().accounts[0].tokens.access_token.is_none());
}

/// Begins linking, changes the deployment, and finishes linking.
async fn after(world: &mut World, change: impl AsyncFnOnce(&World)) -> Result<(), CallbackError> {
    let social = world.social();
    let mut browser = Browser::default();
    let state = browser.begin(&social, Some(&calling(a_user())), begin()).await;
    change(world).await;
    let finished = browser.finish(&social, &state).await;
    finished.map(|_| ()).map_err(|failure| failure.error)
}

#[tokio::test]
async fn an_account_is_not_linked_after_the_session_has_ended() {
    let mut revoked = signed_in(a_user());
    let result = after(&mut revoked, async |world| {
        let mut db = crate::ports::Store::autocommit(world.fake.store.as_ref());
        db.sessions().delete_by_user(&a_user().id).await.unwrap();
    })
    .await;
    assert!(matches!(error(result.unwrap_err()), LinkError::SessionEnded));
    let mut expiring = World::with(|rows| {
        let mut session = a_session();
        session.expires_at = session.created_at + TimeDelta::minutes(5);
        rows.sessions = vec![session];
        rows.users = vec![a_user()];
    });
    let result = after(&mut expiring, async |world| {
        world.fake.clock.advance(TimeDelta::minutes(5));
    })
    .await;
    assert!(matches!(error(result.unwrap_err()), LinkError::SessionEnded));
    assert!(revoked.rows().accounts.is_empty() && expiring.rows().accounts.is_empty());
}

#[tokio::test]
async fn an_account_is_not_linked_after_the_user_has_changed_the_address() {
    let mut world = signed_in(a_user());
    let result = after(&mut world, async |world| {
        let mut db = crate::ports::Store::autocommit(world.fake.store.as_ref());
        let (old, new) = (a_user().email, renamed().email);
        let now = crate::testing::fixtures::start();
        db.users()
            .set_email(&a_user().id, &old, &new, true, now)
            .await
            .unwrap();
    })
    .await;
    assert!(matches!(error(result.unwrap_err()), LinkError::DifferentEmails));
    assert!(world.rows().accounts.is_empty());
}

#[tokio::test]
async fn an_account_with_another_address_is_linked_only_if_the_deployment_allows_it() {
    for is_allowed in [false, true] {
        let mut world = signed_in(renamed());
        world.options.linking.allows_different_emails = is_allowed;
        match world.link(&calling(renamed())).await {
            Ok(_) => assert!(is_allowed),
            Err(failed) => assert!(matches!(error(failed), LinkError::DifferentEmails) && !is_allowed),
        }
        assert_eq!(world.rows().accounts.len(), usize::from(is_allowed));
    }
}

#[tokio::test]
async fn an_account_is_linked_only_if_linking_is_enabled_and_the_address_is_proven() {
    let disabled = LinkingPolicy {
        is_enabled: false,
        ..LinkingPolicy::default()
    };
    for (linking, verified) in [(disabled, true), (LinkingPolicy::default(), false)] {
        let mut world = signed_in(a_verified_user());
        world.options.linking = linking;
        world.set("emailVerified", json!(verified));
        let failed = world.link(&calling(a_verified_user())).await.unwrap_err();
        assert!(matches!(error(failed), LinkError::NotAllowed));
        assert!(world.rows().accounts.is_empty());
    }
}

/// Links an account of a generic provider.
async fn link_generic(world: &mut World) -> Result<(), CallbackError> {
    let social = world.social();
    let mut browser = Browser::default();
    let state = browser.begin(&social, Some(&calling(a_user())), begin()).await;
    let answer = Answer {
        is_generic: true,
        ..answer(&state)
    };
    let finished = social.finish(answer, &browser.context()).await;
    finished.map(|_| ()).map_err(|failure| failure.error)
}

#[tokio::test]
async fn an_account_of_a_generic_provider_is_linked_without_a_proof_of_its_address() {
    let mut world = signed_in(a_user());
    world.set("emailVerified", json!(false));
    link_generic(&mut world).await.unwrap();
    assert_eq!(world.rows().accounts.len(), 1);
}

#[tokio::test]
async fn an_account_of_a_generic_provider_is_not_linked_without_an_address_and_a_name() {
    for (member, is_email) in [("email", true), ("name", false)] {
        let mut world = signed_in(a_user());
        world.options.linking.allows_different_emails = true;
        world.set(member, json!(null));
        let error = link_generic(&mut world).await.unwrap_err();
        assert_eq!(matches!(error, CallbackError::NoEmail), is_email);
        assert_eq!(matches!(error, CallbackError::NoName), !is_email);
        assert!(world.rows().accounts.is_empty());
    }
}

#[tokio::test]
async fn a_link_sets_the_users_name_and_picture_if_the_deployment_wants_it() {
    let mut world = signed_in(a_user());
    world.options.linking.updates_user = true;
    world.link(&calling(a_user())).await.unwrap();
    let user = &world.rows().users[0];
    assert_eq!(user.name, "Ada Lovelace");
    assert_eq!(user.image.as_deref(), Some("https://example.com/ada.png"));
    assert!(!user.email_verified, "only a sign-in proves the address");
}
