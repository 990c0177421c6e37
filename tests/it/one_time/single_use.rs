//! The class of CVE-2026-53518: twenty parallel requests with one token, on two servers with one database. One
//! succeeds, and its effect happens once.

use futures_util::future::join_all;
use portcullis_domain::verification::Purpose;
use portcullis_testkit::{Answer, TestServer};

use super::{IssuedToken, generous};

const ROUNDS: usize = 50;
const REQUESTS: usize = 20;

/// Uses one token many times in parallel on two servers, each request on its own connection.
async fn use_in_parallel(servers: [&TestServer; 2], issued: &IssuedToken) -> Vec<Answer> {
    let barrier = tokio::sync::Barrier::new(REQUESTS);
    let requests = (0..REQUESTS).map(|number| {
        let (barrier, server) = (&barrier, servers[number % 2]);
        async move {
            barrier.wait().await;
            issued.redeem(server).await
        }
    });
    join_all(requests).await
}

/// Returns how often the token's effect has happened, according to the stored rows and messages.
fn effects(server: &TestServer, issued: &IssuedToken) -> i64 {
    let name = &issued.name;
    let user = format!(r#"select id from "user" where email like '{name}%'"#);
    match issued.purpose {
        // A reset ends the sessions, so that of the sign-up is gone. A second request finds no token.
        Purpose::PasswordReset => {
            1 - server.rows(&format!(r#"select from session where "userId" in ({user})"#))
        }
        Purpose::AccountDeletion => 1 - server.rows(&user),
        // The session of the request that verified the address. The verification ended that of the sign-up.
        Purpose::EmailVerification => {
            server.rows(&format!(r#"select from session where "userId" in ({user})"#))
        }
        Purpose::EmailChangeConfirmation => i64::try_from(
            server
                .mailbox
                .messages()
                .iter()
                .filter(|message| message.to == format!("{name}-new@example.com"))
                .count(),
        )
        .unwrap(),
        Purpose::EmailChangeVerification => server.rows(&format!("{user} and email like '%-new@%'")),
        // Tests of sign-in with providers show the session of the one request.
        Purpose::AuthorizationState => 1 - i64::from(issued.is_stored(server)),
        Purpose::TwoFactorChallenge | Purpose::TrustedDevice | Purpose::TokenRefresh => {
            panic!("no endpoint accepts the token")
        }
    }
}

async fn use_once(purpose: Purpose) {
    let one = generous().start();
    let other = generous().replica_of(&one).start();
    for round in 0..ROUNDS {
        let issued = IssuedToken::make(&one, purpose, &format!("round{round}x")).await;
        let answers = use_in_parallel([&one, &other], &issued).await;
        let successes = answers
            .iter()
            .filter(|answer| issued.was_redeemed(answer))
            .count();
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(successes, 1, "{purpose:?}, round {round}: {statuses:?}");
        assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
        if purpose == Purpose::EmailChangeConfirmation {
            one.wait_until_delivered().await;
            other.wait_until_delivered().await;
        }
        assert_eq!(effects(&one, &issued), 1, "{purpose:?}, round {round}");
    }
}

#[tokio::test]
async fn a_password_is_reset_once() {
    use_once(Purpose::PasswordReset).await;
}

#[tokio::test]
async fn an_account_is_deleted_once() {
    use_once(Purpose::AccountDeletion).await;
}

#[tokio::test]
async fn a_link_signs_in_once() {
    use_once(Purpose::EmailVerification).await;
}

#[tokio::test]
async fn a_change_is_confirmed_once() {
    use_once(Purpose::EmailChangeConfirmation).await;
}

#[tokio::test]
async fn an_address_is_changed_once() {
    use_once(Purpose::EmailChangeVerification).await;
}

#[tokio::test]
async fn a_request_to_a_provider_is_finished_once() {
    use_once(Purpose::AuthorizationState).await;
}
