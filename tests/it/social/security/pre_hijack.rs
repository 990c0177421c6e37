//! An attacker creates a user with the address of another person, by an account at a provider that verifies no addresses.
//! The first proof of the address by its owner ends that account.

use portcullis_testkit::{Caller, MockProvider, TestServer};
use serde_json::json;

use crate::social::{
    SESSIONS,
    flow::{self, Flow, is_signed_in, open},
    location, server_with, with_provider,
};

const ADA: &str = "ada@example.com";
const LINKED: &str = "select from account where \"providerId\" <> 'credential'";
const PASSWORDS: &str = "select from account where \"providerId\" = 'credential'";
const UNVERIFIED: &str = r#"select from "user" where not "emailVerified""#;
const NOT_LINKED: &str = "/failed?error=account_not_linked";
const SENDS: &str = "PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP";
const OVERRIDES: &str = "PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__OVERRIDE_USER_INFO_ON_SIGN_IN";

/// Google, which has not verified the address of its user.
fn unverifying() -> MockProvider {
    let mock = MockProvider::for_provider("google");
    mock.set_email_verified(false);
    mock
}

/// The attacker signs up with the provider.
async fn signed_up(server: &TestServer, mock: &MockProvider) -> Caller {
    let (attacker, answer) = flow::sign_in(server, mock).await;
    assert_eq!(location(&answer), "/welcome", "{answer}");
    assert_eq!(server.rows(UNVERIFIED), 1);
    attacker
}

/// Sets a password by the link that is sent to the address.
async fn reset_password(server: &TestServer) {
    let owner = server.anonymous();
    let asked = owner.post("/request-password-reset", &json!({ "email": ADA }));
    assert_eq!(asked.send().await.status, 200);
    let token = server.mailbox.next(ADA).await.token;
    let body = json!({ "token": token, "newPassword": "password5678" });
    let answer = owner.post("/reset-password", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
}

async fn follow(browser: &Caller, server: &TestServer) {
    let token = server.mailbox.next(ADA).await.token;
    let answer = browser.get(&format!("/verify-email?token={token}")).send().await;
    assert_eq!(answer.status, 200, "{answer}");
}

/// The account of the attacker is gone, and cannot be used again.
async fn assert_shut_out(server: &TestServer, mock: &MockProvider, attacker: &Caller) {
    assert!(!is_signed_in(attacker).await);
    let linked = server.rows(LINKED);
    let (browser, answer) = flow::sign_in(server, mock).await;
    assert_eq!(location(&answer), NOT_LINKED, "{answer}");
    assert!(!is_signed_in(&browser).await);
    assert_eq!(server.rows(LINKED), linked);
}

#[tokio::test]
async fn an_account_at_another_provider_ends_when_a_provider_proves_the_address() {
    let (google, gitlab) = (unverifying(), MockProvider::for_provider("gitlab"));
    gitlab.set_email_verified(true);
    let server = with_provider(server_with("google", &google), "gitlab", &gitlab).start();
    let attacker = signed_up(&server, &google).await;
    let body = json!({ "provider": "gitlab", "callbackURL": "/linked", "errorCallbackURL": "/failed" });
    let url = Flow::begin_with(&attacker, "/link-social", &body).await;
    assert_eq!(
        location(&open(&attacker, &gitlab.authorize(&url)).await),
        "/linked"
    );
    assert_eq!(server.rows(LINKED), 2);

    google.set_email_verified(true);
    let (owner, answer) = flow::sign_in(&server, &google).await;
    assert_eq!(location(&answer), "/done", "{answer}");
    assert!(is_signed_in(&owner).await);
    assert_eq!(server.rows(UNVERIFIED), 0);
    assert_eq!((server.rows(LINKED), server.rows(SESSIONS)), (1, 1));
    gitlab.set_email_verified(false);
    assert_shut_out(&server, &gitlab, &attacker).await;
}

#[tokio::test]
async fn an_account_at_a_provider_ends_when_the_owner_of_the_address_resets_the_password() {
    let mock = unverifying();
    let server = server_with("google", &mock).start();
    let attacker = signed_up(&server, &mock).await;
    reset_password(&server).await;
    assert_eq!((server.rows(LINKED), server.rows(PASSWORDS)), (0, 1));
    assert_shut_out(&server, &mock, &attacker).await;
}

#[tokio::test]
async fn a_reset_of_a_user_with_a_verified_address_keeps_the_accounts_at_providers() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock).start();
    assert_eq!(location(&flow::sign_in(&server, &mock).await.1), "/welcome");
    reset_password(&server).await;
    assert_eq!((server.rows(LINKED), server.rows(PASSWORDS)), (1, 1));
    assert_eq!(location(&flow::sign_in(&server, &mock).await.1), "/done");
}

#[tokio::test]
async fn an_account_at_a_provider_ends_when_the_owner_of_the_address_follows_the_link() {
    let mock = unverifying();
    let server = server_with("google", &mock).set(SENDS, "true").start();
    let attacker = signed_up(&server, &mock).await;
    follow(&server.anonymous(), &server).await;
    assert_eq!((server.rows(LINKED), server.rows(UNVERIFIED)), (0, 0));
    assert_shut_out(&server, &mock, &attacker).await;
}

/// A user who signs up with a provider that verifies no addresses follows the link there.
#[tokio::test]
async fn an_account_at_a_provider_stays_when_its_user_follows_the_link_in_the_own_session() {
    let mock = unverifying();
    let server = server_with("google", &mock).set(SENDS, "true").start();
    let user = signed_up(&server, &mock).await;
    follow(&user, &server).await;
    assert_eq!((server.rows(LINKED), server.rows(UNVERIFIED)), (1, 0));
    assert!(is_signed_in(&user).await);
    assert_eq!(location(&flow::sign_in(&server, &mock).await.1), "/done");
}

/// A person with one of two factors must change nothing of the user.
#[tokio::test]
async fn a_sign_in_that_stops_at_the_second_factor_changes_nothing() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock)
        .set(OVERRIDES, "true")
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .set(
            "PORTCULLIS_PLUGINS__TWO_FACTOR__SKIP_VERIFICATION_ON_ENABLE",
            "true",
        )
        .start();
    let ada = server.signed_up("ada").await;
    server.execute(r#"update "user" set "emailVerified" = true"#);
    assert_eq!(location(&flow::sign_in(&server, &mock).await.1), "/done");
    let body = json!({ "password": "password1234" });
    let answer = ada.post("/two-factor/enable", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");

    server.execute(r#"update "user" set "emailVerified" = false, name = 'before'"#);
    let sessions = server.rows(SESSIONS);
    let (browser, _) = flow::sign_in(&server, &mock).await;
    assert!(!is_signed_in(&browser).await);
    let unchanged = r#"select from "user" where not "emailVerified" and name = 'before'"#;
    assert_eq!(server.rows(unchanged), 1);
    assert_eq!((server.rows(PASSWORDS), server.rows(SESSIONS)), (1, sessions));

    server.execute(r#"update "user" set "twoFactorEnabled" = false"#);
    let (browser, answer) = flow::sign_in(&server, &mock).await;
    assert_eq!(location(&answer), "/done", "{answer}");
    let session = browser.get("/get-session").send().await.json();
    assert_eq!(session["user"]["emailVerified"], true, "{session}");
    assert_ne!(session["user"]["name"], "before", "{session}");
    assert_eq!((server.rows(PASSWORDS), server.rows(SESSIONS)), (0, 1));
}
