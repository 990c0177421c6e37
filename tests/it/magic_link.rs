//! The plugin `magic_link`.

use chrono::TimeDelta;
use futures_util::future::join_all;
use insta::assert_snapshot;
use portcullis_domain::message::MessageKind;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "password1234";
const PARALLEL: usize = 20;

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__MAGIC_LINK__ENABLED", "true")
}

async fn request(server: &TestServer, body: &Value) -> Answer {
    server.anonymous().post("/sign-in/magic-link", body).send().await
}

/// The path of a link that Ada was sent.
async fn link(server: &TestServer, pages: Value) -> String {
    let mut body = json!({ "email": ADA });
    for (member, value) in pages.as_object().unwrap() {
        body[member] = value.clone();
    }
    let answer = request(server, &body).await;
    assert_eq!(answer.status, 200, "{answer}");
    server.mailbox.next(ADA).await.path()
}

/// The token of a link that Ada was sent.
async fn token(server: &TestServer) -> String {
    request(server, &json!({ "email": ADA })).await;
    server.mailbox.next(ADA).await.token
}

async fn follow(caller: &Caller, path: &str) -> Answer {
    caller.call("GET", path).send().await
}

async fn verify(server: &TestServer, token: &str) -> Answer {
    let path = format!("/magic-link/verify?token={token}");
    server.anonymous().get(&path).send().await
}

async fn session(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()
}

fn location(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.header("location").unwrap_or_default())
}

#[tokio::test]
async fn a_link_signs_a_new_user_up_and_redirects_to_the_page_for_new_users() {
    let server = with_plugin().start();
    let pages = json!({ "name": "Ada", "callbackURL": "/home", "newUserCallbackURL": "/welcome" });
    let path = link(&server, pages.clone()).await;
    assert!(path.starts_with("/api/auth/magic-link/verify?token="), "{path}");
    let ada = server.anonymous();
    assert_eq!(
        location(&follow(&ada, &path).await),
        (302, "http://localhost:3000/welcome")
    );
    let user = session(&ada).await["user"].clone();
    assert_eq!(
        (&user["email"], &user["emailVerified"], &user["name"]),
        (&json!(ADA), &json!(true), &json!("Ada"))
    );
    let again = link(&server, pages).await;
    assert_eq!(
        location(&follow(&server.anonymous(), &again).await),
        (302, "http://localhost:3000/home")
    );
}

#[tokio::test]
async fn without_a_page_the_answer_is_json() {
    let server = with_plugin().start();
    let token = token(&server).await;
    assert_snapshot!(verify(&server, &token).await);
}

#[tokio::test]
async fn the_answer_does_not_reveal_whether_a_user_has_the_address() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__MAGIC_LINK__DISABLE_SIGN_UP", "true")
        .start();
    server.signed_up("ada").await;
    let [known, unknown] = [ADA, "eve@example.com"].map(|email| json!({ "email": email }));
    let (known, unknown) = (request(&server, &known).await, request(&server, &unknown).await);
    assert_eq!(known.to_string(), unknown.to_string());
    let message = server.mailbox.next("eve@example.com").await;
    assert_eq!(message.kind, MessageKind::MagicLink);
    let answer = follow(&server.anonymous(), &message.path()).await;
    assert_eq!(
        location(&answer),
        (302, "http://localhost:3000/?error=new_user_signup_disabled")
    );
}

#[tokio::test]
async fn a_link_is_followed_once_by_twenty_parallel_requests() {
    let server = with_plugin().start();
    let token = token(&server).await;
    let answers = join_all((0..PARALLEL).map(|_| verify(&server, &token))).await;
    let signed_in = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(signed_in, 1);
    assert_eq!(
        location(&verify(&server, &token).await),
        (302, "http://localhost:3000/?error=INVALID_TOKEN")
    );
    assert_eq!(server.rows("select 1 from session"), 1);
}

#[tokio::test]
async fn an_expired_link_is_rejected_and_deleted() {
    let server = with_plugin().start();
    let path = link(
        &server,
        json!({ "callbackURL": "/home", "errorCallbackURL": "/oops" }),
    )
    .await;
    server.clock.advance(TimeDelta::seconds(301));
    let client = server.anonymous();
    assert_eq!(
        location(&follow(&client, &path).await),
        (302, "http://localhost:3000/oops?error=EXPIRED_TOKEN")
    );
    assert_eq!(
        location(&follow(&client, &path).await),
        (302, "http://localhost:3000/oops?error=INVALID_TOKEN")
    );
}

#[tokio::test]
async fn pages_of_other_origins_are_rejected() {
    let server = with_plugin().start();
    for (page, on_post) in [
        ("callbackURL", "INVALID_CALLBACKURL"),
        ("newUserCallbackURL", "INVALID_NEWUSERCALLBACKURL"),
        ("errorCallbackURL", "INVALID_ERRORCALLBACKURL"),
    ] {
        let url = "https://evil.test";
        let answer = request(&server, &json!({ "email": ADA, page: url })).await;
        assert_eq!(
            (answer.status, answer.code()),
            (403, on_post.to_owned()),
            "{page}"
        );
        let path = format!("/magic-link/verify?token=x&{page}={url}");
        let answer = server.anonymous().get(&path).send().await;
        assert_eq!(
            (answer.status, answer.code()),
            (403, "INVALID_CALLBACKURL".to_owned())
        );
        assert_eq!(answer.header("location"), None);
    }
}

#[tokio::test]
async fn a_foreign_page_cannot_request_a_link() {
    let server = with_plugin().start();
    let client = server.anonymous();
    let call = client.post("/sign-in/magic-link", &json!({ "email": ADA }));
    let answer = call.header("origin", "https://evil.test").send().await;
    assert_eq!((answer.status, answer.code()), (403, "INVALID_ORIGIN".to_owned()));
}

#[tokio::test]
async fn what_an_attacker_prepared_ends_with_the_owners_first_link() {
    let server = with_plugin().start();
    let attacker = server.signed_up("ada").await;
    let token = token(&server).await;
    assert_eq!(verify(&server, &token).await.status, 200);
    assert_eq!(session(&attacker).await, Value::Null);
    let body = json!({ "email": ADA, "password": PASSWORD });
    let answer = attacker.post("/sign-in/email", &body).send().await;
    assert_eq!(answer.status, 401, "{answer}");
}

#[tokio::test]
async fn a_verified_user_keeps_the_password_and_all_sessions() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    server.execute(r#"update "user" set "emailVerified" = true"#);
    let token = token(&server).await;
    assert_eq!(verify(&server, &token).await.status, 200);
    assert_eq!(session(&ada).await["user"]["email"], ADA);
    let body = json!({ "email": ADA, "password": PASSWORD });
    assert_eq!(ada.post("/sign-in/email", &body).send().await.status, 200);
}

#[tokio::test]
async fn a_token_of_another_purpose_is_no_link() {
    for is_shared in ["false", "true"] {
        let server = with_plugin()
            .set("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", is_shared)
            .start();
        let ada = server.signed_up("ada").await;
        server.execute(&format!(
            r#"insert into verification (id, identifier, value, "expiresAt") values
               ('1', 'abcdefghijklmnopqrstuvwxyzabcdef', '{{"callbackURL":"/","codeVerifier":"x","email":"{ADA}"}}', '2030-01-01')"#
        ));
        let answer = verify(&server, "abcdefghijklmnopqrstuvwxyzabcdef").await;
        assert_eq!(
            location(&answer),
            (302, "http://localhost:3000/?error=INVALID_TOKEN")
        );
        let reset = json!({ "email": ADA });
        ada.post("/request-password-reset", &reset).send().await;
        let token = server.mailbox.next(ADA).await.token;
        let answer = verify(&server, &token).await;
        assert_eq!(
            location(&answer),
            (302, "http://localhost:3000/?error=INVALID_TOKEN")
        );
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_after_a_link() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .set(
            "PORTCULLIS_PLUGINS__TWO_FACTOR__SKIP_VERIFICATION_ON_ENABLE",
            "true",
        )
        .start();
    let ada = server.signed_up("ada").await;
    let enabled = ada.post("/two-factor/enable", &json!({ "password": PASSWORD }));
    assert_eq!(enabled.send().await.status, 200);
    server.execute(r#"update "user" set "emailVerified" = true"#);
    let path = link(&server, json!({ "callbackURL": "/home" })).await;
    let client = server.anonymous();
    assert_eq!(
        location(&follow(&client, &path).await),
        (302, "http://localhost:3000/home?twoFactorRedirect=true")
    );
    assert_eq!(session(&client).await, Value::Null);
    let token = token(&server).await;
    assert_eq!(
        verify(&server, &token).await.json(),
        json!({ "twoFactorRedirect": true })
    );
}

#[tokio::test]
async fn a_banned_user_is_refused() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    server.signed_up("ada").await;
    server.execute(r#"update "user" set banned = true"#);
    let path = link(&server, json!({ "callbackURL": "/home" })).await;
    let answer = follow(&server.anonymous(), &path).await;
    assert_eq!((answer.status, answer.code()), (403, "BANNED_USER".to_owned()));
}

#[tokio::test]
async fn a_mail_scanner_does_not_use_a_link_up_if_a_page_confirms_it() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__MAGIC_LINK__CONFIRM_PAGE", "true")
        .start();
    let path = link(&server, json!({ "callbackURL": "/home" })).await;
    let scanner = server.anonymous();
    for _ in 0..2 {
        let page = follow(&scanner, &path).await;
        assert_eq!(page.status, 200, "{page}");
        assert!(page.body.contains("<form method=\"post\">"), "{page}");
        let policy = page.header("content-security-policy").unwrap_or_default();
        assert!(
            !policy.contains("form-action"),
            "browsers would block the redirect: {policy}"
        );
    }
    let ada = server.anonymous();
    let send = || {
        ada.call("POST", &path)
            .body("application/x-www-form-urlencoded", "")
    };
    let foreign = send().header("origin", "https://evil.test").send().await;
    assert_eq!(foreign.status, 403, "{foreign}");
    let confirmed = send().send().await;
    assert_eq!(location(&confirmed), (303, "http://localhost:3000/home"));
    assert_eq!(session(&ada).await["user"]["email"], ADA);
}

#[tokio::test]
async fn a_head_request_does_not_use_a_link_up() {
    let server = with_plugin().start();
    let path = link(&server, json!({ "callbackURL": "/home" })).await;
    let scanner = server.anonymous();
    scanner.call("HEAD", &path).send().await;
    let post = scanner
        .call("POST", &path)
        .body("application/json", "{}")
        .send()
        .await;
    assert_eq!(post.status, 404, "{post}");
    assert_eq!(
        location(&follow(&scanner, &path).await),
        (302, "http://localhost:3000/home")
    );
}

#[tokio::test]
async fn only_the_hash_of_a_token_is_stored() {
    let server = with_plugin().start();
    let token = token(&server).await;
    let stored = format!("select 1 from verification v where v::text like '%{token}%'");
    assert_eq!(server.rows(&stored), 0);
}

#[tokio::test]
async fn the_routes_do_not_exist_without_the_plugin() {
    let server = TestServer::start();
    assert_eq!(request(&server, &json!({ "email": ADA })).await.status, 404);
    assert_eq!(verify(&server, "x").await.status, 404);
}
