//! Different one-time tokens of one user, used in parallel: one may revoke the others, but none makes another fail by
//! waiting for a lock.

use futures_util::future::join_all;
use portcullis_domain::verification::Purpose;
use portcullis_testkit::{Answer, TestServer};
use serde_json::json;

use super::{TokenInput, generous};

const ROUNDS: usize = 20;

/// Requests a token for this purpose for Ada, and returns it.
async fn request_token(server: &TestServer, cookies: &str, purpose: Purpose) -> String {
    let (path, body, to) = match purpose {
        Purpose::PasswordReset => (
            "/request-password-reset",
            json!({ "email": "ada@example.com" }),
            "ada@example.com",
        ),
        Purpose::EmailVerification => (
            "/send-verification-email",
            json!({ "email": "ada@example.com" }),
            "ada@example.com",
        ),
        Purpose::AccountDeletion => ("/delete-user", json!({}), "ada@example.com"),
        Purpose::EmailChangeConfirmation | Purpose::EmailChangeVerification => (
            "/change-email",
            json!({ "newEmail": "countess@example.com" }),
            "countess@example.com",
        ),
        Purpose::TwoFactorChallenge
        | Purpose::TrustedDevice
        | Purpose::TokenRefresh
        | Purpose::AuthorizationState => {
            panic!("no message contains the token")
        }
    };
    let call = server.anonymous();
    let asked = call.post(path, &body).header("cookie", cookies).send().await;
    assert_eq!(asked.status, 200, "{purpose:?}: {asked}");
    server.mailbox.next(to).await.token
}

/// Uses these tokens in parallel on two servers, while Ada signs in.
async fn use_all(servers: [&TestServer; 2], tokens: &[(Purpose, String)], cookies: &str) -> Vec<Answer> {
    let barrier = tokio::sync::Barrier::new(tokens.len() + 2);
    let shown = join_all(tokens.iter().enumerate().map(async |(number, (purpose, token))| {
        barrier.wait().await;
        let input = TokenInput::of(*purpose).unwrap();
        input.show(servers[number % 2], token, cookies).await
    }));
    let signed_in = join_all(servers.map(async |server| {
        let body = json!({ "email": "ada@example.com", "password": "password1234" });
        barrier.wait().await;
        server.anonymous().post("/sign-in/email", &body).send().await
    }));
    let (mut answers, others) = futures_util::future::join(shown, signed_in).await;
    answers.extend(others);
    answers
}

async fn cross(purposes: &[Purpose]) {
    let one = generous().start();
    let other = generous().replica_of(&one).start();
    for round in 0..ROUNDS {
        let ada = one.signed_up("ada").await;
        let cookies = ada.cookies();
        let mut tokens = Vec::new();
        for purpose in purposes {
            tokens.push((*purpose, request_token(&one, &cookies, *purpose).await));
        }
        let answers = use_all([&one, &other], &tokens, &cookies).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        assert!(
            statuses.iter().all(|status| *status < 500),
            "round {round}: {statuses:?}"
        );
        one.execute(r#"delete from "user"; delete from verification"#);
    }
}

#[tokio::test]
async fn parallel_reset_tokens_of_one_user_are_all_answered() {
    cross(&[Purpose::PasswordReset; 6]).await;
}

#[tokio::test]
async fn parallel_tokens_for_different_purposes_are_all_answered() {
    cross(&[
        Purpose::PasswordReset,
        Purpose::AccountDeletion,
        Purpose::EmailVerification,
        Purpose::EmailChangeVerification,
    ])
    .await;
}
