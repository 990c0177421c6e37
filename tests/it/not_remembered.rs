//! Sessions that began with `rememberMe: false`, at clients that have lost the `dont_remember` cookie.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Call, TestServer};
use serde_json::{Value, json};

const PASSWORD: &str = "password1234";
const ENDS_AFTER_A_DAY: &str = r#"select 1 from session where "expiresAt" = '2026-01-02'"#;

/// Signs Ada up with `rememberMe: false` and returns only the session cookie.
async fn session_cookie(server: &TestServer) -> String {
    let ada = server.anonymous();
    let body =
        json!({ "name": "ada", "email": "ada@example.com", "password": PASSWORD, "rememberMe": false });
    ada.post("/sign-up/email", &body).send().await;
    let cookies = ada.cookies();
    let mut pairs = cookies.split("; ");
    pairs
        .find(|pair| pair.contains("session_token"))
        .unwrap()
        .to_owned()
}

async fn with(cookie: &str, call: Call<'_>) -> Answer {
    call.header("cookie", cookie).send().await
}

fn has_no_max_age(answer: &Answer) -> bool {
    answer.cookies().all(|line| !line.contains("Max-Age="))
}

#[tokio::test]
async fn a_session_that_is_not_remembered_ends_after_a_day_whatever_cookies_the_client_sends() {
    let server = TestServer::start();
    let cookie = session_cookie(&server).await;
    let caller = server.anonymous();
    server.clock.advance(TimeDelta::days(1));
    for path in ["/get-session", "/list-sessions", "/list-accounts"] {
        let answer = with(&cookie, caller.get(path)).await;
        assert_eq!(
            (answer.status, answer.cookies().count()),
            (200, 0),
            "{path}: {answer}"
        );
        assert_eq!(server.rows(ENDS_AFTER_A_DAY), 1, "{path}");
    }
    let session = with(&cookie, caller.get("/get-session")).await.json();
    assert_eq!(session["session"]["expiresAt"], "2026-01-02T00:00:00.000Z");
    server.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(with(&cookie, caller.get("/get-session")).await.body, "null");
}

#[tokio::test]
async fn an_update_in_a_session_that_is_not_remembered_sets_cookies_without_max_age() {
    let change_password =
        json!({ "currentPassword": PASSWORD, "newPassword": "password5678", "revokeOtherSessions": true });
    let change_email = json!({ "newEmail": "countess@example.com" });
    for (path, body) in [
        ("/update-user", json!({ "name": "Ada" })),
        ("/change-email", change_email),
        ("/change-password", change_password),
    ] {
        let server = TestServer::with()
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
            .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
            .set(
                "PORTCULLIS_USER__CHANGE_EMAIL__UPDATE_EMAIL_WITHOUT_VERIFICATION",
                "true",
            )
            .start();
        let cookie = session_cookie(&server).await;
        let answer = with(&cookie, server.anonymous().post(path, &body)).await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
        // The session, the session cookie cache, and the cookie that was lost.
        assert_eq!(answer.cookies().count(), 3, "{path}: {answer}");
        assert!(has_no_max_age(&answer), "{path}: {answer}");
        assert_eq!(server.rows(ENDS_AFTER_A_DAY), 1, "{path}");
    }
}

#[tokio::test]
async fn following_a_link_does_not_extend_a_session_that_is_not_remembered() {
    let server = TestServer::with()
        .set(
            "PORTCULLIS_EMAIL_VERIFICATION__AUTO_SIGN_IN_AFTER_VERIFICATION",
            "true",
        )
        .start();
    let cookie = session_cookie(&server).await;
    let asked = json!({ "email": "ada@example.com" });
    with(
        &cookie,
        server.anonymous().post("/send-verification-email", &asked),
    )
    .await;
    let token = server.mailbox.next("ada@example.com").await.token;
    let path = format!("/verify-email?token={token}");
    let answer = with(&cookie, server.anonymous().get(&path)).await;
    assert_eq!((answer.status, answer.cookies().count()), (200, 2), "{answer}");
    assert!(has_no_max_age(&answer), "{answer}");
}

#[tokio::test]
async fn a_read_sets_no_cookie_cache_for_a_session_that_is_not_remembered() {
    let server = TestServer::with()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let cookie = session_cookie(&server).await;
    let answer = with(&cookie, server.anonymous().get("/get-session")).await;
    assert_ne!(answer.json(), Value::Null);
    assert_eq!(answer.cookies().count(), 0, "{answer}");
}

/// A Node server reads its clock once for each of the two times, so they differ by about a day, not exactly a day.
#[tokio::test]
async fn a_session_that_a_node_server_began_with_remember_me_false_is_recognized_by_its_row() {
    for difference in ["-7 ms", "7 ms"] {
        let server = TestServer::start();
        let ada = server.signed_up("ada").await;
        server.execute(&format!(
            r#"update session set "expiresAt" = "createdAt" + interval '1 day' + interval '{difference}'"#
        ));
        server.clock.advance(TimeDelta::hours(23));
        let before = server.shown(r#"select "expiresAt" from session"#);
        let answer = ada.get("/get-session").send().await;
        assert_eq!((answer.status, answer.cookies().count()), (200, 0), "{answer}");
        assert_eq!(server.shown(r#"select "expiresAt" from session"#), before);
    }
}
