//! States that any page may have given to a browser, such as one of a request that an attacker has started.

use portcullis_domain::origin::TrustedOrigins;

use super::{Browser, World, begin, world::accounts};
use crate::{
    client_token::{AUTHORIZATION_STATE, SessionEffect, TokenEffect},
    social::{CallbackError, CallbackFailure, Start},
    testing::fixtures::{a_session, a_user, calling},
};

/// A deployment that supports an application with the scheme `myapp`.
fn with_application(mut world: World) -> World {
    world.options.applications = TrustedOrigins::new(vec!["myapp://".to_owned()]);
    world
}

/// A request of the application.
fn of_application() -> Start {
    Start {
        callback_url: Some("myapp://home".to_owned()),
        new_user_url: None,
        ..begin()
    }
}

/// Asserts that the answer was rejected like one to another browser.
fn assert_mismatch(failure: &CallbackFailure) {
    assert!(
        matches!(failure.error, CallbackError::StateMismatch),
        "{failure:?}"
    );
    assert!(
        failure.error_url.is_none() && failure.effects.is_none(),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_planted_state_links_no_account() {
    let mut world = with_application(World::with(|rows| {
        rows.sessions = vec![a_session()];
        rows.users = vec![a_user()];
    }));
    let social = world.social();
    for start in [begin(), of_application()] {
        let (mut attacker, mut victim) = (Browser::default(), Browser::default());
        let state = attacker.begin(&social, Some(&calling(a_user())), start).await;
        victim.receive(&state);
        assert_mismatch(&victim.finish(&social, &state).await.unwrap_err());
        assert!(accounts(&world).is_empty());
        assert!(world.rows().authorization_states.contains_key(&state));
    }
}

#[tokio::test]
async fn a_planted_state_signs_in_on_no_web_page() {
    let mut world = with_application(World::empty());
    let social = world.social();
    let page = Some("https://auth.example.com/home".to_owned());
    let application = || Some("myapp://home".to_owned());
    for (callback_url, new_user_url) in [
        (None, None),
        (Some("/home".to_owned()), None),
        (page.clone(), application()),
        (application(), page),
        (Some("other://home".to_owned()), None),
    ] {
        let start = Start {
            callback_url,
            new_user_url,
            ..begin()
        };
        let (mut attacker, mut victim) = (Browser::default(), Browser::default());
        let state = attacker.begin(&social, None, start).await;
        victim.receive(&state);
        assert_mismatch(&victim.finish(&social, &state).await.unwrap_err());
        let rows = world.rows();
        assert_eq!((rows.users.len(), rows.sessions.len()), (0, 0));
        assert!(rows.authorization_states.contains_key(&state));
    }
}

#[tokio::test]
async fn a_planted_state_signs_in_in_the_application_and_not_in_the_browser() {
    let mut world = with_application(World::empty());
    let social = world.social();
    let (mut application, mut browser) = (Browser::default(), Browser::default());
    let state = application.begin(&social, None, of_application()).await;
    browser.receive(&state);
    let finished = browser.finish(&social, &state).await.unwrap();

    assert_eq!(finished.url, "myapp://home");
    assert!(finished.effects.session.stored_session().is_some());
    let of_browser = finished.browser_effects.unwrap();
    assert!(matches!(of_browser.session, SessionEffect::Unchanged));
    assert!(
        matches!(&of_browser.tokens[..], [TokenEffect::Clear { kind }] if *kind == AUTHORIZATION_STATE),
        "{of_browser:?}"
    );
    assert_eq!((browser.states(), world.rows().sessions.len()), (0, 1));
    let failure = browser.finish(&social, &state).await.unwrap_err();
    assert!(matches!(failure.error, CallbackError::Restart));
}

#[tokio::test]
async fn without_applications_no_planted_state_is_accepted() {
    let mut world = World::empty();
    let social = world.social();
    let (mut application, mut browser) = (Browser::default(), Browser::default());
    let state = application.begin(&social, None, of_application()).await;
    browser.receive(&state);
    assert_mismatch(&browser.finish(&social, &state).await.unwrap_err());
    assert!(world.rows().users.is_empty());
}

/// The earlier state is signed again when the browser starts a request of its own.
#[tokio::test]
async fn a_planted_state_stays_one_when_the_browser_starts_another_request() {
    let mut world = with_application(World::empty());
    let social = world.social();
    let (mut attacker, mut victim) = (Browser::default(), Browser::default());
    let planted = attacker.begin(&social, None, begin()).await;
    victim.receive(&planted);
    let own = victim.begin(&social, None, begin()).await;
    assert_eq!(victim.states(), 2);

    assert_mismatch(&victim.finish(&social, &planted).await.unwrap_err());
    victim.finish(&social, &own).await.unwrap();
    assert_eq!(world.rows().sessions.len(), 1);
}

/// States in cookies contain the whole state, which only this server can write.
#[tokio::test]
async fn a_planted_state_is_not_accepted_if_states_are_stored_in_cookies() {
    let mut world = with_application(World::empty());
    world.options.stores_states_in_cookies = true;
    let social = world.social();
    let (mut attacker, mut victim) = (Browser::default(), Browser::default());
    let state = attacker.begin(&social, None, of_application()).await;
    victim.receive(&state);
    let failure = victim.finish(&social, &state).await.unwrap_err();
    assert!(matches!(failure.error, CallbackError::Restart));
    assert!(world.rows().users.is_empty());
}
