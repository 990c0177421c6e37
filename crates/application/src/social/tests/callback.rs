use portcullis_domain::secret::Secret;
use serde_json::{Value, json};

use super::{Browser, World, answer, begin};
use crate::{
    ports::IssuerCheck,
    social::{Answer, CallbackError, CallbackFailure, StartError},
};

/// Finishes a sign-in with an answer that `change` changes, and returns the failure.
async fn failing(mut world: World, change: impl FnOnce(&mut Answer)) -> CallbackFailure {
    let social = world.social();
    let mut browser = Browser::default();
    let state = browser.begin(&social, None, begin()).await;
    let mut answer = answer(&state);
    change(&mut answer);
    let failure = social.finish(answer, &browser.context()).await.unwrap_err();
    let rows = world.rows();
    assert_eq!(
        (rows.users.len(), rows.accounts.len(), rows.sessions.len()),
        (0, 0, 0)
    );
    failure
}

/// Asserts that the state was consumed and that the user returns to the client's page for errors.
fn assert_consumed(failure: &CallbackFailure) {
    assert_eq!(failure.error_url.as_deref(), Some("/oops"));
    assert_eq!(failure.effects.as_ref().unwrap().tokens.len(), 1);
}

#[tokio::test]
async fn an_answer_without_a_code_is_rejected() {
    let failure = failing(World::empty(), |answer| answer.code = None).await;
    assert!(matches!(failure.error, CallbackError::NoCode));
    assert_consumed(&failure);
}

#[tokio::test]
async fn the_error_of_the_provider_is_reported() {
    let failure = failing(World::empty(), |answer| {
        answer.error = Some("access_denied".to_owned());
        answer.error_description = Some("no".to_owned());
    })
    .await;
    assert_consumed(&failure);
    let CallbackError::Provider { error, description } = failure.error else {
        panic!("the provider's error");
    };
    assert_eq!(
        (error.as_str(), description.as_deref()),
        ("access_denied", Some("no"))
    );
}

#[tokio::test]
async fn a_code_that_the_provider_rejects_signs_no_user_in() {
    let failure = failing(World::empty(), |answer| {
        answer.code = Some(Secret::new("other".to_owned()));
    })
    .await;
    assert!(matches!(failure.error, CallbackError::InvalidCode));
    assert_consumed(&failure);
}

/// A provider has one callback: a social one and a generic one have different paths.
#[tokio::test]
async fn an_answer_at_another_path_is_rejected() {
    let failure = failing(World::empty(), |answer| {
        answer.path = "/oauth2/callback/github".to_owned();
    })
    .await;
    assert!(matches!(failure.error, CallbackError::UnknownProvider));
}

/// RFC 9207.
#[tokio::test]
async fn an_answer_of_another_issuer_is_rejected() {
    let own = || "https://github.example".to_owned();
    for (check, issuer, is_mismatch) in [
        (IssuerCheck::IfPresent(own()), Some("https://evil.example"), true),
        (IssuerCheck::Required(own()), Some("https://evil.example"), true),
        (IssuerCheck::Required(own()), None, false),
    ] {
        let mut world = World::empty();
        world.provider.policy.issuer = check;
        let failure = failing(world, |answer| answer.issuer = issuer.map(str::to_owned)).await;
        match failure.error {
            CallbackError::IssuerMismatch => assert!(is_mismatch),
            CallbackError::IssuerMissing => assert!(!is_mismatch),
            error => panic!("{error:?}"),
        }
        assert_consumed(&failure);
    }
}

#[tokio::test]
async fn an_answer_of_the_own_issuer_is_accepted() {
    let own = || "https://github.example".to_owned();
    for (check, issuer) in [
        (IssuerCheck::Unknown, Some("https://any.example")),
        (IssuerCheck::IfPresent(own()), None),
        (IssuerCheck::IfPresent(own()), Some("https://github.example")),
        (IssuerCheck::Required(own()), Some("https://github.example")),
    ] {
        let mut world = World::empty();
        world.provider.policy.issuer = check;
        let social = world.social();
        let mut browser = Browser::default();
        let state = browser.begin(&social, None, begin()).await;
        let answer = Answer {
            issuer: issuer.map(str::to_owned),
            ..answer(&state)
        };
        assert!(social.finish(answer, &browser.context()).await.is_ok());
    }
}

fn reporting(user: Value) -> World {
    let mut world = World::empty();
    world.provider.user = user;
    world
}

#[tokio::test]
async fn a_user_of_whom_the_provider_says_nothing_useful_is_not_signed_in() {
    for user in [
        json!(null),
        json!({ "email": "ada@example.com" }),
        json!({ "id": "", "email": "ada@example.com" }),
    ] {
        let failure = failing(reporting(user), |_| {}).await;
        assert!(matches!(failure.error, CallbackError::NoUserInfo));
        assert_consumed(&failure);
    }
}

#[tokio::test]
async fn a_user_without_an_address_is_not_signed_in() {
    for is_generic in [false, true] {
        let world = reporting(json!({ "id": "17", "name": "Ada" }));
        let failure = failing(world, |answer| answer.is_generic = is_generic).await;
        assert!(matches!(failure.error, CallbackError::NoEmail));
    }
}

#[tokio::test]
async fn a_user_of_a_generic_provider_needs_a_name() {
    let world = reporting(json!({ "id": "17", "email": "ada@example.com" }));
    let failure = failing(world, |answer| answer.is_generic = true).await;
    assert!(matches!(failure.error, CallbackError::NoName));
    assert_consumed(&failure);
}

#[tokio::test]
async fn no_request_is_started_for_a_provider_that_is_unknown_or_unreachable() {
    let mut world = World::empty();
    world.provider.is_reachable = false;
    let social = world.social();
    let context = Browser::default().context();
    let error = social.start(None, begin(), &context).await.unwrap_err();
    assert!(matches!(error, StartError::Provider(_)));
    let mut start = begin();
    start.provider = "other".to_owned();
    let error = social.start(None, start, &context).await.unwrap_err();
    assert!(matches!(error, StartError::UnknownProvider));
    assert!(world.rows().authorization_states.is_empty());
}

#[tokio::test]
async fn the_provider_sends_the_user_back_to_its_callback_or_the_configured_url() {
    for (configured, expected) in [
        (None, "https://auth.example.com/api/auth/callback/github"),
        (Some("https://proxy.example/back"), "https://proxy.example/back"),
    ] {
        let mut world = World::empty();
        world.provider.policy.redirect_uri = configured.map(str::to_owned);
        let context = Browser::default().context();
        let started = world.social().start(None, begin(), &context).await.unwrap();
        assert!(
            started.url.ends_with(&format!("redirect_uri={expected}")),
            "{}",
            started.url
        );
    }
}
