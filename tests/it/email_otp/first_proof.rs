//! What another person prepared ends with the first proof of the address (GHSA-qq9h-g4jm-xgf3).

use super::*;

#[tokio::test]
async fn the_first_sign_in_with_a_code_ends_the_password_and_the_sessions_of_before() {
    let server = with_plugin().start();
    let attacker = server.signed_up("ada").await;
    let code = code(&server, SIGN_IN).await;
    assert_eq!(sign_in(&server.anonymous(), ADA, &code).await.status, 200);
    assert_eq!(session(&attacker).await, Value::Null);
    let body = json!({ "email": ADA, "password": PASSWORD });
    assert_eq!(post(&attacker, "/sign-in/email", body).await.status, 401);
}

#[tokio::test]
async fn the_first_verification_with_a_code_ends_other_sessions() {
    let server = with_plugin().start();
    let (attacker, user) = (server.signed_up("ada").await, server.signed_in("ada").await);
    let code = code(&server, VERIFICATION).await;
    let answer = post(
        &user,
        "/email-otp/verify-email",
        json!({ "email": ADA, "otp": code }),
    )
    .await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(session(&attacker).await, Value::Null);
    assert_eq!(session(&user).await["user"]["emailVerified"], true);
}

#[tokio::test]
async fn the_first_reset_with_a_code_ends_all_sessions() {
    let server = with_plugin().start();
    let attacker = server.signed_up("ada").await;
    let code = code(&server, RESET).await;
    let body = json!({ "email": ADA, "otp": code, "password": "password5678" });
    let answer = post(&server.anonymous(), "/email-otp/reset-password", body).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(session(&attacker).await, Value::Null);
}

#[tokio::test]
async fn an_api_key_of_before_the_first_sign_in_with_a_code_ends() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_SESSION_FOR_API_KEYS", "true")
        .start();
    let attacker = server.signed_up("ada").await;
    let key = post(&attacker, "/api-key/create", json!({})).await.json()["key"].clone();
    let key = key.as_str().unwrap();
    let with_key = async || {
        let client = server.anonymous();
        client.get("/get-session").header("x-api-key", key).send().await
    };
    assert_eq!(with_key().await.json()["user"]["email"], ADA);
    let code = code(&server, SIGN_IN).await;
    assert_eq!(sign_in(&server.anonymous(), ADA, &code).await.status, 200);
    let answer = with_key().await;
    assert_ne!(answer.json()["user"]["email"], ADA, "{answer}");
    assert_eq!(server.rows(r#"select 1 from "apikey""#), 0);
}
