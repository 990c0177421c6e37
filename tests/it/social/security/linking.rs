//! Takeover by linking: a provider's account is linked to a user who exists already only if both sides have verified the
//! address, and never to another user than the one who owns it.

use portcullis_testkit::{Fault, MockProvider, TestServer};
use serde_json::json;

use super::super::{
    ACCOUNTS, SESSIONS, USERS, flow, flow::is_signed_in, location, server_with, with_provider,
};

const LINKED: &str = "select from account where \"providerId\" <> 'credential'";
const NOT_LINKED: &str = "/failed?error=account_not_linked";
const TRUSTED: &str = "PORTCULLIS_ACCOUNT__ACCOUNT_LINKING__TRUSTED_PROVIDERS";

fn verify(server: &TestServer, email: &str) {
    server.execute(&format!(
        r#"update "user" set "emailVerified" = true where email = '{email}'"#
    ));
}

/// Asserts that a sign-in was refused because the address belongs to a user with a password.
async fn assert_not_linked(server: &TestServer, mock: &MockProvider, context: &str) {
    let sessions = server.rows(SESSIONS);
    let (browser, answer) = flow::sign_in(server, mock).await;
    assert_eq!(location(&answer), NOT_LINKED, "{context}: {answer}");
    assert!(!is_signed_in(&browser).await, "{context}");
    assert_eq!(server.rows(LINKED), 0, "{context}");
    assert_eq!(server.rows(USERS), 1, "{context}");
    assert_eq!(server.rows(SESSIONS), sessions, "{context}");
}

/// GHSA-g38m-r43w-p2q7 (CVE-2026-53516): an attacker signs up with the victim's address, and waits for the victim.
#[tokio::test]
async fn an_account_is_not_linked_to_a_pre_registered_user() {
    for trusted in ["", "google"] {
        let mock = MockProvider::for_provider("google");
        let server = server_with("google", &mock).set(TRUSTED, trusted).start();
        let attacker = server.signed_up("ada").await;
        assert_not_linked(&server, &mock, trusted).await;
        let verified = r#"select from "user" where "emailVerified""#;
        assert_eq!(server.rows(verified), 0, "{trusted}");
        assert!(is_signed_in(&attacker).await);

        let id_token = json!({ "provider": "google", "idToken": { "token": mock.id_token(&json!({})) } });
        let answer = server.anonymous().post("/sign-in/social", &id_token).send().await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (401, "ACCOUNT_NOT_LINKED"),
            "{answer}"
        );
        assert_eq!(server.rows(LINKED), 0, "{trusted}");
        assert_eq!(server.rows(verified), 0, "{trusted}");
    }
}

/// GHSA-g38m-r43w-p2q7: a text is true in JavaScript, also the text `"false"`.
#[tokio::test]
async fn a_text_does_not_verify_an_address() {
    for id in ["google", "huggingface", "slack", "discord", "microsoft"] {
        for text in ["false", "true", "0", "no"] {
            let mock = MockProvider::for_provider(id);
            mock.misbehave(Fault::EmailVerifiedAsText(text.to_owned()));
            let server = server_with(id, &mock).start();
            server.signed_up("ada").await;
            verify(&server, "ada@example.com");
            assert_not_linked(&server, &mock, &format!("{id}, {text}")).await;
        }
    }
}

#[tokio::test]
async fn a_new_user_whose_address_is_verified_by_a_text_is_not_verified() {
    let mock = MockProvider::for_provider("google");
    mock.misbehave(Fault::EmailVerifiedAsText("false".to_owned()));
    let server = server_with("google", &mock).start();
    let (_, answer) = flow::sign_in(&server, &mock).await;
    assert_eq!(location(&answer), "/welcome");
    assert_eq!(server.rows(r#"select from "user" where not "emailVerified""#), 1);
}

/// Apple sends texts by its documentation: `"false"` is false, and `"true"` is true.
#[tokio::test]
async fn the_texts_of_apple_are_read_as_they_are_meant() {
    for (text, expected) in [("true", 1), ("false", 0), ("yes", 0)] {
        let mock = MockProvider::for_provider("apple");
        mock.misbehave(Fault::EmailVerifiedAsText(text.to_owned()));
        let server = server_with("apple", &mock).start();
        let (_, answer) = flow::sign_in(&server, &mock).await;
        assert_eq!(location(&answer), "/welcome", "{text}");
        let verified = server.rows(r#"select from "user" where "emailVerified""#);
        assert_eq!(verified, expected, "{text}");
    }
}

#[tokio::test]
async fn an_unverified_address_is_linked_only_for_a_trusted_provider() {
    let mock = MockProvider::for_provider("google");
    mock.set_email_verified(false);
    let server = server_with("google", &mock).start();
    server.signed_up("ada").await;
    verify(&server, "ada@example.com");
    assert_not_linked(&server, &mock, "not trusted").await;

    let trusting = server_with("google", &mock)
        .set(TRUSTED, "google")
        .replica_of(&server)
        .start();
    let (browser, answer) = flow::sign_in(&trusting, &mock).await;
    assert_eq!(location(&answer), "/done", "{answer}");
    assert!(is_signed_in(&browser).await);
    assert_eq!(server.rows(LINKED), 1);
}

#[tokio::test]
async fn linking_can_be_disabled() {
    for (variable, value) in [
        ("PORTCULLIS_ACCOUNT__ACCOUNT_LINKING__ENABLED", "false"),
        (
            "PORTCULLIS_ACCOUNT__ACCOUNT_LINKING__DISABLE_IMPLICIT_LINKING",
            "true",
        ),
    ] {
        let mock = MockProvider::for_provider("google");
        let server = server_with("google", &mock).set(variable, value).start();
        server.signed_up("ada").await;
        verify(&server, "ada@example.com");
        assert_not_linked(&server, &mock, variable).await;
    }
}

/// The identity is the provider and the id there, never the address.
#[tokio::test]
async fn a_user_whose_address_changes_at_the_provider_stays_the_same_user() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock).start();
    assert_eq!(location(&flow::sign_in(&server, &mock).await.1), "/welcome");
    mock.set_email("countess@example.com");
    assert_eq!(location(&flow::sign_in(&server, &mock).await.1), "/done");
    assert_eq!(server.rows(USERS), 1);
    assert_eq!(server.rows(ACCOUNTS), 1);
    assert_eq!(
        server.rows(r#"select from "user" where email = 'ada@example.com'"#),
        1
    );
}

/// An address that another user has had: its new owner at the provider is a new user.
#[tokio::test]
async fn the_same_id_at_two_providers_is_two_users() {
    let [google, gitlab] = ["google", "gitlab"].map(MockProvider::for_provider);
    google.set_id("4711");
    gitlab.set_id("4711");
    gitlab.set_email("bob@example.com");
    let server = with_provider(server_with("google", &google), "gitlab", &gitlab).start();
    for mock in [&google, &gitlab] {
        assert_eq!(location(&flow::sign_in(&server, mock).await.1), "/welcome");
    }
    assert_eq!(server.rows(USERS), 2);
    assert_eq!(
        server.rows(r#"select distinct "userId" from account where "accountId" = '4711'"#),
        2
    );
}
