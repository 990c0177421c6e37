//! The profile must be that of the id token's user (OpenID Connect Core 1.0, 5.3.2), as Better Auth checks since 1.7.16.

use portcullis_testkit::{Fault, MockProvider};
use serde_json::json;

use super::assert_nothing_stored;
use crate::social::{
    ACCOUNTS, SESSIONS,
    flow::{self, Flow, error_of, is_signed_in, open},
    location, server_with, server_with_generic,
};

fn body() -> serde_json::Value {
    json!({
        "providerId": "keycloak",
        "callbackURL": "/done",
        "newUserCallbackURL": "/welcome",
        "errorCallbackURL": "/failed",
    })
}

#[tokio::test]
async fn the_profile_of_another_user_is_rejected_at_a_generic_provider() {
    let mock = MockProvider::for_preset("keycloak");
    let server = server_with_generic(&mock).start();
    let browser = server.anonymous();
    mock.misbehave(Fault::UserInfoSubDiffers);
    let url = Flow::begin_with(&browser, "/sign-in/oauth2", &body()).await;
    let answer = open(&browser, &mock.authorize(&url)).await;
    assert_eq!(
        location(&answer),
        "/failed?error=user_info_is_missing",
        "{answer}"
    );
    assert!(!is_signed_in(&browser).await);
    assert_nothing_stored(&server, "another subject");
    assert_eq!(mock.user_info_requests().len(), 1);

    mock.behave();
    let url = Flow::begin_with(&browser, "/sign-in/oauth2", &body()).await;
    let answer = open(&browser, &mock.authorize(&url)).await;
    assert_eq!(location(&answer), "/welcome", "{answer}");
    assert_eq!(server.rows(ACCOUNTS), 1);
    assert_eq!(server.rows(SESSIONS), 1);
}

/// Social providers that issue an id token, and describe the user at another endpoint by the same subject.
#[tokio::test]
async fn the_profile_of_another_user_is_rejected_at_a_social_provider() {
    for id in ["huggingface", "linkedin", "polar", "roblox", "slack", "vercel"] {
        let mock = MockProvider::for_provider(id);
        mock.misbehave(Fault::UserInfoSubDiffers);
        let server = server_with(id, &mock).start();
        let (browser, answer) = flow::sign_in(&server, &mock).await;
        assert_eq!(error_of(&answer), "unable_to_get_user_info", "{id}: {answer}");
        assert!(!is_signed_in(&browser).await, "{id}");
        assert_nothing_stored(&server, id);
    }
}
