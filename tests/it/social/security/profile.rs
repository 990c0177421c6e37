//! Profiles and answers that cannot be used.

use std::time::Duration;

use portcullis_testkit::{Fault, FaultyEndpoint, MockProvider};

use super::assert_nothing_stored;
use crate::social::{flow, location, server_with};

/// GHSA-5hvv-9cqv-894r: users without an id could not be distinguished.
#[tokio::test]
async fn a_profile_without_an_id_signs_no_user_in() {
    for id in ["google", "huggingface", "github", "spotify", "apple", "slack"] {
        for fault in [Fault::NoSub, Fault::EmptyId] {
            let mock = MockProvider::for_provider(id);
            mock.misbehave(fault.clone());
            let server = server_with(id, &mock).start();
            let (_, answer) = flow::sign_in(&server, &mock).await;
            let context = format!("{id}, {fault:?}");
            assert_eq!(
                location(&answer),
                "/failed?error=unable_to_get_user_info",
                "{context}"
            );
            assert_nothing_stored(&server, &context);
        }
    }
}

#[tokio::test]
async fn a_profile_without_an_address_signs_no_user_in() {
    for id in ["google", "huggingface", "spotify", "facebook"] {
        let mock = MockProvider::for_provider(id);
        mock.misbehave(Fault::NoEmail);
        let server = server_with(id, &mock).start();
        let (_, answer) = flow::sign_in(&server, &mock).await;
        assert_eq!(location(&answer), "/failed?error=email_not_found", "{id}");
        assert_nothing_stored(&server, id);
    }
}

/// Returns answers that no working provider gives, each at an endpoint.
fn broken(elsewhere: &str) -> [Fault; 6] {
    [
        Fault::HtmlAnswer,
        Fault::Status(500),
        Fault::Status(401),
        Fault::HugeAnswer,
        Fault::Redirect(elsewhere.to_owned()),
        Fault::Slow(Duration::from_mins(10)),
    ]
}

#[tokio::test]
async fn a_broken_answer_signs_no_user_in() {
    for (endpoint, error) in [
        (FaultyEndpoint::Token, "invalid_code"),
        (FaultyEndpoint::UserInfo, "unable_to_get_user_info"),
    ] {
        let elsewhere = MockProvider::for_provider("huggingface");
        for fault in broken(&elsewhere.url("/elsewhere")) {
            let mock = MockProvider::for_provider("huggingface");
            mock.misbehave_at(endpoint, fault.clone());
            let timeout = if matches!(fault, Fault::Slow(_)) {
                "5"
            } else {
                "60"
            };
            let server = server_with("huggingface", &mock)
                .set("PORTCULLIS_OAUTH_CLIENT__TIMEOUT", timeout)
                .start();
            let (_, answer) = flow::sign_in(&server, &mock).await;
            let context = format!("{endpoint:?}, {fault:?}");
            assert_eq!(location(&answer), format!("/failed?error={error}"), "{context}");
            assert_nothing_stored(&server, &context);
        }
        // No redirect was followed, so that no secret was sent elsewhere.
        assert_eq!(elsewhere.requests(), []);
    }
}

#[tokio::test]
async fn an_answer_without_an_access_token_signs_no_user_in() {
    let mock = MockProvider::for_provider("huggingface");
    mock.misbehave(Fault::NoAccessToken);
    let server = server_with("huggingface", &mock).start();
    let (_, answer) = flow::sign_in(&server, &mock).await;
    assert_eq!(flow::error_of(&answer), "unable_to_get_user_info", "{answer}");
    assert_nothing_stored(&server, "no access token");
}

/// The error of a provider is not shown to the client, except its code: it may contain secrets.
#[tokio::test]
async fn the_error_text_of_a_provider_is_not_in_the_redirect() {
    let mock = MockProvider::for_provider("google");
    mock.misbehave(Fault::ErrorAnswer);
    let server = server_with("google", &mock).start();
    let (_, answer) = flow::sign_in(&server, &mock).await;
    assert_eq!(location(&answer), "/failed?error=invalid_code");
    assert!(!answer.to_string().contains("the test demands it"), "{answer}");
}
