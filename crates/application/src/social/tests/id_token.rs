use portcullis_domain::secret::Secret;
use serde_json::json;

use super::{
    World,
    world::{accounts, at_provider},
};
use crate::{
    context::RequestContext,
    ports::IdTokens,
    sign_in::completion::Outcome,
    social::{ClientIdToken, IdTokenError, IdTokenSignIn, IdentityError, LinkError},
    testing::{
        ID_TOKEN,
        fixtures::{a_session, a_user, a_verified_user, another_user, calling},
    },
};

fn id_token() -> ClientIdToken {
    ClientIdToken {
        provider: "github".to_owned(),
        token: Secret::new(ID_TOKEN.to_owned()),
        nonce: None,
        access_token: Some(Secret::new("from-client".to_owned())),
        refresh_token: Some(Secret::new("refresh-from-client".to_owned())),
        scopes: Some(vec!["openid".to_owned()]),
    }
}

async fn sign_in(world: &mut World, id_token: ClientIdToken) -> Result<Outcome, IdTokenError> {
    let command = IdTokenSignIn {
        id_token,
        callback_url: None,
        request_sign_up: None,
    };
    let social = world.social();
    social
        .sign_in_with_id_token(&command, &RequestContext::default())
        .await
}

async fn link(world: &mut World, id_token: ClientIdToken) -> Result<(), IdTokenError> {
    world.social().link_id_token(&calling(a_user()), &id_token).await
}

#[tokio::test]
async fn a_user_signs_in_with_an_id_token() {
    let mut world = World::empty();
    let outcome = sign_in(&mut world, id_token()).await.unwrap();
    assert!(matches!(outcome, Outcome::Completed(_)));
    let rows = world.rows();
    assert_eq!((rows.users.len(), rows.sessions.len()), (1, 1));
    let account = &rows.accounts[0];
    assert_eq!(
        account.tokens.access_token.as_ref().unwrap().expose(),
        "from-client"
    );
    // Better Auth stores nothing else of such a sign-in.
    assert!(account.tokens.refresh_token.is_none() && account.tokens.id_token.is_none());
    assert!(account.scope.is_none());
}

#[tokio::test]
async fn an_id_token_that_is_not_valid_signs_no_user_in() {
    let changed = |change: fn(&mut ClientIdToken)| {
        let mut id_token = id_token();
        change(&mut id_token);
        id_token
    };
    let wrong = changed(|it| it.token = Secret::new("other".to_owned()));
    let replayed = changed(|it| it.nonce = Some("other".to_owned()));
    for id_token in [wrong, replayed] {
        let mut world = World::empty();
        let error = sign_in(&mut world, id_token).await.unwrap_err();
        assert!(matches!(error, IdTokenError::Invalid));
        assert!(world.rows().users.is_empty());
    }
    let unknown = changed(|it| it.provider = "other".to_owned());
    let error = sign_in(&mut World::empty(), unknown).await.unwrap_err();
    assert!(matches!(error, IdTokenError::UnknownProvider));
}

#[tokio::test]
async fn an_id_token_is_rejected_if_it_cannot_be_verified() {
    for (id_tokens, is_reachable, is_unsupported) in [
        (IdTokens::Unsupported, true, true),
        (IdTokens::Disabled, true, false),
        (IdTokens::Verified, false, false),
    ] {
        let mut world = World::empty();
        world.provider.policy.id_tokens = id_tokens;
        world.provider.is_reachable = is_reachable;
        let error = sign_in(&mut world, id_token()).await.unwrap_err();
        assert_eq!(matches!(error, IdTokenError::Unsupported), is_unsupported);
        assert_eq!(matches!(error, IdTokenError::Invalid), !is_unsupported);
    }
}

#[tokio::test]
async fn a_token_of_a_user_without_an_id_or_an_address_is_rejected() {
    for (member, is_email) in [("email", true), ("id", false)] {
        let mut world = World::with(|rows| {
            rows.users = vec![a_user()];
            rows.sessions = vec![a_session()];
        });
        world.set(member, json!(null));
        let error = sign_in(&mut world, id_token()).await.unwrap_err();
        assert_eq!(matches!(error, IdTokenError::NoEmail), is_email);
        assert_eq!(matches!(error, IdTokenError::NoUserInfo), !is_email);
        world.set(member, json!(null));
        let error = link(&mut world, id_token()).await.unwrap_err();
        assert_eq!(matches!(error, IdTokenError::NoEmail), is_email);
        assert!(world.rows().accounts.is_empty());
    }
}

#[tokio::test]
async fn the_rules_of_linking_hold_for_id_tokens() {
    let mut world = World::with(|rows| rows.users = vec![a_user()]);
    let error = sign_in(&mut world, id_token()).await.unwrap_err();
    assert!(matches!(error, IdTokenError::Identity(IdentityError::NotLinked)));
    let mut world = World::with(|rows| rows.users = vec![a_verified_user()]);
    sign_in(&mut world, id_token()).await.unwrap();
    assert_eq!(accounts(&world), [("17".to_owned(), "user-1".to_owned())]);
}

#[tokio::test]
async fn a_caller_links_the_account_of_an_id_token() {
    let mut world = World::with(|rows| {
        rows.users = vec![a_user()];
        rows.sessions = vec![a_session()];
    });
    link(&mut world, id_token()).await.unwrap();
    let account = &world.rows().accounts[0];
    let text = |token: &Option<Secret<String>>| token.as_ref().unwrap().expose().clone();
    assert_eq!(text(&account.tokens.id_token), ID_TOKEN);
    assert_eq!(text(&account.tokens.access_token), "from-client");
    assert_eq!(account.scope.as_deref(), Some("openid"));
    // A second link changes nothing.
    link(
        &mut world,
        ClientIdToken {
            access_token: None,
            ..id_token()
        },
    )
    .await
    .unwrap();
    assert_eq!(world.rows().accounts.len(), 1);
}

#[tokio::test]
async fn the_account_of_an_id_token_that_belongs_to_another_user_is_not_linked() {
    let mut world = World::with(|rows| {
        rows.users = vec![a_user(), another_user()];
        rows.sessions = vec![a_session()];
        rows.accounts = vec![at_provider(&another_user())];
    });
    let error = link(&mut world, id_token()).await.unwrap_err();
    assert!(matches!(error, IdTokenError::Link(LinkError::OtherUser)));
}
