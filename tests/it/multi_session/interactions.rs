//! Several sessions on one device, together with other plugins.

use super::*;

async fn administrator(server: &TestServer, device: &Caller) -> String {
    let token = sign_up(device, "root").await;
    server.execute(r#"update "user" set role = 'admin' where name = 'root'"#);
    token
}

fn with_admin() -> TestServerBuilder {
    with_plugin().set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
}

async fn id_of(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()["user"]["id"].clone()
}

/// In Better Auth, a device keeps the cookie of the session that the second step replaces.
#[tokio::test]
async fn a_sign_in_that_waits_for_a_second_step_adds_no_session_to_the_device() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .start();
    let (own, device) = (server.anonymous(), server.anonymous());
    sign_up(&own, "ada").await;
    let enabling = json!({ "password": "password1234" });
    let enabled = own.post("/two-factor/enable", &enabling).send().await.json();
    server.execute(r#"update "user" set "twoFactorEnabled" = true"#);
    sign_up(&device, "bob").await;

    let answer = sign_in(&device, "ada").await;
    assert_eq!(answer.body, r#"{"twoFactorRedirect":true}"#);
    assert!(answer.cookies().all(|line| !line.contains("_multi-")), "{answer}");
    assert_eq!(listed(&device).await, ["bob"]);

    let code = json!({ "code": enabled["backupCodes"][0] });
    let answer = device.post("/two-factor/verify-backup-code", &code).send().await;
    assert!(line(&answer, &cookie_of(&token(&answer))).is_some(), "{answer}");
    assert_eq!(listed(&device).await, ["ada", "bob"]);
}

#[tokio::test]
async fn a_session_of_a_banned_user_is_neither_listed_nor_activated() {
    let server = with_admin().start();
    let device = server.anonymous();
    let bob = sign_up(&device, "bob").await;
    administrator(&server, &device).await;
    server.execute(r#"update "user" set banned = true where name = 'bob'"#);
    assert_eq!(listed(&device).await, ["root"]);
    assert_refused(&post(&device, ACTIVATE, &bob).await);
}

#[tokio::test]
async fn an_impersonated_session_is_one_more_session_of_the_device_until_the_browser_closes() {
    let server = with_admin().start();
    let (device, other) = (server.anonymous(), server.anonymous());
    sign_up(&other, "ada").await;
    let own = administrator(&server, &device).await;
    let body = json!({ "userId": id_of(&other).await });
    let answer = device.post("/admin/impersonate-user", &body).send().await;
    let acting = answer.json()["session"]["token"].as_str().unwrap().to_owned();
    assert!(!line(&answer, &cookie_of(&acting)).unwrap().contains("Max-Age"));
    assert_eq!(listed(&device).await, ["ada", "root"]);

    assert_eq!(post(&device, ACTIVATE, &own).await.status, 200);
    let answer = post(&device, ACTIVATE, &acting).await;
    assert!(!line(&answer, SESSION).unwrap().contains("Max-Age"), "{answer}");
    post(&device, ACTIVATE, &own).await;
    server.clock.advance(chrono::TimeDelta::minutes(61));
    assert_refused(&post(&device, ACTIVATE, &acting).await);
}

#[tokio::test]
async fn the_session_cookie_cache_changes_with_the_current_session() {
    let server = with_plugin()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let device = server.anonymous();
    let ada = sign_up(&device, "ada").await;
    sign_up(&device, "bob").await;
    assert_eq!(current(&device).await, "bob");
    post(&device, ACTIVATE, &ada).await;
    assert_eq!(current(&device).await, "ada");
    post(&device, REVOKE, &ada).await;
    assert_eq!(current(&device).await, "bob");
}

/// The cookies of a response become the application's, so that it can change between sessions.
#[tokio::test]
async fn the_header_with_the_bearer_token_is_that_of_the_current_session() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .start();
    let device = server.anonymous();
    let ada = sign_up(&device, "ada").await;
    sign_up(&device, "bob").await;
    let answer = post(&device, ACTIVATE, &ada).await;
    assert!(
        answer.header("set-auth-token").unwrap().starts_with(&ada),
        "{answer}"
    );
}
