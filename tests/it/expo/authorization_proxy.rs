//! The authorization proxy.

use insta::assert_snapshot;
use portcullis_testkit::{Answer, TestServer, base64url, percent_encoded, signature};
use serde_json::Value;

use super::{decoded, follow, location, verification, with_plugin, without_plugin};

/// The head and the claims of a link that changes the address `ada@example.com` to `eve@example.com`.
const LINK: &str = "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFkYUBleGFtcGxlLmNvbSIsInVwZGF0ZVRvIjoiZXZlQGV4YW1wbGUuY29tIiwicmVxdWVzdFR5cGUiOiJjaGFuZ2UtZW1haWwtdmVyaWZpY2F0aW9uIiwiaWF0IjoxNzY3MjI1NjAwLCJleHAiOjE5OTk5OTk5OTl9";
const GOOGLE: &str = "https://accounts.google.com/o/oauth2/v2/auth?client_id=a&state=";

async fn proxy(server: &TestServer, url: &str) -> Answer {
    let path = format!(
        "/expo-authorization-proxy?authorizationURL={}",
        percent_encoded(url)
    );
    server.anonymous().get(&path).send().await
}

#[tokio::test]
async fn the_authorization_proxy_sets_the_state_cookie_and_redirects() {
    let server = with_plugin().start();
    assert_snapshot!(proxy(&server, &format!("{GOOGLE}abc-123")).await, @r"
    302
    cache-control: no-store
    content-type: application/json
    location: https://accounts.google.com/o/oauth2/v2/auth?client_id=a&state=abc-123
    set-cookie: better-auth.state=abc-123.fpa4n0%2FMCI4%2FFEXKyUZRUw3atofp%2B5VV4HZNRFMPyv8%3D; Max-Age=300; Path=/; HttpOnly; SameSite=Lax
    ");
    let own = "https://idp.example.com/authorize?state=a&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fapi%2Fauth%2Fcallback%2Fx";
    assert_eq!(location(&proxy(&server, own).await), own);
}

#[tokio::test]
async fn the_authorization_proxy_leads_only_to_authorization_servers() {
    let server = with_plugin().start();
    for url in [
        "",
        "/x?state=a",
        "https://evil.test/?state=a",
        "https://accounts.google.com.evil.test/o/oauth2/v2/auth?state=a",
        "https://accounts.google.com\\@evil.test/o/oauth2/v2/auth?state=a",
        "https://accounts.google.com/url?q=https://evil.test&state=a",
        "javascript:alert(1)//?state=a",
        "myapp://home?state=a",
        "http://localhost:3000/api/auth/sign-out?state=a",
        &format!("{GOOGLE}a#b"),
        &format!("{GOOGLE}a&redirect_uri=https://evil.test"),
    ] {
        let answer = proxy(&server, url).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "INVALID_AUTHORIZATIONURL"),
            "{url}"
        );
        assert_eq!(answer.header("location"), None, "{url}");
        assert_eq!(answer.cookies().count(), 0, "{url}");
    }
}

#[tokio::test]
async fn the_authorization_proxy_rejects_an_unusable_state() {
    let server = with_plugin().start();
    for state in ["", "a&state=b", "a%0d%0aset-cookie:x=y", "a%3Bb", "a%00"] {
        let answer = proxy(&server, &format!("{GOOGLE}{state}")).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "UNEXPECTED_ERROR"),
            "{state}"
        );
        assert_eq!(answer.cookies().count(), 0, "{state}");
    }
    let path = format!(
        "/expo-authorization-proxy?authorizationURL={}",
        percent_encoded(&format!("{GOOGLE}a"))
    );
    let path = format!("{path}&oauthState=abc");
    let answer = server.anonymous().get(&path).send().await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "OAUTHSTATE_IS_NOT_SUPPORTED")
    );
    let missing = server.anonymous().get("/expo-authorization-proxy").send().await;
    assert_eq!(
        (missing.status, missing.code().as_str()),
        (400, "VALIDATION_ERROR")
    );
}

#[tokio::test]
async fn without_the_plugin_there_is_no_authorization_proxy() {
    let server = without_plugin().start();
    assert_eq!(proxy(&server, &format!("{GOOGLE}a")).await.status, 404);
}

/// Sends a text as the state of a request. Returns the value of the cookie, and the signature in it as base64url.
async fn sign(server: &TestServer, text: &str) -> (String, String) {
    let answer = proxy(server, &format!("{GOOGLE}{text}")).await;
    let line = answer.cookies().next().unwrap();
    let value = line.split(['=', ';']).nth(1).unwrap();
    let plain = decoded(value);
    let (state, tag) = plain.rsplit_once('.').unwrap();
    assert_eq!(state, text);
    let tag = tag.trim_end_matches('=').replace('+', "-").replace('/', "_");
    assert_ne!(base64url(&tag), signature(text));
    (value.to_owned(), tag)
}

/// CVE-2026-121802: the proxy signed the state with the secret itself. Any caller could so sign a session token, or the
/// text of a link that changes another user's address.
#[tokio::test]
async fn cve_2026_121802_the_signature_of_a_state_is_valid_for_nothing_else() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__BEARER__REQUIRE_SIGNATURE", "true")
        .start();
    let token = verification(&server).await;
    follow(&server, &token, "/").await;
    let session = server.shown("select token from session").unwrap();
    let signed = [sign(&server, &session).await, sign(&server, LINK).await];

    let stranger = server.anonymous();
    let cookie = format!("better-auth.session_token={}", signed[0].0);
    let answer = stranger
        .get("/get-session")
        .header("cookie", &cookie)
        .send()
        .await;
    assert_eq!(answer.json(), Value::Null);
    let bearer = format!("Bearer {}", signed[0].0);
    let answer = stranger
        .get("/get-session")
        .header("authorization", &bearer)
        .send()
        .await;
    assert_eq!(answer.json(), Value::Null);
    let answer = stranger
        .get(&format!("/verify-email?token={LINK}.{}", signed[1].1))
        .send()
        .await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "INVALID_TOKEN"));
    assert_eq!(
        server.rows(r#"select from "user" where email = 'eve@example.com'"#),
        0
    );
}
