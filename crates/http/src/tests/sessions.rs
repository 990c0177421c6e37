use actix_web::http::header;
use chrono::TimeDelta;
use portcullis_application::{
    ports::Failure,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{a_session, a_user},
    },
};
use portcullis_domain::{session::Session, token::SessionToken};

use super::{Answer, DONT_REMEMBER, OWN, TOKEN, ask, get, options, post, send, send_with};
use crate::{CookieOptions, Options};

const CLEARED: [&str; 3] = [
    "better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
    "better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
    "better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
];

fn finding(session: Option<Session>) -> FakeUnitOfWork {
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_find_by_token()
        .withf(|token| token.expose() == "token-1")
        .once()
        .return_once(|_| Ok(session.map(|session| (session, a_user()))));
    read
}

/// A session that has been due for renewal for a day.
fn an_old_session() -> Session {
    Session {
        expires_at: a_session().expires_at - TimeDelta::days(2),
        ..a_session()
    }
}

async fn get_session(reads: Vec<FakeUnitOfWork>, query: &str, cookie: &str) -> Answer {
    let request = get(&format!("/api/auth/get-session{query}")).insert_header((header::COOKIE, cookie));
    send(FakeStore::new(reads, Vec::new()), request).await
}

#[actix_web::test]
async fn a_live_session_is_shown_with_its_user() {
    let answer = get_session(vec![finding(Some(a_session()))], "", TOKEN).await;
    let session = concat!(
        r#"{"session":{"expiresAt":"2026-01-08T00:00:00.000Z","token":"token-1","#,
        r#""createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","#,
        r#""ipAddress":"","userAgent":"","userId":"user-1","id":"session-1"},"#,
        r#""user":{"name":"Ada","email":"ada@example.com","emailVerified":false,"image":null,"#,
        r#""createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"user-1"}}"#
    );
    assert_eq!(answer.status_and_body(), (200, session));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.cookies().is_empty());
}

#[actix_web::test]
async fn without_a_signed_token_the_session_is_null_and_no_cookie_is_set() {
    for cookie in [
        "",
        "other=1",
        "better-auth.session_token=",
        "better-auth.session_token=token-1",
        "better-auth.session_token=token-1.",
        "better-auth.session_token=.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D",
        "better-auth.session_token=token-2.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D",
        "better-auth.session_token=%ZZ",
        "better-auth.session_token=%00",
        "better-auth.session_token=%ff.%ff",
        "__Secure-better-auth.session_token=token-1.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D",
    ] {
        let answer = get_session(Vec::new(), "", cookie).await;
        assert_eq!(answer.status_and_body(), (200, "null"), "{cookie}");
        assert!(answer.cookies().is_empty(), "{cookie}");
    }
    assert_eq!(
        ask(get("/api/auth/get-session")).await.status_and_body(),
        (200, "null")
    );
}

#[actix_web::test]
async fn the_cookies_of_an_expired_session_are_cleared() {
    let answer = get_session(vec![finding(None)], "", TOKEN).await;
    assert_eq!(answer.status_and_body(), (200, "null"));
    assert_eq!(answer.cookies(), CLEARED);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[actix_web::test]
async fn renewing_a_session_also_renews_its_cookie() {
    let mut renewing = FakeUnitOfWork::default();
    renewing.sessions.expect_renew().once().return_once(|_| Ok(true));
    let answer = get_session(vec![finding(Some(an_old_session())), renewing], "", TOKEN).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.cookies(),
        [format!("{TOKEN}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax")]
    );
}

#[actix_web::test]
async fn a_renewal_that_cannot_be_stored_sets_no_cookie() {
    let mut failing = FakeUnitOfWork::default();
    let failure = Failure::new("cannot execute UPDATE in a read-only transaction");
    failing
        .sessions
        .expect_renew()
        .once()
        .return_once(|_| Err(failure));
    let answer = get_session(vec![finding(Some(an_old_session())), failing], "", TOKEN).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.contains("2026-01-06T00:00:00.000Z"),
        "{}",
        answer.body
    );
    assert!(answer.cookies().is_empty());
}

#[actix_web::test]
async fn disable_refresh_and_dont_remember_prevent_renewal() {
    let not_remembered = format!("{TOKEN}; {DONT_REMEMBER}");
    for (query, cookie) in [
        ("?disableRefresh=true", TOKEN),
        ("?disableRefresh=false", TOKEN),
        ("?disableRefresh=0&disableCookieCache=", TOKEN),
        ("?disableRefresh=&disableRefresh=", TOKEN),
        ("", &not_remembered),
    ] {
        let answer = get_session(vec![finding(Some(an_old_session()))], query, cookie).await;
        assert_eq!(answer.status, 200, "{query} {cookie}");
        assert!(answer.cookies().is_empty(), "{query} {cookie}");
    }
}

#[actix_web::test]
async fn an_empty_parameter_or_a_forged_cookie_does_not_prevent_renewal() {
    let forged = format!("{TOKEN}; better-auth.dont_remember=true");
    for (query, cookie) in [("?disableRefresh=", TOKEN), ("", &forged)] {
        let mut renewing = FakeUnitOfWork::default();
        renewing.sessions.expect_renew().once().return_once(|_| Ok(true));
        let answer = get_session(vec![finding(Some(an_old_session())), renewing], query, cookie).await;
        assert_eq!(answer.cookies().len(), 1, "{query} {cookie}");
    }
}

#[actix_web::test]
async fn a_failure_of_the_store_clears_no_cookies() {
    for (failure, expected, retry) in [
        (
            Failure::unavailable("connection refused"),
            (
                503,
                r#"{"code":"SERVICE_UNAVAILABLE","message":"Service unavailable"}"#,
            ),
            Some("1"),
        ),
        (
            Failure::new("impossible row"),
            (
                500,
                r#"{"code":"INTERNAL_SERVER_ERROR","message":"Internal server error"}"#,
            ),
            None,
        ),
    ] {
        let mut read = FakeUnitOfWork::default();
        read.sessions
            .expect_find_by_token()
            .once()
            .return_once(|_| Err(failure));
        let answer = get_session(vec![read], "", TOKEN).await;
        assert_eq!(answer.status_and_body(), expected);
        assert_eq!(answer.header("retry-after"), retry);
        assert!(answer.cookies().is_empty());
    }
}

#[actix_web::test]
async fn signing_out_deletes_the_session_and_clears_each_cookie_once() {
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_delete_all()
        .withf(|tokens| tokens.iter().map(SessionToken::expose).eq(["token-1"]))
        .once()
        .return_once(|_| Ok(()));
    let cookies = format!(
        "{TOKEN}; better-auth.session_data=x; better-auth.session_data.1=b; better-auth.session_data.0=a; \
         better-auth.session_data.1=c; better-auth.session_data.x=d; better-auth.session_datax=e"
    );
    let request = post("/sign-out", "{}")
        .insert_header((header::COOKIE, cookies))
        .insert_header((header::ORIGIN, OWN));
    let answer = send(FakeStore::new(vec![read], Vec::new()), request).await;
    assert_eq!(answer.status_and_body(), (200, r#"{"success":true}"#));
    let cleared = |name: &str| format!("better-auth.{name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
    assert_eq!(
        answer.cookies(),
        [
            "session_token",
            "session_data",
            "session_data.0",
            "session_data.1",
            "dont_remember"
        ]
        .map(cleared)
    );
}

#[actix_web::test]
async fn signing_out_without_a_session_still_clears_the_cookies() {
    let answer = ask(post("/sign-out", "{}")).await;
    assert_eq!(answer.status_and_body(), (200, r#"{"success":true}"#));
    assert_eq!(answer.cookies(), CLEARED);
}

#[actix_web::test]
async fn signing_out_ignores_unsigned_multi_session_cookies() {
    let request = post("/sign-out", "{}")
        .insert_header((header::COOKIE, "better-auth.session_token_multi-x=token-1.bad"))
        .insert_header((header::ORIGIN, OWN));
    // The store expects no call.
    assert_eq!(ask(request).await.status_and_body(), (200, r#"{"success":true}"#));
}

#[actix_web::test]
async fn secure_cookies_have_the_prefix_and_the_attribute() {
    let options = Options {
        cookies: CookieOptions::new(true),
        ..options()
    };
    let ports = FakePorts::with_store(FakeStore::new(vec![finding(None)], Vec::new())).ports;
    let request = get("/api/auth/get-session").insert_header((header::COOKIE, format!("__Secure-{TOKEN}")));
    let answer = send_with(&ports, options, request).await;
    let cleared = |name: &str| {
        format!("__Secure-better-auth.{name}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax")
    };
    assert_eq!(
        answer.cookies(),
        ["session_token", "session_data", "dont_remember"].map(cleared)
    );
}
