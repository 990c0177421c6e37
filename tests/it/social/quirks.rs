//! Deviations of single providers from OAuth and OpenID Connect, handled as in Better Auth.

use portcullis_testkit::{Answer, Fault, MockProvider, TestServer};
use serde_json::{Value, json};

use super::{
    ACCOUNTS, SESSIONS, USERS,
    flow::{self, Flow, body},
    location, server_with,
};

/// Signs a new user in with a provider whose answer at `path` has another value at a JSON pointer.
async fn with_answer(id: &str, path: &str, pointer: &str, value: Option<Value>) -> (TestServer, Answer) {
    let mock = MockProvider::for_provider(id);
    mock.edit(path, pointer, value);
    let server = server_with(id, &mock).start();
    let (_, answer) = flow::sign_in(&server, &mock).await;
    (server, answer)
}

/// Asserts that the user was not signed in, and that nothing was stored.
fn assert_refused(server: &TestServer, answer: &Answer, error: &str) {
    assert_eq!(location(answer), format!("/failed?error={error}"), "{answer}");
    for statement in [USERS, ACCOUNTS, SESSIONS] {
        assert_eq!(server.rows(statement), 0, "{statement}");
    }
}

#[tokio::test]
async fn a_blocked_user_of_gitlab_is_not_signed_in() {
    for (pointer, value) in [("/state", json!("blocked")), ("/locked", json!(true))] {
        let (server, answer) = with_answer("gitlab", "/api/v4/user", pointer, Some(value)).await;
        assert_refused(&server, &answer, "unable_to_get_user_info");
    }
}

#[tokio::test]
async fn an_answer_of_naver_without_success_is_rejected() {
    let code = Some(json!("024"));
    let (server, answer) = with_answer("naver", "/v1/nid/me", "/resultcode", code).await;
    assert_refused(&server, &answer, "unable_to_get_user_info");
}

#[tokio::test]
async fn a_user_of_vk_without_an_address_is_not_signed_in() {
    let (server, answer) = with_answer("vk", "/oauth2/user_info", "/user/email", None).await;
    assert_refused(&server, &answer, "unable_to_get_user_info");
}

#[tokio::test]
async fn a_user_of_github_without_an_address_is_not_signed_in() {
    let mock = MockProvider::for_provider("github");
    mock.edit("/user/emails", "/0/email", Some(Value::Null));
    mock.edit("/user/emails", "/1/email", Some(Value::Null));
    let server = server_with("github", &mock).start();
    let (_, answer) = flow::sign_in(&server, &mock).await;
    assert_refused(&server, &answer, "email_not_found");
}

#[tokio::test]
async fn an_address_of_kakao_is_verified_only_if_it_is_also_valid() {
    let valid = "/kakao_account/is_email_valid";
    let (server, answer) = with_answer("kakao", "/v2/user/me", valid, Some(json!(false))).await;
    assert_eq!(location(&answer), "/welcome");
    assert_eq!(server.rows(r#"select from "user" where not "emailVerified""#), 1);
}

#[tokio::test]
async fn a_user_of_x_without_a_confirmed_address_gets_the_user_name_as_address() {
    let (server, answer) = with_answer("twitter", "/2/users/me", "/data/confirmed_email", None).await;
    assert_eq!(location(&answer), "/welcome");
    let unverified = r#"select from "user" where email = 'ada' and not "emailVerified""#;
    assert_eq!(server.rows(unverified), 1);
}

#[tokio::test]
async fn a_user_of_notion_without_a_name_gets_a_default_name() {
    let (server, answer) = with_answer("notion", "/v1/users/me", "/bot/owner/user/name", None).await;
    assert_eq!(location(&answer), "/welcome");
    assert_eq!(server.rows(r#"select from "user" where name = 'Notion User'"#), 1);
}

/// Discord's default picture depends on the id or, for old accounts, on the discriminator.
#[tokio::test]
async fn a_user_of_discord_without_a_picture_gets_discords_default_picture() {
    for (discriminator, number) in [("0", 5), ("1337", 2)] {
        let mock = MockProvider::for_provider("discord");
        mock.edit("/api/users/@me", "/avatar", Some(Value::Null));
        mock.edit("/api/users/@me", "/discriminator", Some(json!(discriminator)));
        let server = server_with("discord", &mock).start();
        let (_, answer) = flow::sign_in(&server, &mock).await;
        assert_eq!(location(&answer), "/welcome");
        let image = server.shown(r#"select image from "user""#).unwrap();
        let expected = format!("https://cdn.discordapp.com/embed/avatars/{number}.png");
        assert_eq!(image, expected, "{discriminator}");
    }
}

/// GitHub reports errors of the token endpoint with the status 200.
#[tokio::test]
async fn an_error_of_github_with_the_status_200_is_an_error() {
    let mock = MockProvider::for_provider("github");
    mock.misbehave(Fault::ErrorAnswer);
    let server = server_with("github", &mock).start();
    let (_, answer) = flow::sign_in(&server, &mock).await;
    assert_refused(&server, &answer, "invalid_code");
}

/// Apple reports the name only at the first sign-in, and only in the answer to the browser.
#[tokio::test]
async fn a_user_of_apple_has_the_name_of_the_form() {
    let mock = MockProvider::for_provider("apple");
    let server = server_with("apple", &mock).start();
    let flow = Flow::start(&server, "apple").await;
    let nameless = flow::with_parameter(&mock.authorize(&flow.url), "user", None);
    let answer = flow::open(&flow.browser, &nameless).await;
    assert_eq!(location(&answer), "/welcome", "{answer}");
    assert_eq!(server.shown(r#"select name from "user""#).as_deref(), Some(" "));
}

#[tokio::test]
async fn scopes_of_the_client_are_requested_in_addition() {
    for (id, expected) in [
        ("google", "email profile openid calendar"),
        ("discord", "identify email calendar"),
        ("tiktok", "user.info.profile,calendar"),
        ("vercel", "calendar"),
    ] {
        let mock = MockProvider::for_provider(id);
        let server = server_with(id, &mock).start();
        let mut body = body(id);
        body["scopes"] = json!(["calendar"]);
        let url = Flow::begin_with(&server.anonymous(), "/sign-in/social", &body).await;
        assert_eq!(flow::parameter(&url, "scope"), expected, "{id}");
    }
}

#[tokio::test]
async fn an_account_with_a_password_has_no_account_info() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let accounts = ada.get("/list-accounts").send().await.json();
    let id = accounts[0]["accountId"].as_str().unwrap();
    let answer = ada.get(&format!("/account-info?accountId={id}")).send().await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "ACCOUNT_NOT_FOUND"),
        "{answer}"
    );
}
