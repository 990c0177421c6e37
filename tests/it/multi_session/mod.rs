//! The plugin `multi_session`.

mod attacks;
mod interactions;

use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const SESSION: &str = "better-auth.session_token";
const LIST: &str = "/multi-session/list-device-sessions";
const ACTIVATE: &str = "/multi-session/set-active";
const REVOKE: &str = "/multi-session/revoke";

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__MULTI_SESSION__ENABLED", "true")
}

/// Signs a new user up on a device, with these members in addition. Returns the session token.
async fn sign_up_with(device: &Caller, name: &str, more: Value) -> String {
    let mut body =
        json!({ "name": name, "email": format!("{name}@example.com"), "password": "password1234" });
    for (member, value) in more.as_object().unwrap() {
        body[member] = value.clone();
    }
    token(&device.post("/sign-up/email", &body).send().await)
}

async fn sign_up(device: &Caller, name: &str) -> String {
    sign_up_with(device, name, json!({})).await
}

async fn sign_in(device: &Caller, name: &str) -> Answer {
    let body = json!({ "email": format!("{name}@example.com"), "password": "password1234" });
    device.post("/sign-in/email", &body).send().await
}

fn token(answer: &Answer) -> String {
    answer.json()["token"].as_str().unwrap().to_owned()
}

/// The name of the cookie of a device's session.
fn cookie_of(token: &str) -> String {
    format!("{SESSION}_multi-{}", token.to_lowercase())
}

/// The value of a cookie of the device.
fn cookie(device: &Caller, name: &str) -> Option<String> {
    let cookies = device.cookies();
    let pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    let mut found = pairs.filter(|(key, _)| *key == name);
    found.next().map(|(_, value)| value.to_owned())
}

/// The line that sets or clears a cookie.
fn line<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer
        .cookies()
        .find(|line| line.starts_with(&format!("{name}=")))
}

async fn post(device: &Caller, path: &str, token: &str) -> Answer {
    device.post(path, &json!({ "sessionToken": token })).send().await
}

/// The names of the users in the device's list, sorted.
async fn listed(device: &Caller) -> Vec<String> {
    names(&device.get(LIST).send().await)
}

fn names(answer: &Answer) -> Vec<String> {
    let sessions = answer.json();
    let found = sessions.as_array().unwrap().iter();
    let name = |found: &Value| found["user"]["name"].as_str().unwrap().to_owned();
    let mut names: Vec<_> = found.map(name).collect();
    names.sort();
    names
}

/// The name of the user of the current session.
async fn current(device: &Caller) -> Value {
    device.get("/get-session").send().await.json()["user"]["name"].clone()
}

fn assert_refused(answer: &Answer) {
    let refused = (401, "INVALID_SESSION_TOKEN".to_owned());
    assert_eq!((answer.status, answer.code()), refused, "{answer}");
    assert_eq!(answer.cookies().count(), 0, "{answer}");
}

#[tokio::test]
async fn each_session_of_a_device_has_a_cookie() {
    let server = with_plugin().start();
    let device = server.anonymous();
    sign_up(&device, "ada").await;
    let body = json!({ "name": "bob", "email": "bob@example.com", "password": "password1234" });
    assert_snapshot!(device.post("/sign-up/email", &body).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=i8aYMLP3r6BQWDeHuf1DHFys8b0aNQOw.ce0DUCVdr2hIDWhquTH0y5xreS0yMrYrtdBLv1%2BAoX8%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_token_multi-i8aymlp3r6bqwdehuf1dhfys8b0anqow=i8aYMLP3r6BQWDeHuf1DHFys8b0aNQOw.ce0DUCVdr2hIDWhquTH0y5xreS0yMrYrtdBLv1%2BAoX8%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"token":"i8aYMLP3r6BQWDeHuf1DHFys8b0aNQOw","user":{"name":"bob","email":"bob@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"392uZRyGX8oJtewduhdaIfsjfxpekRzB"}}
    "#);
    assert_snapshot!(device.get(LIST).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    [{"session":{"expiresAt":"2026-01-08T00:00:00.000Z","token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","id":"aZJs8U4PqvH91EsawJC0RDWIY4np6DsU"},"user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}},{"session":{"expiresAt":"2026-01-08T00:00:00.000Z","token":"i8aYMLP3r6BQWDeHuf1DHFys8b0aNQOw","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"392uZRyGX8oJtewduhdaIfsjfxpekRzB","id":"89vUDR8Yatfnm5GEaKamRmjUVMgDuvcB"},"user":{"name":"bob","email":"bob@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"392uZRyGX8oJtewduhdaIfsjfxpekRzB"}}]
    "#);
}

#[tokio::test]
async fn a_user_changes_between_the_sessions_of_a_device() {
    let server = with_plugin().start();
    let device = server.anonymous();
    let (ada, bob) = (sign_up(&device, "ada").await, sign_up(&device, "bob").await);
    assert_eq!(current(&device).await, "bob");
    assert_snapshot!(post(&device, ACTIVATE, &ada).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"session":{"expiresAt":"2026-01-08T00:00:00.000Z","token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","id":"aZJs8U4PqvH91EsawJC0RDWIY4np6DsU"},"user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
    assert_eq!(current(&device).await, "ada");
    assert_eq!(post(&device, ACTIVATE, &bob).await.status, 200);
    assert_eq!(current(&device).await, "bob");
    assert_snapshot!(post(&device, ACTIVATE, "unknown").await, @r#"
    401
    content-type: application/json
    {"code":"INVALID_SESSION_TOKEN","message":"Invalid session token"}
    "#);
}

#[tokio::test]
async fn another_session_becomes_the_current_one_when_that_is_revoked() {
    let server = with_plugin().start();
    let device = server.anonymous();
    let ada = sign_up(&device, "ada").await;
    let (bob, eve) = (sign_up(&device, "bob").await, sign_up(&device, "eve").await);
    assert_snapshot!(post(&device, REVOKE, &bob).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token_multi-i8aymlp3r6bqwdehuf1dhfys8b0anqow=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    {"status":true}
    "#);
    assert_eq!(current(&device).await, "eve");
    assert_snapshot!(post(&device, REVOKE, &eve).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token_multi-ys7snytzf52cxd9ut0kqvf3whrf9t5xz=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"status":true}
    "#);
    assert_eq!(current(&device).await, "ada");
    assert_snapshot!(post(&device, REVOKE, &ada).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token_multi-3gdzf0usdirt1pjpdjabh5bhdz0jb88f=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    {"status":true}
    "#);
    assert_eq!(device.cookies(), "");
    assert_eq!(server.rows("select 1 from session"), 0);
}

#[tokio::test]
async fn sign_out_ends_every_session_of_the_device_and_no_other() {
    let server = with_plugin().start();
    let (device, other) = (server.anonymous(), server.anonymous());
    sign_up(&device, "ada").await;
    sign_up(&device, "bob").await;
    sign_in(&other, "ada").await;
    assert_snapshot!(device.post("/sign-out", &json!({})).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_token_multi-3gdzf0usdirt1pjpdjabh5bhdz0jb88f=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_token_multi-i8aymlp3r6bqwdehuf1dhfys8b0anqow=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    {"success":true}
    "#);
    assert_eq!(device.cookies(), "");
    assert_eq!(server.rows("select 1 from session"), 1);
    assert_eq!(current(&other).await, "ada");
}

#[tokio::test]
async fn a_user_who_signs_in_again_has_one_session_on_the_device() {
    let server = with_plugin().start();
    let (device, other) = (server.anonymous(), server.anonymous());
    let first = sign_up(&device, "ada").await;
    sign_in(&other, "ada").await;
    let answer = sign_in(&device, "ada").await;
    assert!(
        line(&answer, &cookie_of(&first))
            .unwrap()
            .contains("=; Max-Age=0")
    );
    assert!(line(&answer, &cookie_of(&token(&answer))).is_some(), "{answer}");
    assert_eq!(listed(&device).await, ["ada"]);
    assert_eq!(
        server.rows("select 1 from session"),
        2,
        "the other device has its own"
    );
    assert_eq!(current(&other).await, "ada");
    assert_refused(&post(&device, ACTIVATE, &first).await);
}

#[tokio::test]
async fn a_device_keeps_five_sessions_and_a_further_sign_in_succeeds() {
    let server = with_plugin().start();
    let device = server.anonymous();
    for name in ["a", "b", "c", "d", "e"] {
        sign_up(&device, name).await;
    }
    let sixth = sign_up(&device, "f").await;
    assert_eq!(current(&device).await, "f");
    assert_eq!(listed(&device).await.len(), 5);
    assert_eq!(cookie(&device, &cookie_of(&sixth)), None);

    // A session that has ended makes room.
    server.execute(r#"delete from session where "userId" = (select id from "user" where name = 'a')"#);
    let seventh = sign_up(&device, "g").await;
    assert!(cookie(&device, &cookie_of(&seventh)).is_some());
    assert_eq!(device.cookies().matches("_multi-").count(), 5);
}

#[tokio::test]
async fn a_device_lists_only_live_sessions() {
    let server = with_plugin().start();
    let device = server.anonymous();
    assert_eq!(listed(&device).await, [""; 0]);
    let ada = sign_up(&device, "ada").await;
    let bob = sign_up(&device, "bob").await;
    sign_up(&device, "eve").await;
    server.execute(&format!("delete from session where token = '{ada}'"));
    server.execute(&format!(
        r#"update session set "expiresAt" = '2025-12-31' where token = '{bob}'"#
    ));
    assert_eq!(listed(&device).await, ["eve"]);
    for token in [ada, bob] {
        assert_refused(&post(&device, ACTIVATE, &token).await);
    }
}

#[tokio::test]
async fn a_session_that_began_without_the_plugin_gets_its_cookie_when_it_is_stored_again() {
    let server = with_plugin().start();
    let device = server.anonymous();
    let ada = sign_up(&device, "ada").await;
    let only = format!("{SESSION}={}", cookie(&device, SESSION).unwrap());
    let call = device.post("/update-user", &json!({ "name": "Ada" }));
    let answer = call.header("cookie", &only).send().await;
    assert!(line(&answer, &cookie_of(&ada)).is_some(), "{answer}");
    let again = device
        .post("/update-user", &json!({ "name": "Ada" }))
        .send()
        .await;
    assert!(line(&again, &cookie_of(&ada)).is_none(), "{again}");
}

#[tokio::test]
async fn cookies_for_encrypted_connections_have_their_prefix() {
    let server = with_plugin()
        .set("PORTCULLIS_ADVANCED__USE_SECURE_COOKIES", "true")
        .start();
    let device = server.anonymous();
    let ada = sign_up(&device, "ada").await;
    let name = format!("__Secure-{}", cookie_of(&ada));
    assert!(cookie(&device, &name).is_some(), "{}", device.cookies());
    sign_up(&device, "bob").await;
    assert_eq!(post(&device, ACTIVATE, &ada).await.status, 200);
    assert_eq!(listed(&device).await, ["ada", "bob"]);
}

#[tokio::test]
async fn without_the_plugin_its_routes_do_not_exist_and_no_cookie_is_set() {
    let server = TestServer::start();
    let device = server.anonymous();
    let ada = sign_up(&device, "ada").await;
    assert!(!device.cookies().contains("_multi-"));
    device.set_cookie(&cookie_of(&ada), &cookie(&device, SESSION).unwrap());
    assert_eq!(device.get(LIST).send().await.status, 404);
    for path in [ACTIVATE, REVOKE] {
        assert_eq!(post(&device, path, &ada).await.status, 404);
    }
}
