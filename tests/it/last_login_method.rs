//! The plugin `last_login_method`.

use portcullis_testkit::{Answer, Caller, MockProvider, TestServer, TestServerBuilder};
use serde_json::{Value, json};

use crate::social::{flow, with_provider};

const PASSWORD: &str = "password1234";
const COOKIE: &str = "better-auth.last_used_login_method=";

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__LAST_LOGIN_METHOD__ENABLED", "true")
}

fn stored() -> TestServerBuilder {
    with_plugin().set("PORTCULLIS_PLUGINS__LAST_LOGIN_METHOD__STORE_IN_DATABASE", "true")
}

/// The whole line that sets the cookie.
fn line(answer: &Answer) -> Option<&str> {
    answer.cookies().find(|line| line.starts_with(COOKIE))
}

async fn sign_in(caller: &Caller) -> Answer {
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    caller.post("/sign-in/email", &body).send().await
}

async fn sign_up(server: &TestServer, username: &str) -> (Caller, Answer) {
    let caller = server.anonymous();
    let body =
        json!({ "name": "ada", "email": "ada@example.com", "password": PASSWORD, "username": username });
    let answer = caller.post("/sign-up/email", &body).send().await;
    (caller, answer)
}

async fn method(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()["user"]["lastLoginMethod"].clone()
}

#[tokio::test]
async fn pages_can_read_how_the_user_signed_in_last() {
    let server = with_plugin().start();
    let (ada, answer) = sign_up(&server, "").await;
    let expected = "better-auth.last_used_login_method=email; Max-Age=2592000; Path=/; SameSite=Lax";
    assert_eq!(line(&answer), Some(expected));
    assert_eq!(line(&sign_in(&server.anonymous()).await), Some(expected));
    // Neither a session that is read nor the end of one is a sign-in.
    assert_eq!(line(&ada.get("/get-session").send().await), None);
    assert_eq!(line(&ada.post("/sign-out", &json!({})).send().await), None);
    assert!(answer.json()["user"].get("lastLoginMethod").is_none());
}

#[tokio::test]
async fn the_cookie_is_for_encrypted_connections_if_the_session_cookie_is() {
    let server = with_plugin()
        .set("PORTCULLIS_MODE", "development")
        .set("PORTCULLIS_BASE_URL", "https://auth.example.com")
        .set("PORTCULLIS_ADVANCED__COOKIE_PREFIX", "app")
        .start();
    let body = json!({ "name": "ada", "email": "ada@example.com", "password": PASSWORD });
    let stranger = server.anonymous();
    let call = stranger.post("/sign-up/email", &body);
    let answer = call.header("origin", "https://auth.example.com").send().await;
    let expected = "better-auth.last_used_login_method=email; Max-Age=2592000; Path=/; Secure; SameSite=Lax";
    assert_eq!(line(&answer), Some(expected), "{answer}");
}

#[tokio::test]
async fn the_id_of_a_provider_is_remembered() {
    let mock = MockProvider::for_provider("google");
    let server = with_provider(stored(), "google", &mock).start();
    let (caller, answer) = flow::sign_in(&server, &mock).await;
    assert!(
        line(&answer).unwrap().starts_with(&format!("{COOKIE}google; ")),
        "{answer}"
    );
    assert_eq!(method(&caller).await, "google");
}

/// wire: Better Auth remembers no method of a sign-in with an id token.
#[tokio::test]
async fn other_methods_leave_the_cookie_as_it_is() {
    let mock = MockProvider::for_provider("google");
    let server = with_provider(stored(), "google", &mock)
        .set("PORTCULLIS_PLUGINS__USERNAME__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__ANONYMOUS__ENABLED", "true")
        .start();
    sign_up(&server, "ada_l").await;
    let requests = [
        (
            "/sign-in/username",
            json!({ "username": "ada_l", "password": PASSWORD }),
        ),
        ("/sign-in/anonymous", json!({})),
        (
            "/sign-in/social",
            json!({ "provider": "google", "idToken": { "token": mock.id_token(&json!({ "sub": "99", "email": "bob@example.com" })) } }),
        ),
    ];
    for (path, body) in requests {
        let answer = server.anonymous().post(path, &body).send().await;
        assert_eq!((answer.status, line(&answer)), (200, None), "{path}: {answer}");
    }
    let methods = server.shown(r#"select string_agg(coalesce("lastLoginMethod", '-'), ' ' order by "createdAt", "email") from "user""#);
    assert_eq!(methods.unwrap().matches("email").count(), 1);
}

#[tokio::test]
async fn a_rejected_sign_in_is_not_remembered() {
    let server = stored().start();
    sign_up(&server, "").await;
    server.execute(r#"update "user" set "lastLoginMethod" = 'google'"#);
    let body = json!({ "email": "ada@example.com", "password": "password9999" });
    let answer = server.anonymous().post("/sign-in/email", &body).send().await;
    assert_eq!((answer.status, line(&answer)), (401, None));
    assert_eq!(
        server.shown(r#"select "lastLoginMethod" from "user""#).unwrap(),
        "google"
    );
}

/// Better Auth stores the method at the first step, and no method at the second.
#[tokio::test]
async fn a_method_is_remembered_before_the_second_step() {
    let server = stored()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .set(
            "PORTCULLIS_PLUGINS__TWO_FACTOR__SKIP_VERIFICATION_ON_ENABLE",
            "true",
        )
        .start();
    let (ada, _) = sign_up(&server, "").await;
    let enabled = ada.post("/two-factor/enable", &json!({ "password": PASSWORD }));
    let codes = enabled.send().await.json()["backupCodes"].clone();
    server.execute(r#"update "user" set "lastLoginMethod" = 'google'"#);
    let client = server.anonymous();
    let challenged = sign_in(&client).await;
    assert_eq!(challenged.body, r#"{"twoFactorRedirect":true}"#);
    assert!(line(&challenged).is_some());
    let call = client.post("/two-factor/verify-backup-code", &json!({ "code": codes[0] }));
    let verified = call.send().await;
    assert_eq!((verified.status, line(&verified)), (200, None));
    assert_eq!(method(&client).await, "email");
}

#[tokio::test]
async fn the_method_is_stored_in_the_row_of_the_user() {
    let server = stored().start();
    let (ada, answer) = sign_up(&server, "").await;
    assert_eq!(answer.json()["user"]["lastLoginMethod"], "email");
    assert_eq!(method(&ada).await, "email");
    server.execute(r#"update "user" set "lastLoginMethod" = 'google'"#);
    // wire: the answer contains the user as before the sign-in.
    let client = server.anonymous();
    assert_eq!(sign_in(&client).await.json()["user"]["lastLoginMethod"], "google");
    assert_eq!(method(&client).await, "email");
}

#[tokio::test]
async fn no_client_can_set_the_method() {
    let server = stored().set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true").start();
    let (ada, _) = sign_up(&server, "").await;
    server.execute(r#"update "user" set role = 'admin'"#);
    let data = json!({ "lastLoginMethod": "evil" });
    let create =
        json!({ "name": "bob", "email": "bob@example.com", "password": "password1234", "data": data });
    let created = ada.post("/admin/create-user", &create).send().await;
    assert_eq!(created.status, 200, "{created}");
    let update = json!({ "userId": created.json()["user"]["id"], "data": data });
    let updated = ada.post("/admin/update-user", &update).send().await;
    assert!(!updated.body.contains("evil"), "{updated}");
    assert_eq!(
        server.rows(r#"select from "user" where "lastLoginMethod" = 'evil'"#),
        0
    );
    let update = json!({ "lastLoginMethod": "<b>" });
    let refused = ada.post("/update-user", &update).send().await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "LASTLOGINMETHOD_IS_NOT_ALLOWED_TO_BE_SET")
    );
    let client = server.anonymous();
    client.set_cookie("better-auth.last_used_login_method", "evil");
    assert!(line(&sign_in(&client).await).unwrap().contains("=email; "));
}

#[tokio::test]
async fn no_method_is_remembered_if_the_plugin_is_disabled() {
    let server = TestServer::start();
    let (ada, answer) = sign_up(&server, "").await;
    assert_eq!((answer.status, line(&answer)), (200, None));
    assert_eq!(method(&ada).await, Value::Null);
}
