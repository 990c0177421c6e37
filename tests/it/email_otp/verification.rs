//! Verification of addresses with codes.

use super::*;

async fn verify(caller: &Caller, otp: &str) -> Answer {
    post(
        caller,
        "/email-otp/verify-email",
        json!({ "email": "Ada@Example.com", "otp": otp }),
    )
    .await
}

#[tokio::test]
async fn a_code_verifies_the_address_without_signing_in() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let code = code(&server, VERIFICATION).await;
    let client = server.anonymous();
    assert_snapshot!(verify(&client, &code).await);
    assert_eq!(session(&client).await, Value::Null);
    assert_eq!(
        outcome(&verify(&client, &code).await),
        rejected(400, "INVALID_OTP")
    );
}

#[tokio::test]
async fn an_administrator_who_impersonates_a_user_verifies_no_address() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let admin = server.signed_up("admin").await;
    server.execute(r#"update "user" set role = 'admin'"#);
    let ada = server.signed_up("ada").await;
    let body = json!({ "userId": session(&ada).await["user"]["id"] });
    let impersonation = post(&admin, "/admin/impersonate-user", body).await;
    assert_eq!(impersonation.status, 200, "{impersonation}");
    let code = code(&server, VERIFICATION).await;
    let expected = rejected(403, "NOT_ALLOWED_WHILE_IMPERSONATING");
    assert_eq!(outcome(&verify(&admin, &code).await), expected);
    assert_eq!(session(&ada).await["user"]["emailVerified"], false);
    assert_eq!(verify(&ada, &code).await.status, 200);
}

#[tokio::test]
async fn a_code_signs_in_if_the_deployment_says_so() {
    let server = with_plugin()
        .set(
            "PORTCULLIS_EMAIL_VERIFICATION__AUTO_SIGN_IN_AFTER_VERIFICATION",
            "true",
        )
        .start();
    server.signed_up("ada").await;
    let code = code(&server, VERIFICATION).await;
    let client = server.anonymous();
    let answer = verify(&client, &code).await;
    let session = session(&client).await;
    assert_eq!(answer.json()["token"], session["session"]["token"]);
    assert_eq!(session["user"]["email"], ADA);
}

#[tokio::test]
async fn the_session_cookie_cache_contains_the_verified_address() {
    let server = with_plugin()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let code = code(&server, VERIFICATION).await;
    assert_eq!(verify(&ada, &code).await.status, 200);
    assert_eq!(session(&ada).await["user"]["emailVerified"], true);
}
