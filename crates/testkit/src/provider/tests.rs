//! The provider itself: what it checks, and that each shape can be used.

use reqwest::Client;
use serde_json::{Value, json};

use super::*;
use crate::{base64url, basic};

/// A code verifier and its challenge (RFC 7636, appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The URL that the recorded client would request.
fn url(mock: &MockProvider) -> String {
    let text = |pointer: &str| {
        mock.shape()
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap()
            .to_owned()
    };
    let query = text("/authorization/query");
    let query = query.replace("{state}", "S").replace("{challenge}", CHALLENGE);
    format!("{}?{query}", mock.url(&text("/authorization/path")))
}

/// Redeems the code of a redirect as the recorded client would.
async fn redeem(mock: &MockProvider, redirect: &str, verifier: &str) -> (u16, Value) {
    let redirect = reqwest::Url::parse(redirect).unwrap();
    let code = redirect.query_pairs().find(|(name, _)| name == "code").unwrap().1;
    let text = |pointer: &str| mock.shape().pointer(pointer).and_then(Value::as_str).unwrap();
    let body = text("/exchange/body")
        .replace("{code}", &code)
        .replace("{verifier}", verifier);
    post(mock, body, text("/exchange/authentication")).await
}

async fn post(mock: &MockProvider, body: String, authentication: &str) -> (u16, Value) {
    let path = mock
        .shape()
        .pointer("/exchange/path")
        .and_then(Value::as_str)
        .unwrap();
    let mut request = Client::new()
        .post(mock.url(path))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    if authentication == "basic" {
        request = request.header("authorization", basic(CLIENT_ID, CLIENT_SECRET));
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn every_shape_issues_tokens_to_the_recorded_client_once() {
    let social = MockProvider::providers().into_iter();
    let social = social.map(|id| MockProvider::for_provider(&id));
    let presets = MockProvider::presets().into_iter();
    let presets = presets.map(|id| MockProvider::for_preset(&id));
    let all: Vec<_> = social.chain(presets).collect();
    assert_eq!(all.len(), 33 + 9);
    for mock in all {
        let redirect = mock.authorize(&url(&mock));
        let (status, tokens) = redeem(&mock, &redirect, VERIFIER).await;
        assert_eq!(status, 200, "{}: {tokens}", mock.id());
        assert!(tokens["access_token"].is_string(), "{}: {tokens}", mock.id());
        let (_, again) = redeem(&mock, &redirect, VERIFIER).await;
        assert_eq!(again["error"], "invalid_grant", "{}", mock.id());
        let Some(body) = mock.shape().pointer("/refresh/body").and_then(Value::as_str) else {
            continue;
        };
        if let Some(token) = tokens["refresh_token"].as_str() {
            let body = body.replace("{refresh_token}", token);
            let authentication = mock.shape()["refresh"]["authentication"].as_str().unwrap();
            let (status, refreshed) = post(&mock, body.clone(), authentication).await;
            assert_eq!(status, 200, "{}: {refreshed}", mock.id());
            assert_ne!(
                refreshed["refresh_token"],
                tokens["refresh_token"],
                "{}",
                mock.id()
            );
            let (_, again) = post(&mock, body, authentication).await;
            assert_eq!(again["error"], "invalid_grant", "{}", mock.id());
            assert_eq!(mock.refreshes(), 2);
        }
    }
}

#[tokio::test]
async fn a_wrong_verifier_and_a_wrong_client_are_rejected() {
    let mock = MockProvider::for_provider("google");
    let redirect = mock.authorize(&url(&mock));
    let (status, answer) = redeem(&mock, &redirect, "another").await;
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_grant")));
    mock.expect(ClientAuthentication::Basic);
    let (status, answer) = redeem(&mock, &mock.authorize(&url(&mock)), VERIFIER).await;
    assert_eq!((status, &answer["error"]), (401, &json!("invalid_client")));
}

#[tokio::test]
async fn a_request_that_is_not_that_of_the_provider_is_not_approved() {
    let mock = MockProvider::for_provider("google");
    let good = url(&mock);
    for (part, other) in [
        ("response_type=code", "response_type=token"),
        ("client_id=client", "client_id=other"),
        ("callback%2Fgoogle", "callback%2Fother"),
        ("state=S", "state="),
        ("code_challenge_method=S256", "code_challenge_method=plain"),
        (CHALLENGE, "short"),
    ] {
        let bad = good.replace(part, other);
        assert_ne!(bad, good, "{part}");
        assert_eq!(
            Client::new().get(bad).send().await.unwrap().status(),
            400,
            "{part}"
        );
    }
    let page = Client::new()
        .get(&good)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains(r#"value="approve""#), "{page}");
}

/// The header and the claims of a token, and whether it is signed.
fn parts(token: &str) -> (Value, Value, bool) {
    let parts: Vec<_> = token.split('.').collect();
    let read = |part: &str| serde_json::from_slice(&base64url(part)).unwrap();
    (read(parts[0]), read(parts[1]), !parts[2].is_empty())
}

#[tokio::test]
async fn id_tokens_are_wrong_on_demand() {
    let mock = MockProvider::for_provider("google");
    let (header, claims, _) = parts(&mock.id_token(&json!({ "nonce": "N", "email": null })));
    assert_eq!(claims["iss"], mock.issuer());
    assert_eq!(
        (&claims["aud"], &claims["nonce"]),
        (&json!(CLIENT_ID), &json!("N"))
    );
    assert!(claims.get("email").is_none());
    let keys: Value = reqwest::get(mock.jwks()).await.unwrap().json().await.unwrap();
    assert_eq!(keys["keys"][0]["kid"], header["kid"]);

    mock.misbehave(Fault::EmailVerifiedAsText("false".to_owned()));
    mock.misbehave(Fault::NoSub);
    let (_, claims, _) = parts(&mock.id_token(&json!({})));
    assert_eq!(
        (claims.get("sub"), &claims["email_verified"]),
        (None, &json!("false"))
    );
    mock.behave();
    mock.misbehave(Fault::AlgNone);
    let (header, _, is_signed) = parts(&mock.id_token(&json!({})));
    assert_eq!((&header["alg"], is_signed), (&json!("none"), false));
    mock.rotate_keys();
    let rotated: Value = reqwest::get(mock.jwks()).await.unwrap().json().await.unwrap();
    assert_ne!(rotated["keys"][0]["n"], keys["keys"][0]["n"]);
}
