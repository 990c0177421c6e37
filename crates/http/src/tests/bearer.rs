use actix_web::{http::header, test::TestRequest};
use chrono::TimeDelta;
use portcullis_application::testing::{
    FakePorts, FakeStore, FakeUnitOfWork,
    fixtures::{a_session, a_user},
};
use portcullis_domain::{session::Session, token::SessionToken};

use super::{Answer, FRIEND, STRANGER, TOKEN, app, get, options, post, send_with_app};
use crate::{App, BearerOptions, Features};

/// `token-1` with the fake signature, encoded as in the cookie.
const SIGNED: &str = "token-1.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";

fn accepting(require_signature: bool) -> Features {
    Features::default().with(Some(BearerOptions { require_signature }))
}

/// Finds the session of this token.
fn finding(token: &'static str, session: Option<Session>) -> FakeUnitOfWork {
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_find_by_token()
        .withf(move |presented| presented.expose() == token)
        .once()
        .return_once(|_| Ok(session.map(|session| (session, a_user()))));
    read
}

async fn send(reads: Vec<FakeUnitOfWork>, features: Features, request: TestRequest) -> Answer {
    let ports = FakePorts::with_store(FakeStore::new(reads, Vec::new())).ports;
    let app = App {
        features,
        ..app(&ports)
    };
    send_with_app(app, options(), request).await
}

fn with(authorization: &str) -> TestRequest {
    get("/api/auth/get-session").insert_header((header::AUTHORIZATION, authorization))
}

#[actix_web::test]
async fn a_session_token_is_accepted_in_a_header_in_several_forms() {
    let decoded = SIGNED.replace("%3D", "=");
    for authorization in [
        format!("Bearer {SIGNED}"),
        format!("bearer {SIGNED}"),
        format!("BEARER   {decoded} "),
        format!("Bearer {decoded}"),
        SIGNED.to_owned(),
        "Bearer token-1".to_owned(),
        "token-1".to_owned(),
    ] {
        let reads = vec![finding("token-1", Some(a_session()))];
        let answer = send(reads, accepting(false), with(&authorization)).await;
        assert!(answer.body.contains("Ada"), "{authorization}");
        assert!(answer.cookies().is_empty(), "{authorization}");
    }
}

#[actix_web::test]
async fn a_header_without_a_valid_token_is_ignored() {
    for (authorization, require_signature) in [
        ("Bearer ", false),
        ("Bearer token-1 x", false),
        ("Basic token-1", false),
        ("Bearer token-1.bad", false),
        (
            "Bearer token-2.dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D",
            false,
        ),
        ("Bearer .dG9rZW4tMQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D", false),
        ("Bearer token-1", true),
        ("token-1", true),
    ] {
        // The store expects no call.
        let answer = send(Vec::new(), accepting(require_signature), with(authorization)).await;
        assert_eq!(answer.status_and_body(), (200, "null"), "{authorization}");
        assert!(answer.cookies().is_empty(), "{authorization}");
    }
    let twice = with("Bearer token-1").append_header((header::AUTHORIZATION, "Bearer token-2"));
    assert_eq!(
        send(Vec::new(), accepting(false), twice).await.status_and_body(),
        (200, "null")
    );
    let signed = with(&format!("Bearer {SIGNED}"));
    assert_eq!(
        send(Vec::new(), Features::default(), signed)
            .await
            .status_and_body(),
        (200, "null")
    );
}

#[actix_web::test]
async fn a_signed_token_is_accepted_if_signatures_are_required() {
    let reads = vec![finding("token-1", Some(a_session()))];
    let answer = send(reads, accepting(true), with(&format!("Bearer {SIGNED}"))).await;
    assert!(answer.body.contains("Ada"));
}

#[actix_web::test]
async fn a_valid_cookie_precedes_the_header_and_an_invalid_one_does_not() {
    let cookie_and = |cookie: &str| with("Bearer token-2").insert_header((header::COOKIE, cookie));
    let reads = vec![finding("token-1", Some(a_session()))];
    let answer = send(reads, accepting(false), cookie_and(TOKEN)).await;
    assert!(answer.body.contains("Ada"));
    let reads = vec![finding("token-2", Some(a_session()))];
    let answer = send(
        reads,
        accepting(false),
        cookie_and("better-auth.session_token=token-1.bad"),
    )
    .await;
    assert!(answer.body.contains("Ada"));
}

#[actix_web::test]
async fn an_expired_token_in_a_header_clears_no_cookie() {
    let answer = send(
        vec![finding("token-2", None)],
        accepting(false),
        with("Bearer token-2"),
    )
    .await;
    assert_eq!(answer.status_and_body(), (200, "null"));
    assert!(answer.cookies().is_empty());
}

#[actix_web::test]
async fn a_bearer_client_may_update_and_sign_out_from_any_origin() {
    let request = |path: &str, body: &str| {
        post(path, body)
            .insert_header((header::AUTHORIZATION, "Bearer token-1"))
            .insert_header((header::ORIGIN, STRANGER))
    };
    let mut change = FakeUnitOfWork::default();
    change
        .users
        .expect_update()
        .once()
        .return_once(|_, _, _| Ok(Some(a_user())));
    let reads = vec![finding("token-1", Some(a_session())), change];
    let changing = request("/update-user", r#"{"name":"Countess"}"#);
    let answer = send(reads, accepting(false), changing).await;
    assert_eq!(answer.status_and_body(), (200, r#"{"status":true}"#));

    let mut end = FakeUnitOfWork::default();
    end.sessions
        .expect_delete_all()
        .withf(|tokens| tokens.iter().map(SessionToken::expose).eq(["token-1"]))
        .once()
        .return_once(|_| Ok(()));
    let answer = send(vec![end], accepting(false), request("/sign-out", "{}")).await;
    assert_eq!(answer.status_and_body(), (200, r#"{"success":true}"#));
}

/// Sends the request for a session that is due for renewal, so that the response sets its token again.
async fn renewed(features: Features, request: TestRequest) -> Answer {
    let old = Session {
        expires_at: a_session().expires_at - TimeDelta::days(2),
        ..a_session()
    };
    let mut renewing = FakeUnitOfWork::default();
    renewing.sessions.expect_renew().once().return_once(|_| Ok(true));
    send(vec![finding("token-1", Some(old)), renewing], features, request).await
}

#[actix_web::test]
async fn a_token_that_is_set_is_sent_in_a_header_that_pages_may_read() {
    let request = || get("/api/auth/get-session").insert_header((header::COOKIE, TOKEN));
    let answer = renewed(accepting(false), request()).await;
    assert_eq!(answer.header("set-auth-token"), Some(SIGNED));
    assert_eq!(
        answer.header("access-control-expose-headers"),
        Some("set-auth-token")
    );

    let from_friend = request().insert_header((header::ORIGIN, FRIEND));
    let answer = renewed(accepting(false), from_friend).await;
    assert_eq!(
        answer.header("access-control-expose-headers"),
        Some("set-auth-token")
    );

    let answer = renewed(Features::default(), request()).await;
    assert_eq!(answer.cookies().len(), 1);
    assert_eq!(answer.header("set-auth-token"), None);
    assert_eq!(answer.header("access-control-expose-headers"), None);
}

#[actix_web::test]
async fn a_token_that_is_cleared_is_not_sent() {
    let answer = send(Vec::new(), accepting(false), post("/sign-out", "{}")).await;
    assert_eq!(answer.cookies().len(), 3);
    assert_eq!(answer.header("set-auth-token"), None);
}
