//! Reset of passwords with codes.

use super::*;

async fn reset(server: &TestServer, otp: &str, password: &str) -> Answer {
    let body = json!({ "email": "Ada@example.com", "otp": otp, "password": password });
    post(&server.anonymous(), "/email-otp/reset-password", body).await
}

async fn requested(server: &TestServer) -> String {
    let body = json!({ "email": "ADA@example.com" });
    let answer = post(&server.anonymous(), "/email-otp/request-password-reset", body).await;
    assert_eq!(answer.json(), json!({ "success": true }));
    server.mailbox.next(ADA).await.code
}

#[tokio::test]
async fn a_code_sets_a_new_password_and_verifies_the_address() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let code = requested(&server).await;
    let answer = reset(&server, &code, "password5678").await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "success": true })));
    let body = json!({ "email": ADA, "password": "password5678" });
    let answer = post(&server.anonymous(), "/sign-in/email", body).await;
    assert_eq!(answer.json()["user"]["emailVerified"], true);
    let again = reset(&server, &code, "password9999").await;
    assert_eq!(outcome(&again), rejected(400, "INVALID_OTP"));
}

#[tokio::test]
async fn a_rejected_password_does_not_use_the_code_up() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let code = requested(&server).await;
    for _ in 0..4 {
        let answer = reset(&server, &code, "short").await;
        assert_eq!(outcome(&answer), rejected(400, "PASSWORD_TOO_SHORT"));
    }
    let answer = reset(&server, &code, &"x".repeat(129)).await;
    assert_eq!(outcome(&answer), rejected(400, "PASSWORD_TOO_LONG"));
    let answer = reset(&server, &wrong(&code), "short").await;
    assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
    assert_eq!(reset(&server, &code, "password5678").await.status, 200);
}

#[tokio::test]
async fn a_user_without_a_password_gets_one() {
    let server = with_plugin().start();
    let code = code(&server, SIGN_IN).await;
    assert_eq!(sign_in(&server.anonymous(), ADA, &code).await.status, 200);
    let code = requested(&server).await;
    assert_eq!(reset(&server, &code, "password5678").await.status, 200);
    let body = json!({ "email": ADA, "password": "password5678" });
    assert_eq!(
        post(&server.anonymous(), "/sign-in/email", body).await.status,
        200
    );
}

#[tokio::test]
async fn sessions_of_a_verified_user_end_only_if_the_deployment_says_so() {
    for (revokes, is_kept) in [("false", true), ("true", false)] {
        let server = with_plugin()
            .set(
                "PORTCULLIS_EMAIL_AND_PASSWORD__REVOKE_SESSIONS_ON_PASSWORD_RESET",
                revokes,
            )
            .start();
        let ada = server.signed_up("ada").await;
        server.execute(r#"update "user" set "emailVerified" = true"#);
        let code = requested(&server).await;
        assert_eq!(reset(&server, &code, "password5678").await.status, 200);
        assert_eq!(session(&ada).await != Value::Null, is_kept);
    }
}

#[tokio::test]
async fn a_new_password_ends_the_codes_that_were_requested_with_the_old_one() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let (sign_in_code, reset_code) = (code(&server, SIGN_IN).await, requested(&server).await);
    let verification = code(&server, VERIFICATION).await;
    let body = json!({ "currentPassword": PASSWORD, "newPassword": "password5678" });
    assert_eq!(post(&ada, "/change-password", body).await.status, 200);
    let answer = sign_in(&server.anonymous(), ADA, &sign_in_code).await;
    assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
    let answer = reset(&server, &reset_code, "password9999").await;
    assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
    assert_eq!(check(&server, VERIFICATION, ADA, &verification).await.status, 200);
}
