//! Ways around the second factor. In a pending challenge, a client has no session, by any header or cookie.

use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

use super::{ADA, PASSWORD, challenged, cookie, post, protected, session, with_plugin};

fn with_everything() -> TestServerBuilder {
    with_plugin()
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__USERNAME__ENABLED", "true")
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
}

/// Asserts that the answer asks for the second factor and gives no session: not by a cookie, not by a header.
fn assert_no_session(answer: &Answer) {
    assert_eq!(answer.body, r#"{"twoFactorRedirect":true}"#, "{answer}");
    for line in answer.cookies() {
        let is_session = line.contains("session_token") || line.contains("session_data");
        assert!(!is_session || line.contains("Max-Age=0"), "{line}");
    }
    for header in ["set-auth-token", "set-auth-jwt"] {
        assert!(!answer.headers.iter().any(|(name, _)| name == header), "{answer}");
    }
}

async fn assert_pending(server: &TestServer, client: &Caller) {
    assert_eq!(session(client).await, Value::Null);
    assert_eq!(client.get("/token").send().await.status, 401);
    assert_eq!(client.get("/list-sessions").send().await.status, 401);
    let update = client.post("/update-user", &json!({ "name": "x" })).send().await;
    assert_eq!(update.status, 401);
    let challenge = cookie(client, "two_factor").unwrap();
    for token in [&challenge, challenge.split('.').next().unwrap()] {
        let bearer = server.anonymous();
        let answer = bearer
            .get("/get-session")
            .header("authorization", &format!("Bearer {token}"));
        assert_eq!(answer.send().await.json(), Value::Null);
    }
}

/// GHSA-xg6x-h9c9-2m83: Better Auth sent the session and its cookie cache before the second factor.
#[tokio::test]
async fn a_challenge_gives_no_session_by_cookie_cache_or_header() {
    let server = with_everything().start();
    protected(&server, "ada").await;
    let client = server.anonymous();
    let body = json!({ "email": ADA, "password": PASSWORD });
    let answer = client.post("/sign-in/email", &body).send().await;
    assert_no_session(&answer);
    assert_eq!(
        server.rows("select from session"),
        1,
        "only the session of the enrolment"
    );
    assert_pending(&server, &client).await;
}

#[tokio::test]
async fn a_sign_in_by_user_name_asks_for_the_second_factor() {
    let server = with_everything().start();
    let ada = protected(&server, "ada").await;
    let named = ada
        .caller
        .post("/update-user", &json!({ "username": "ada_l" }))
        .send()
        .await;
    assert_eq!(named.status, 200, "{named}");
    let client = server.anonymous();
    let body = json!({ "username": "Ada_L", "password": PASSWORD });
    assert_no_session(&client.post("/sign-in/username", &body).send().await);
    assert_pending(&server, &client).await;
}

/// Better Auth signs the user in by the link of an e-mail verification without a second factor.
#[tokio::test]
async fn a_verification_link_that_signs_in_asks_for_the_second_factor() {
    let server = with_everything()
        .set(
            "PORTCULLIS_EMAIL_VERIFICATION__AUTO_SIGN_IN_AFTER_VERIFICATION",
            "true",
        )
        .start();
    let ada = protected(&server, "ada").await;
    let sent = ada
        .caller
        .post("/send-verification-email", &json!({ "email": ADA }))
        .send()
        .await;
    assert_eq!(sent.status, 200, "{sent}");
    let token = server.mailbox.next(ADA).await.token;
    let client = server.anonymous();
    let answer = client.get(&format!("/verify-email?token={token}")).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    assert!(
        answer.cookies().any(|line| line.contains("two_factor=")),
        "{answer}"
    );
    assert_eq!(session(&client).await, Value::Null);
    assert_pending(&server, &client).await;
}

#[tokio::test]
async fn a_password_reset_does_not_disable_the_second_factor() {
    let server = with_everything().start();
    protected(&server, "ada").await;
    let client = server.anonymous();
    client
        .post("/request-password-reset", &json!({ "email": ADA }))
        .send()
        .await;
    let token = server.mailbox.next(ADA).await.token;
    let body = json!({ "newPassword": "password5678", "token": token });
    assert_eq!(client.post("/reset-password", &body).send().await.status, 200);
    let body = json!({ "email": ADA, "password": "password5678" });
    assert_no_session(&client.post("/sign-in/email", &body).send().await);
    assert_pending(&server, &client).await;
}

#[tokio::test]
async fn a_challenge_clears_the_cookies_of_an_older_session_and_leaves_the_session() {
    let server = with_everything().start();
    let ada = protected(&server, "ada").await;
    let browser = server.signed_up("bob").await;
    let body = json!({ "email": ADA, "password": PASSWORD });
    assert_no_session(&browser.post("/sign-in/email", &body).send().await);
    assert!(cookie(&browser, "session_token").is_none());
    assert_eq!(server.rows("select from session"), 2);
    assert_ne!(session(&ada.caller).await, Value::Null);
}

/// A signed value is rejected in a cookie of another name.
#[tokio::test]
async fn signed_cookies_do_not_work_under_each_others_names() {
    let server = with_everything().start();
    let ada = protected(&server, "ada").await;
    let client = challenged(&server, "ada").await;
    let code = ada.code(&server, 0);
    post(
        &client,
        "verify-totp",
        json!({ "code": code, "trustDevice": true }),
    )
    .await;
    let device = cookie(&client, "trust_device").unwrap();
    let session_token = cookie(&client, "session_token").unwrap();
    let pending = cookie(&challenged(&server, "ada").await, "two_factor").unwrap();
    for (name, value) in [
        ("two_factor", &device),
        ("two_factor", &session_token),
        ("session_token", &pending),
        ("session_token", &device),
    ] {
        let thief = server.anonymous();
        thief.set_cookie(&format!("better-auth.{name}"), value);
        let code = ada.code(&server, 1);
        let answer = post(&thief, "verify-totp", json!({ "code": code })).await;
        assert_eq!(
            answer.json()["code"],
            "INVALID_TWO_FACTOR_COOKIE",
            "{name}: {answer}"
        );
        assert_eq!(session(&thief).await, Value::Null, "{name}");
    }
    for value in [&pending, &session_token] {
        let thief = server.anonymous();
        thief.set_cookie("better-auth.trust_device", value);
        let body = json!({ "email": ADA, "password": PASSWORD });
        assert_no_session(&thief.post("/sign-in/email", &body).send().await);
    }
}
