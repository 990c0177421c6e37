//! `POST /sign-up/email`.

use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::{Value, json};

fn ada() -> Value {
    json!({ "name": "Ada", "email": "Ada@Example.com", "password": "password1234" })
}

#[tokio::test]
async fn a_new_user_is_signed_in_at_once() {
    let server = TestServer::start();
    let caller = server.anonymous();
    assert_snapshot!(caller.post("/sign-up/email", &ada()).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","user":{"name":"Ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
    assert_snapshot!(caller.get("/get-session").send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"session":{"expiresAt":"2026-01-08T00:00:00.000Z","token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","id":"aZJs8U4PqvH91EsawJC0RDWIY4np6DsU"},"user":{"name":"Ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
}

#[tokio::test]
async fn remember_me_false_gives_a_session_of_a_day_and_cookies_without_max_age() {
    let server = TestServer::start();
    let body = json!({ "name": "", "email": "a@example.com", "password": "password1234", "rememberMe": false, "image": "/a.png" });
    assert_snapshot!(server.anonymous().post("/sign-up/email", &body).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=true.%2BGWyWZdVZ8PROUXIWVoibVIpYog8HtVyZuwoJ6tqQyA%3D; Path=/; HttpOnly; SameSite=Lax
    {"token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","user":{"name":"","email":"a@example.com","emailVerified":false,"image":"/a.png","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
}

#[tokio::test]
async fn a_user_with_a_top_level_domain_in_punycode_can_sign_up_and_sign_in() {
    let server = TestServer::start();
    let body = |email: &str| json!({ "name": "Ada", "email": email, "password": "password1234" });
    let signed_up = body("ada@xn--80ak6aa92e.xn--p1ai");
    for (path, body) in [
        ("/sign-up/email", signed_up),
        ("/sign-in/email", body("Ada@XN--80AK6AA92E.XN--P1AI")),
    ] {
        let answer = server.anonymous().post(path, &body).send().await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.json()["user"]["email"], "ada@xn--80ak6aa92e.xn--p1ai");
    }
}

#[tokio::test]
async fn a_taken_address_is_refused_whatever_its_case() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    assert_snapshot!(server.anonymous().post("/sign-up/email", &ada()).send().await, @r#"
    422
    content-type: application/json
    {"code":"USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL","message":"User already exists. Use another email."}
    "#);
}

#[tokio::test]
async fn every_issue_of_a_body_is_reported_at_once() {
    let server = TestServer::start();
    let refuse = async |body: Value| server.anonymous().post("/sign-up/email", &body).send().await;
    assert_snapshot!(refuse(json!({})).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.name] Invalid input: expected string, received undefined; [body.email] Invalid input: expected string, received undefined; [body.password] Invalid input: expected string, received undefined"}
    "#);
    assert_snapshot!(refuse(json!({ "name": 1, "email": "no", "password": "", "image": null, "callbackURL": 5, "rememberMe": "yes" })).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.name] Invalid input: expected string, received number; [body.email] Invalid email address; [body.password] Too small: expected string to have >=1 characters; [body.image] Invalid input: expected string, received null; [body.callbackURL] Invalid input: expected string, received number; [body.rememberMe] Invalid input: expected boolean, received string"}
    "#);
    assert_snapshot!(refuse(json!([])).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body] Invalid input: expected object, received array; [body] Invalid input: expected record, received array"}
    "#);
    let too_much = json!({ "name": "x".repeat(257), "email": "a@example.com", "password": "password1234", "image": "javascript:alert(1)" });
    assert_snapshot!(refuse(too_much).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.name] Too big: expected string to have <=256 characters; [body.image] Invalid URL"}
    "#);
}

#[tokio::test]
async fn a_password_has_between_8_and_128_utf16_units() {
    let server = TestServer::start();
    for (place, (password, status, code)) in [
        ("1234567".to_owned(), 400, "PASSWORD_TOO_SHORT"),
        ("🔑🔑🔑🔑".to_owned(), 200, ""),
        ("🔑".repeat(64), 200, ""),
        ("🔑".repeat(65), 400, "PASSWORD_TOO_LONG"),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "name": "n", "email": format!("n{place}@example.com"), "password": password });
        let answer = server.anonymous().post("/sign-up/email", &body).send().await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{password}"
        );
    }
}

/// Mass assignment (OWASP API3): such fields are neither set nor an error, as in Better Auth.
#[tokio::test]
async fn fields_that_a_client_may_not_set_are_ignored() {
    let server = TestServer::start();
    let body = json!({
        "name": "n", "email": "n@example.com", "password": "password1234",
        "id": "mine", "emailVerified": true, "createdAt": "2020-01-01T00:00:00.000Z", "role": "admin",
        "__proto__": { "role": "admin" }, "user": { "emailVerified": true },
    });
    let user = server
        .anonymous()
        .post("/sign-up/email", &body)
        .send()
        .await
        .json()["user"]
        .clone();
    assert_eq!(user["emailVerified"], json!(false));
    assert_eq!(user["createdAt"], json!("2026-01-01T00:00:00.000Z"));
    assert_ne!(user["id"], json!("mine"));
    assert_eq!(user.as_object().map(serde_json::Map::len), Some(7));
}

#[tokio::test]
async fn one_of_twenty_parallel_sign_ups_with_one_address_succeeds() {
    let server = TestServer::start();
    let callers: Vec<_> = (0..20).map(|_| server.anonymous()).collect();
    let body = ada();
    let calls = callers
        .iter()
        .map(|caller| caller.post("/sign-up/email", &body).send());
    let answers = futures_util::future::join_all(calls).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(200), count(422)), (1, 19));
    assert_eq!(server.rows("select 1 from \"user\""), 1);
    assert_eq!(server.rows("select 1 from account"), 1);
    assert_eq!(server.rows("select 1 from session"), 1);
}

#[tokio::test]
async fn sign_up_is_rejected_if_it_is_disabled() {
    let server = TestServer::with()
        .set("PORTCULLIS_EMAIL_AND_PASSWORD__DISABLE_SIGN_UP", "true")
        .start();
    assert_snapshot!(server.anonymous().post("/sign-up/email", &ada()).send().await, @r#"
    400
    content-type: application/json
    {"code":"EMAIL_AND_PASSWORD_SIGN_UP_IS_NOT_ENABLED","message":"Email and password sign up is not enabled"}
    "#);
}

#[tokio::test]
async fn sign_up_accepts_a_form() {
    let server = TestServer::start();
    let form = "name=Ada+L&email=ada%40example.com&password=password1234";
    let call = server.anonymous();
    let answer = call
        .call("POST", "/api/auth/sign-up/email")
        .body("application/x-www-form-urlencoded", form)
        .send()
        .await;
    assert_eq!(
        (answer.status, &answer.json()["user"]["name"]),
        (200, &json!("Ada L"))
    );
}
