//! Codes that new users are sent.

use super::*;

fn kinds(server: &TestServer) -> Vec<MessageKind> {
    let messages = server.mailbox.messages();
    messages.iter().map(|message| message.kind).collect()
}

#[tokio::test]
async fn a_new_user_is_sent_a_code_if_the_deployment_says_so() {
    let server = with_plugin()
        .set(
            "PORTCULLIS_PLUGINS__EMAIL_OTP__SEND_VERIFICATION_ON_SIGN_UP",
            "true",
        )
        .start();
    let ada = server.signed_up("ada").await;
    let message = server.mailbox.next(ADA).await;
    assert_eq!(message.kind, MessageKind::EmailVerificationOtp);
    let body = json!({ "email": ADA, "otp": message.code });
    let answer = post(&ada, "/email-otp/verify-email", body).await;
    assert_eq!(answer.json()["user"]["emailVerified"], true);
}

#[tokio::test]
async fn codes_replace_the_links_that_verify_addresses() {
    let server = with_plugin()
        .set(
            "PORTCULLIS_PLUGINS__EMAIL_OTP__OVERRIDE_DEFAULT_EMAIL_VERIFICATION",
            "true",
        )
        .set("PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let message = server.mailbox.next(ADA).await;
    assert_eq!(
        (message.kind, message.url),
        (MessageKind::EmailVerificationOtp, String::new())
    );
    let answer = post(&ada, "/send-verification-email", json!({ "email": ADA })).await;
    assert_eq!(answer.json(), json!({ "status": true }));
    let newer = server.mailbox.next(ADA).await.code;
    let body = json!({ "email": ADA, "otp": newer });
    assert_eq!(post(&ada, "/email-otp/verify-email", body).await.status, 200);
}

#[tokio::test]
async fn links_still_confirm_changes_of_the_address() {
    let server = with_plugin()
        .set(
            "PORTCULLIS_PLUGINS__EMAIL_OTP__OVERRIDE_DEFAULT_EMAIL_VERIFICATION",
            "true",
        )
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    server.execute(r#"update "user" set "emailVerified" = true"#);
    let body = json!({ "newEmail": "countess@example.com" });
    assert_eq!(post(&ada, "/change-email", body).await.status, 200);
    server.wait_until_delivered().await;
    assert!(!kinds(&server).contains(&MessageKind::EmailVerificationOtp));
    assert!(!kinds(&server).is_empty());
}
