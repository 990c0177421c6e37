//! Links that a signed-in user requests: never to an account that another user owns.

use portcullis_testkit::{Answer, Caller, MockProvider, TestServerBuilder};
use serde_json::{Value, json};

use crate::social::{
    flow::{self, Flow, open},
    location, server_with,
};

const LINKED: &str = "select from account where \"providerId\" <> 'credential'";

/// Starts a link in the browser of a user, and lets the user approve.
async fn link(browser: &Caller, mock: &MockProvider) -> Answer {
    let body = json!({ "provider": mock.id(), "callbackURL": "/linked", "errorCallbackURL": "/failed" });
    let url = Flow::begin_with(browser, "/link-social", &body).await;
    open(browser, &mock.authorize(&url)).await
}

fn with_different_emails(mock: &MockProvider) -> TestServerBuilder {
    server_with("google", mock).set(
        "PORTCULLIS_ACCOUNT__ACCOUNT_LINKING__ALLOW_DIFFERENT_EMAILS",
        "true",
    )
}

/// The owner of an account, by the user's address.
const OWNER: &str =
    r#"select email from "user", account where "user".id = "userId" and "providerId" = 'google'"#;

#[tokio::test]
async fn an_account_of_another_user_is_not_linked() {
    let mock = MockProvider::for_provider("google");
    let server = with_different_emails(&mock).start();
    assert_eq!(location(&flow::sign_in(&server, &mock).await.1), "/welcome");
    let eve = server.signed_up("eve").await;
    let answer = link(&eve, &mock).await;
    let error = "/failed?error=account_already_linked_to_different_user";
    assert_eq!(location(&answer), error, "{answer}");
    assert_eq!(server.rows(LINKED), 1);
    assert_eq!(server.shown(OWNER).as_deref(), Some("ada@example.com"));
    let session = eve.get("/get-session").send().await.json();
    assert_eq!(session["user"]["email"], "eve@example.com");

    let body = json!({ "provider": "google", "idToken": { "token": mock.id_token(&json!({})) } });
    let answer = eve.post("/link-social", &body).send().await;
    assert!(answer.status >= 400, "{answer}");
    assert_eq!(server.rows(LINKED), 1);
    assert_eq!(server.shown(OWNER).as_deref(), Some("ada@example.com"));
}

#[tokio::test]
async fn an_account_with_another_address_is_linked_only_if_it_is_allowed() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock).start();
    let eve = server.signed_up("eve").await;
    let answer = link(&eve, &mock).await;
    assert_eq!(
        location(&answer),
        "/failed?error=email_doesn%27t_match",
        "{answer}"
    );
    assert_eq!(server.rows(LINKED), 0);

    let allowing = with_different_emails(&mock).replica_of(&server).start();
    let eve = allowing.signed_in("eve").await;
    assert_eq!(location(&link(&eve, &mock).await), "/linked");
    assert_eq!(server.shown(OWNER).as_deref(), Some("eve@example.com"));
    let accounts: Value = eve.get("/list-accounts").send().await.json();
    assert_eq!(accounts.as_array().map(Vec::len), Some(2), "{accounts}");
}

/// The state of a link names the user: the answer does not sign another browser in, and links nothing for it.
#[tokio::test]
async fn a_link_of_one_user_is_not_finished_by_another() {
    let mock = MockProvider::for_provider("google");
    let server = with_different_emails(&mock).start();
    let (eve, bob) = (server.signed_up("eve").await, server.signed_up("bob").await);
    let body = json!({ "provider": "google", "callbackURL": "/linked", "errorCallbackURL": "/failed" });
    let url = Flow::begin_with(&eve, "/link-social", &body).await;
    let answer = open(&bob, &mock.authorize(&url)).await;
    assert_eq!(flow::error_of(&answer), "state_mismatch", "{answer}");
    assert_eq!(server.rows(LINKED), 0);
    assert_eq!(mock.token_requests().len(), 0);
}
