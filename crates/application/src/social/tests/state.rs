use chrono::TimeDelta;

use super::{Browser, World, answer, begin};
use crate::social::{Answer, CallbackError, Start, StartError};

/// Returns a deployment for each way to store states.
fn worlds() -> [World; 2] {
    [false, true].map(|in_cookies| {
        let mut world = World::empty();
        world.options.stores_states_in_cookies = in_cookies;
        world
    })
}

#[tokio::test]
async fn a_state_is_valid_once() {
    for mut world in worlds() {
        let social = world.social();
        let mut browser = Browser::default();
        let state = browser.begin(&social, None, begin()).await;
        let thief = browser.clone();
        assert_eq!(browser.states(), 1);
        browser.finish(&social, &state).await.unwrap();
        assert_eq!(browser.states(), 0);
        // The client presents its old cookie again.
        let failure = thief.clone().finish(&social, &state).await.unwrap_err();
        assert!(matches!(failure.error, CallbackError::Restart));
        assert_eq!(failure.error_url, None);
        assert_eq!(world.rows().sessions.len(), 1);
        assert!(world.rows().authorization_states.is_empty());
    }
}

#[tokio::test]
async fn of_parallel_answers_with_one_state_only_one_is_accepted() {
    for mut world in worlds() {
        let social = world.social();
        let mut browser = Browser::default();
        let state = browser.begin(&social, None, begin()).await;
        let context = browser.context();
        let answers = (0..20).map(|_| social.finish(answer(&state), &context));
        let finished = futures_util::future::join_all(answers).await;
        assert_eq!(finished.iter().filter(|finished| finished.is_ok()).count(), 1);
        assert_eq!(world.rows().sessions.len(), 1);
    }
}

/// GHSA-wxw3-q3m9-c3jr: the state must be the one that this browser was given.
#[tokio::test]
async fn a_state_of_another_browser_is_rejected_and_stays_valid() {
    for mut world in worlds() {
        let social = world.social();
        let [mut own, mut other] = [Browser::default(), Browser::default()];
        let state = own.begin(&social, None, begin()).await;
        other.begin(&social, None, begin()).await;
        let failure = other.finish(&social, &state).await.unwrap_err();
        assert!(matches!(failure.error, CallbackError::StateMismatch));
        assert_eq!(
            failure.error_url, None,
            "the page of the other browser's user is not revealed"
        );
        assert!(failure.effects.is_none());
        assert!(world.rows().users.is_empty());
        own.finish(&social, &state).await.unwrap();
    }
}

#[tokio::test]
async fn a_browser_without_a_cookie_is_rejected() {
    for mut world in worlds() {
        let in_cookies = world.options.stores_states_in_cookies;
        let social = world.social();
        let state = Browser::default().begin(&social, None, begin()).await;
        let failure = Browser::default().finish(&social, &state).await.unwrap_err();
        let is_mismatch = matches!(failure.error, CallbackError::StateMismatch);
        assert_eq!(is_mismatch, !in_cookies, "{:?}", failure.error);
        assert!(world.rows().users.is_empty());
    }
}

#[tokio::test]
async fn answers_with_an_unknown_state_or_none_are_rejected() {
    for mut world in worlds() {
        let social = world.social();
        let mut browser = Browser::default();
        browser.begin(&social, None, begin()).await;
        let without = Answer {
            state: None,
            ..answer("")
        };
        let failure = social.finish(without, &browser.context()).await.unwrap_err();
        assert!(matches!(failure.error, CallbackError::NoState));
        for state in ["x".to_owned(), "x".repeat(32)] {
            let failure = browser.finish(&social, &state).await.unwrap_err();
            assert!(matches!(
                failure.error,
                CallbackError::Restart | CallbackError::StateMismatch
            ));
        }
        assert_eq!(browser.states(), 1, "the browser's own state stays valid");
    }
}

#[tokio::test]
async fn two_tabs_of_a_browser_finish_in_any_order() {
    for first in [0, 1] {
        for mut world in worlds() {
            let social = world.social();
            let mut browser = Browser::default();
            let states = [
                browser.begin(&social, None, begin()).await,
                browser.begin(&social, None, begin()).await,
            ];
            assert_eq!(browser.states(), 2);
            browser.finish(&social, &states[first]).await.unwrap();
            browser.finish(&social, &states[1 - first]).await.unwrap();
            assert_eq!(browser.states(), 0);
            assert_eq!((world.rows().users.len(), world.rows().sessions.len()), (1, 2));
        }
    }
}

#[tokio::test]
async fn a_state_expires_after_ten_minutes() {
    for mut world in worlds() {
        let social = world.social();
        let [mut early, mut late] = [Browser::default(), Browser::default()];
        let states = [
            early.begin(&social, None, begin()).await,
            late.begin(&social, None, begin()).await,
        ];
        world.fake.clock.advance(TimeDelta::minutes(10));
        early.finish(&social, &states[0]).await.unwrap();
        world.fake.clock.advance(TimeDelta::milliseconds(1));
        let failure = late.finish(&social, &states[1]).await.unwrap_err();
        assert!(matches!(failure.error, CallbackError::Restart));
    }
}

/// The browser would drop the cookie, and the sign-in would fail when the user returns.
#[tokio::test]
async fn a_state_that_is_too_large_for_a_cookie_is_refused() {
    for mut world in worlds() {
        let in_cookies = world.options.stores_states_in_cookies;
        let social = world.social();
        for (length, is_started) in [(3000, true), (3800, !in_cookies)] {
            let mut start = begin();
            start
                .additional
                .insert("note".to_owned(), "x".repeat(length).into());
            let started = social.start(None, start, &Browser::default().context()).await;
            assert_eq!(started.is_ok(), is_started, "{in_cookies} {length}");
            let is_named = matches!(started, Ok(_) | Err(StartError::StateTooLarge));
            assert!(is_named, "{in_cookies} {length}");
        }
    }
}

/// RFC 9700, 4.4: an attacker who controls one provider must not receive the code of another one.
#[tokio::test]
async fn the_state_of_another_provider_is_rejected() {
    for mut world in worlds() {
        let social = world.social();
        let mut browser = Browser::default();
        let start = Start {
            provider: "gitlab".to_owned(),
            ..begin()
        };
        let state = browser.begin(&social, None, start).await;
        let failure = browser.finish(&social, &state).await.unwrap_err();
        assert!(matches!(failure.error, CallbackError::StateMismatch));
        assert_eq!(failure.error_url.as_deref(), Some("/oops"));
        assert!(world.rows().users.is_empty());
    }
}

#[tokio::test]
async fn a_state_of_a_node_server_is_accepted_only_if_the_database_is_shared() {
    for is_shared in [false, true] {
        let mut world = World::empty();
        world.options.accepts_foreign_states = is_shared;
        let social = world.social();
        let mut browser = Browser::default();
        let value = browser.begin(&social, None, begin()).await;
        let mut state = world.rows().authorization_states[&value].clone();
        state.provider = None;
        let store = world.fake.store.clone();
        let mut db = crate::ports::Store::autocommit(store.as_ref());
        let token = portcullis_domain::token::OneTimeToken::new(value.as_str());
        let id = portcullis_domain::id::VerificationId::new("1");
        let now = crate::testing::fixtures::start();
        db.authorization_states()
            .insert(&id, &token, &state, now)
            .await
            .unwrap();
        let finished = browser.finish(&social, &value).await;
        assert_eq!(finished.is_ok(), is_shared);
    }
}

#[tokio::test]
async fn a_request_without_a_callback_returns_to_this_server() {
    for callback_url in [None, Some(String::new())] {
        let start = Start {
            callback_url,
            new_user_url: None,
            ..begin()
        };
        let finished = World::empty().sign_in_with(start).await.unwrap();
        assert_eq!(finished.url, "https://auth.example.com");
    }
}
