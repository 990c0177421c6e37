//! The account of a sign-in in a cookie: `account.store_account_cookie`.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Caller, MockProvider, TestServerBuilder};
use serde_json::json;

use super::{
    flow::{Flow, sign_in},
    server_with,
};

const NAME: &str = "better-auth.account_data";
/// Tokens that only the cookie does not have.
const CHANGE_ROW: &str = r#"update account set "accessToken" = 'changed', "refreshToken" = 'changed'"#;

/// Returns a provider, and the settings of a server whose clients store accounts.
fn storing() -> (MockProvider, TestServerBuilder) {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock).set("PORTCULLIS_ACCOUNT__STORE_ACCOUNT_COOKIE", "true");
    (mock, server)
}

/// Returns the cookies of a response: their names without the prefix, and whether they are set or cleared.
fn shape(answer: &Answer) -> Vec<String> {
    let lines = answer.cookies().map(|line| {
        let (name, rest) = line.split_once('=').unwrap();
        let end = if rest.starts_with("; Max-Age=0;") {
            "gone"
        } else {
            "kept"
        };
        format!("{} {end}", name.trim_start_matches("better-auth."))
    });
    lines.collect()
}

fn jar(caller: &Caller) -> BTreeMap<String, String> {
    let cookies = caller.cookies();
    let pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

async fn access_token(caller: &Caller) -> Answer {
    let body = json!({ "providerId": "google" });
    caller.post("/get-access-token", &body).send().await
}

async fn account_info(caller: &Caller) -> Answer {
    caller.get("/account-info").send().await
}

fn assert_token(answer: &Answer, token: &str) {
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.json()["accessToken"], token, "{answer}");
}

#[tokio::test]
async fn a_sign_in_stores_the_account_before_the_session() {
    let (mock, server) = storing();
    let server = server.start();
    let (browser, answer) = sign_in(&server, &mock).await;
    assert_eq!(
        shape(&answer),
        ["account_data kept", "session_token kept", "state gone"]
    );
    let line = answer.cookies().next().unwrap();
    assert!(
        line.ends_with("; Max-Age=300; Path=/; HttpOnly; SameSite=Lax"),
        "{line}"
    );
    // An encrypted JWT, in which no token is readable.
    assert_eq!(jar(&browser)[NAME].split('.').count(), 5);

    let again = Flow::begin(&browser, "google").await;
    let answer = super::flow::open(&browser, &mock.authorize(&again)).await;
    let order = [
        "account_data gone",
        "account_data kept",
        "session_token kept",
        "state gone",
    ];
    assert_eq!(shape(&answer), order);
}

#[tokio::test]
async fn a_sign_in_stores_no_account_unless_the_option_is_set() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock).start();
    let (browser, answer) = sign_in(&server, &mock).await;
    assert_eq!(shape(&answer), ["session_token kept", "state gone"]);
    assert_eq!(account_info(&browser).await.code(), "ACCOUNT_NOT_FOUND");
    let answer = browser.post("/sign-out", &json!({})).send().await;
    assert_eq!(
        shape(&answer),
        ["session_token gone", "session_data gone", "dont_remember gone"]
    );
}

/// Signs a user in with an id token and an access token of this length.
async fn sign_in_with_token(browser: &Caller, mock: &MockProvider, length: usize) -> Answer {
    let id_token = json!({ "token": mock.id_token(&json!({})), "accessToken": "x".repeat(length) });
    let body = json!({ "provider": "google", "idToken": id_token });
    browser.post("/sign-in/social", &body).send().await
}

#[tokio::test]
async fn an_id_token_stores_the_account() {
    let (mock, server) = storing();
    let server = server.start();
    let browser = server.anonymous();
    let answer = sign_in_with_token(&browser, &mock, 10).await;
    assert_eq!(
        shape(&answer),
        ["account_data kept", "session_token kept"],
        "{answer}"
    );
    assert_token(&access_token(&browser).await, &"x".repeat(10));
}

#[tokio::test]
async fn the_stored_account_answers_until_it_expires() {
    let (mock, server) = storing();
    let server = server.start();
    let (browser, _) = sign_in(&server, &mock).await;
    let token = access_token(&browser).await;
    server.execute(CHANGE_ROW);
    let answer = access_token(&browser).await;
    assert_eq!((answer.status, &answer.body), (200, &token.body));
    assert_eq!(answer.cookies().count(), 0);
    let info = account_info(&browser).await;
    assert_eq!(info.json()["user"]["email"], "ada@example.com", "{info}");

    server.clock.advance(TimeDelta::seconds(315));
    assert_token(&access_token(&browser).await, "changed");
    assert_eq!(account_info(&browser).await.code(), "ACCOUNT_NOT_FOUND");
}

/// Unlinks the account of the provider.
async fn unlink(caller: &Caller) -> Answer {
    let body = json!({ "providerId": "google" });
    caller.post("/unlink-account", &body).send().await
}

#[tokio::test]
async fn an_unlinked_account_is_cleared_and_its_tokens_are_returned_to_no_browser() {
    let (mock, server) = storing();
    let server = server
        .set("PORTCULLIS_ACCOUNT__ACCOUNT_LINKING__ALLOW_UNLINKING_ALL", "true")
        .start();
    let (phone, _) = sign_in(&server, &mock).await;
    let (browser, _) = sign_in(&server, &mock).await;
    let kept = jar(&browser)[NAME].clone();
    let answer = unlink(&browser).await;
    assert_eq!(
        (answer.status, shape(&answer)),
        (200, vec!["account_data gone".to_owned()]),
        "{answer}"
    );
    browser.set_cookie(NAME, &kept);
    for caller in [&browser, &phone] {
        assert_eq!(access_token(caller).await.code(), "ACCOUNT_NOT_FOUND");
        assert_eq!(account_info(caller).await.code(), "ACCOUNT_NOT_FOUND");
    }
}

#[tokio::test]
async fn a_stored_account_stays_when_another_one_is_unlinked() {
    let (mock, server) = storing();
    let server = server.start();
    let (browser, _) = sign_in(&server, &mock).await;
    server.execute(
        r#"insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt")
           select 'other', '1', 'github', "userId", now(), now() from account"#,
    );
    let body = json!({ "providerId": "github" });
    let answer = browser.post("/unlink-account", &body).send().await;
    assert_eq!((answer.status, answer.cookies().count()), (200, 0), "{answer}");
    assert_eq!(access_token(&browser).await.status, 200);
}

#[tokio::test]
async fn a_long_account_is_stored_in_pieces_and_read_from_them() {
    let (mock, server) = storing();
    let server = server.start();
    let browser = server.anonymous();
    let answer = sign_in_with_token(&browser, &mock, 4000).await;
    let kept = ["account_data.0 kept", "account_data.1 kept", "session_token kept"];
    assert_eq!(shape(&answer), kept, "{answer}");
    assert_eq!(jar(&browser)[&format!("{NAME}.0")].len(), 3896);
    server.execute(CHANGE_ROW);
    assert_token(&access_token(&browser).await, &"x".repeat(4000));

    let answer = sign_in_with_token(&browser, &mock, 10).await;
    assert_eq!(
        shape(&answer),
        [
            "account_data.0 gone",
            "account_data.1 gone",
            "account_data kept",
            "session_token kept"
        ]
    );
    sign_in_with_token(&browser, &mock, 4000).await;
    let answer = browser.post("/sign-out", &json!({})).send().await;
    assert_eq!(
        shape(&answer),
        [
            "session_token gone",
            "session_data gone",
            "account_data gone",
            "account_data.0 gone",
            "account_data.1 gone",
            "dont_remember gone"
        ]
    );
}

#[tokio::test]
async fn an_account_above_three_pieces_is_read_from_the_database() {
    let (mock, server) = storing();
    let server = server.start();
    let browser = server.anonymous();
    sign_in_with_token(&browser, &mock, 10).await;
    let answer = sign_in_with_token(&browser, &mock, 9000).await;
    assert_eq!(
        shape(&answer),
        ["account_data gone", "session_token kept"],
        "{answer}"
    );
    assert_token(&access_token(&browser).await, &"x".repeat(9000));
}

#[tokio::test]
async fn the_stored_account_of_another_user_is_ignored() {
    let (mock, server) = storing();
    let server = server.start();
    let (ada, _) = sign_in(&server, &mock).await;
    let bob = server.signed_up("bob").await;
    bob.set_cookie(NAME, &jar(&ada)[NAME]);
    assert_eq!(access_token(&bob).await.code(), "ACCOUNT_NOT_FOUND");
    assert_eq!(account_info(&bob).await.code(), "ACCOUNT_NOT_FOUND");
    let body = json!({ "providerId": "google" });
    let answer = bob.post("/refresh-token", &body).send().await;
    assert_eq!(answer.code(), "ACCOUNT_NOT_FOUND");
    assert_eq!(mock.refreshes(), 0);
}

#[tokio::test]
async fn a_broken_cookie_is_ignored() {
    let (mock, server) = storing();
    let server = server.start();
    let (browser, _) = sign_in(&server, &mock).await;
    let value = jar(&browser)[NAME].clone();
    server.execute(CHANGE_ROW);
    for broken in ["x", &value[..value.len() - 4], ""] {
        browser.set_cookie(NAME, broken);
        assert_token(&access_token(&browser).await, "changed");
    }
}

#[tokio::test]
async fn the_stored_account_ends_with_the_session() {
    let (mock, server) = storing();
    let server = server.start();
    let (browser, _) = sign_in(&server, &mock).await;
    let cleared = [
        "session_token gone",
        "session_data gone",
        "account_data gone",
        "dont_remember gone",
    ];
    let kept = jar(&browser)[NAME].clone();
    let answer = browser.post("/sign-out", &json!({})).send().await;
    assert_eq!(shape(&answer), cleared);
    browser.set_cookie(NAME, &kept);
    assert_eq!(access_token(&browser).await.status, 401);

    let (browser, _) = sign_in(&server, &mock).await;
    server.execute("delete from session");
    let answer = browser.get("/get-session").send().await;
    assert_eq!(
        (answer.body.as_str(), shape(&answer)),
        ("null", cleared.map(str::to_owned).into())
    );
}

#[tokio::test]
async fn a_refresh_stores_the_account_again() {
    let (mock, server) = storing();
    let server = server
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__MAX_AGE", "7200")
        .start();
    let (browser, answer) = sign_in(&server, &mock).await;
    assert!(answer.cookies().next().unwrap().contains("; Max-Age=7200;"));
    let refreshed = ["account_data gone", "account_data kept"];
    let body = json!({ "providerId": "google" });
    let answer = browser.post("/refresh-token", &body).send().await;
    assert_eq!(shape(&answer), refreshed, "{answer}");
    let token = answer.json()["accessToken"].as_str().unwrap().to_owned();
    server.execute(r#"update account set "accessToken" = 'changed'"#);
    assert_token(&access_token(&browser).await, &token);

    server.clock.advance(TimeDelta::hours(1));
    mock.clock.advance(TimeDelta::hours(1));
    server.execute(&format!(r#"update account set "accessToken" = '{token}'"#));
    let answer = access_token(&browser).await;
    assert_eq!(shape(&answer), refreshed, "{answer}");
    assert_ne!(answer.json()["accessToken"], token.as_str());
    assert_eq!(mock.refreshes(), 2);
}

#[tokio::test]
async fn the_account_is_stored_again_with_the_session_cookie_cache_of_its_user() {
    let (mock, server) = storing();
    let server = server
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let (browser, _) = sign_in(&server, &mock).await;
    server.clock.advance(TimeDelta::seconds(200));
    let read = "/get-session?disableCookieCache=true";
    let answer = browser.get(read).send().await;
    let cookies = shape(&answer);
    assert!(
        cookies.ends_with(&["account_data gone".to_owned(), "account_data kept".to_owned()]),
        "{cookies:?}"
    );
    server.clock.advance(TimeDelta::seconds(200));
    server.execute(CHANGE_ROW);
    let answer = access_token(&browser).await;
    assert_ne!(answer.json()["accessToken"], "changed", "{answer}");

    let bob = server.signed_up("bob").await;
    bob.set_cookie(NAME, &jar(&browser)[NAME]);
    let cookies = shape(&bob.get(read).send().await);
    assert!(
        cookies.iter().all(|cookie| !cookie.starts_with("account_data")),
        "{cookies:?}"
    );
}

#[tokio::test]
async fn the_account_of_a_new_sign_in_replaces_the_earlier_one() {
    let (mock, server) = storing();
    let server = server
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let (browser, _) = sign_in(&server, &mock).await;
    let first = access_token(&browser).await.json()["accessToken"].clone();
    let url = Flow::begin(&browser, "google").await;
    super::flow::open(&browser, &mock.authorize(&url)).await;
    assert_ne!(access_token(&browser).await.json()["accessToken"], first);
}
