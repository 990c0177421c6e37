//! Id tokens: those that clients got themselves, and those that come with a code.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Fault, FaultyEndpoint, MockProvider, TestServer};
use serde_json::{Value, json};

use super::assert_nothing_stored;
use crate::social::{ACCOUNTS, SESSIONS, flow, location, server_with};

/// The providers whose keys verify tokens of clients.
const VERIFYING: [&str; 4] = ["google", "apple", "cognito", "facebook"];

async fn present(server: &TestServer, provider: &str, id_token: Value) -> Answer {
    let body = json!({ "provider": provider, "idToken": id_token });
    server.anonymous().post("/sign-in/social", &body).send().await
}

fn assert_invalid(server: &TestServer, answer: &Answer, context: &str) {
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "INVALID_TOKEN"),
        "{context}: {answer}"
    );
    assert_eq!(answer.cookies().count(), 0, "{context}");
    assert_nothing_stored(server, context);
}

#[tokio::test]
async fn a_genuine_token_signs_the_user_in() {
    for id in VERIFYING {
        let mock = MockProvider::for_provider(id);
        let server = server_with(id, &mock).start();
        let claims = json!({ "sub": "4711", "email": "ada@example.com", "name": "Ada" });
        let answer = present(&server, id, json!({ "token": mock.id_token(&claims) })).await;
        assert_eq!(answer.status, 200, "{id}: {answer}");
        assert_eq!(answer.json()["redirect"], false, "{id}");
        assert_eq!(answer.json()["user"]["email"], "ada@example.com", "{id}");
        let account = format!(r#"select from account where "accountId" = '4711' and "providerId" = '{id}'"#);
        assert_eq!(server.rows(&account), 1, "{id}");
        assert_eq!(server.rows(SESSIONS), 1, "{id}");
    }
}

/// GHSA-9wqv-qhrh-87f4, CVE-2026-31813: the token of another issuer, for another client, or without a valid signature.
#[tokio::test]
async fn a_forged_token_is_rejected() {
    for id in VERIFYING {
        for fault in [
            Fault::WrongIssuer,
            Fault::WrongAudience,
            Fault::Expired,
            Fault::WrongSignature,
            Fault::UnknownKey,
            Fault::AlgNone,
        ] {
            let mock = MockProvider::for_provider(id);
            mock.misbehave_at(FaultyEndpoint::Token, fault.clone());
            let server = server_with(id, &mock).start();
            let claims = json!({ "sub": "4711", "email": "ada@example.com", "name": "Ada" });
            let answer = present(&server, id, json!({ "token": mock.id_token(&claims) })).await;
            assert_invalid(&server, &answer, &format!("{id}, {fault:?}"));
        }
    }
}

#[tokio::test]
async fn a_token_with_other_claims_is_rejected() {
    let now = 1_767_225_600;
    for claims in [
        json!({ "azp": "another-client" }),
        json!({ "aud": ["client-1234", "another-client"], "azp": "another-client" }),
        json!({ "aud": ["another-client"] }),
        json!({ "aud": null }),
        json!({ "aud": [] }),
        json!({ "iss": null }),
        json!({ "iss": "https://accounts.google.com.evil.example" }),
        json!({ "exp": null }),
        json!({ "exp": now - 3600 }),
        json!({ "iat": now - 7200, "exp": now + 7200 }),
        json!({ "iat": now + 7200, "exp": now + 10800 }),
    ] {
        let mock = MockProvider::for_provider("google");
        let server = server_with("google", &mock).start();
        let answer = present(&server, "google", json!({ "token": mock.id_token(&claims) })).await;
        assert_invalid(&server, &answer, &claims.to_string());
    }
}

#[tokio::test]
async fn a_text_that_is_no_token_is_rejected() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock).start();
    let token = mock.id_token(&json!({}));
    let (message, signature) = token.rsplit_once('.').unwrap();
    for text in [
        "",
        "a",
        "a.b.c",
        "..",
        message,
        &format!("{message}."),
        &format!("{message}A.{signature}"),
    ] {
        let answer = present(&server, "google", json!({ "token": text })).await;
        assert_invalid(&server, &answer, text);
    }
}

#[tokio::test]
async fn a_token_with_another_nonce_is_rejected() {
    for id in ["google", "apple", "line"] {
        let mock = MockProvider::for_provider(id);
        let server = server_with(id, &mock).start();
        let token = |nonce: Option<&str>| mock.id_token(&json!({ "nonce": nonce }));
        for (own, shown) in [(Some("N"), "M"), (None, "N"), (Some("N"), "n")] {
            let answer = present(&server, id, json!({ "token": token(own), "nonce": shown })).await;
            assert_invalid(&server, &answer, &format!("{id}, {own:?}, {shown}"));
        }
        let answer = present(&server, id, json!({ "token": token(Some("N")), "nonce": "N" })).await;
        assert_eq!(answer.status, 200, "{id}: {answer}");
        assert_eq!(server.rows(SESSIONS), 1, "{id}");
    }
}

/// Better Auth accepts every text as an id token of Facebook, and every signature of PayPal.
#[tokio::test]
async fn an_unverifiable_token_of_facebook_or_paypal_is_rejected() {
    let mock = MockProvider::for_provider("facebook");
    let server = server_with("facebook", &mock).start();
    let answer = present(
        &server,
        "facebook",
        json!({ "token": "EAAopaque", "accessToken": "EAAopaque" }),
    )
    .await;
    assert_eq!(answer.status, 401, "{answer}");
    assert_nothing_stored(&server, "facebook");

    let mock = MockProvider::for_provider("paypal");
    let server = server_with("paypal", &mock).start();
    for fault in [Fault::WrongSignature, Fault::AlgNone] {
        mock.behave();
        mock.misbehave(fault.clone());
        let token = mock.id_token(&json!({}));
        let answer = present(
            &server,
            "paypal",
            json!({ "token": token, "accessToken": "access" }),
        )
        .await;
        assert!([401, 404].contains(&answer.status), "{fault:?}: {answer}");
        assert_nothing_stored(&server, "paypal");
    }
}

/// OpenID Connect Core 1.0, 3.1.3.7, also for the token that comes with a code.
#[tokio::test]
async fn a_token_that_comes_with_a_code_must_be_for_this_client() {
    for id in ["google", "apple", "microsoft", "twitch"] {
        for fault in [Fault::WrongIssuer, Fault::WrongAudience, Fault::Expired] {
            let mock = MockProvider::for_provider(id);
            mock.misbehave_at(FaultyEndpoint::Token, fault.clone());
            let server = server_with(id, &mock).start();
            let (_, answer) = flow::sign_in(&server, &mock).await;
            let context = format!("{id}, {fault:?}");
            assert_eq!(location(&answer), "/failed?error=invalid_code", "{context}");
            assert_nothing_stored(&server, &context);
        }
    }
}

/// A token of a key that was published after the keys were read is accepted, and one of a key that is gone is not.
#[tokio::test]
async fn a_rotated_key_is_read_again() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock).start();
    let old = mock.id_token(&json!({}));
    assert_eq!(
        present(&server, "google", json!({ "token": old })).await.status,
        200
    );
    mock.rotate_keys();
    for clock in [&server.clock, &mock.clock] {
        clock.advance(TimeDelta::minutes(2));
    }
    let new = mock.id_token(&json!({}));
    let answer = present(&server, "google", json!({ "token": new })).await;
    assert_eq!(answer.status, 200, "{answer}");
    let answer = present(&server, "google", json!({ "token": old })).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "INVALID_TOKEN"),
        "{answer}"
    );
    assert_eq!(server.rows(ACCOUNTS), 1);
    assert_eq!(server.rows(SESSIONS), 2);
}
