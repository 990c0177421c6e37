//! Answers do not reveal which addresses have users.

use super::*;

const EVE: &str = "eve@example.com";

fn without_sign_up() -> TestServerBuilder {
    with_plugin().set("PORTCULLIS_PLUGINS__EMAIL_OTP__DISABLE_SIGN_UP", "true")
}

#[tokio::test]
async fn a_request_is_answered_alike_and_only_users_receive_a_code() {
    let server = without_sign_up().start();
    server.signed_up("ada").await;
    for kind in [SIGN_IN, VERIFICATION, RESET] {
        let (known, unknown) = (send(&server, kind, ADA).await, send(&server, kind, EVE).await);
        assert_eq!(known.to_string(), unknown.to_string(), "{kind}");
    }
    for path in ["/email-otp/request-password-reset", "/forget-password/email-otp"] {
        let [known, unknown] = [ADA, EVE].map(|email| json!({ "email": email }));
        let client = server.anonymous();
        let (known, unknown) = (
            post(&client, path, known).await,
            post(&client, path, unknown).await,
        );
        assert_eq!(known.to_string(), unknown.to_string(), "{path}");
    }
    server.wait_until_delivered().await;
    let messages = server.mailbox.messages();
    assert!(messages.iter().all(|message| message.to == ADA), "{messages:?}");
    assert_eq!(messages.len(), 5);
}

/// A code is stored for an unknown address too, so that the number of guesses is limited in the same way.
#[tokio::test]
async fn guesses_are_answered_alike() {
    let server = without_sign_up().start();
    server.signed_up("ada").await;
    let client = server.anonymous();
    for kind in [SIGN_IN, VERIFICATION, RESET] {
        for email in [ADA, EVE] {
            send(&server, kind, email).await;
        }
        let right = server.mailbox.next(ADA).await.code;
        let otp = wrong(&right);
        for _ in 0..5 {
            let mut answers = Vec::new();
            for email in [ADA, EVE] {
                let answer = match kind {
                    SIGN_IN => sign_in(&client, email, &otp).await,
                    VERIFICATION => {
                        let body = json!({ "email": email, "otp": otp });
                        post(&client, "/email-otp/verify-email", body).await
                    }
                    _ => {
                        let body = json!({ "email": email, "otp": otp, "password": PASSWORD });
                        post(&client, "/email-otp/reset-password", body).await
                    }
                };
                answers.push(answer.to_string());
            }
            assert_eq!(answers.first(), answers.last(), "{kind}");
        }
        server.clock.advance(TimeDelta::minutes(16));
    }
}

#[tokio::test]
async fn a_right_code_of_an_address_without_a_user_is_wrong() {
    let server = with_plugin().start();
    send(&server, SIGN_IN, EVE).await;
    let code = server.mailbox.next(EVE).await.code;
    let answer = check(&server, SIGN_IN, EVE, &code).await;
    assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
    let slept = server.clock.slept();
    assert!(!slept.is_empty(), "the answer leaves after the minimum time");
    assert_eq!(sign_in(&server.anonymous(), EVE, &code).await.status, 200);
}
