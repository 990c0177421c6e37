use std::net::SocketAddr;

use actix_web::{http::header, test::TestRequest};
use portcullis_application::testing::{
    FakePorts, FakeStore, FakeUnitOfWork, ServiceOptions,
    fixtures::{a_user, a_verified_user, an_account},
    seams::{CHALLENGE, challenging, refusing},
};

use super::{Answer, DONT_REMEMBER, app_with, options, post, send, send_with, send_with_app};
use crate::{App, BearerOptions, Cookie, CookieAttributes, CookieName, Features, Options, TokenCookie};

/// A look-up of the user, and a read of the user's account.
pub(super) fn reads() -> Vec<FakeUnitOfWork> {
    let (mut user, mut account) = (FakeUnitOfWork::default(), FakeUnitOfWork::default());
    user.users
        .expect_find_by_email()
        .once()
        .return_once(|_| Ok(Some(a_user())));
    account
        .accounts
        .expect_find_credential()
        .once()
        .return_once(|_| Ok(Some(an_account("plain:password1"))));
    vec![user, account]
}

/// The reads, and a write that stores the session.
pub(super) fn store() -> FakeStore {
    let mut write = FakeUnitOfWork::default();
    write
        .accounts
        .expect_lock_if_unchanged()
        .once()
        .return_once(|_, _| Ok(true));
    write
        .sessions
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    FakeStore::new(reads(), vec![write])
}

async fn sign_in(members: &str) -> Answer {
    let body = format!(r#"{{"email":"ADA@example.com","password":"password1"{members}}}"#);
    send(store(), post("/sign-in/email", body)).await
}

/// Returns the token in the response, so that the rest can be compared.
fn token(answer: &Answer) -> String {
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

const USER: &str = concat!(
    r#""user":{"name":"Ada","email":"ada@example.com","emailVerified":false,"image":null,"#,
    r#""createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"user-1"}"#
);

#[actix_web::test]
async fn a_remembered_user_keeps_the_token_for_a_week() {
    for members in ["", r#","rememberMe":true"#] {
        let answer = sign_in(members).await;
        let token = token(&answer);
        let body = format!(r#"{{"redirect":false,"token":"{token}",{USER}}}"#);
        assert_eq!(answer.status_and_body(), (200, body.as_str()));
        assert_eq!(token.len(), 32);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("location"), None);
        let [cookie] = answer.cookies()[..] else {
            panic!("expected one cookie")
        };
        assert!(cookie.starts_with(&format!("better-auth.session_token={token}.")));
        assert!(cookie.ends_with("; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"));
    }
}

#[actix_web::test]
async fn a_user_who_is_not_remembered_keeps_the_token_until_the_browser_closes() {
    let answer = sign_in(r#","rememberMe":false"#).await;
    let [session, dont_remember] = answer.cookies()[..] else {
        panic!("expected two cookies")
    };
    assert!(session.starts_with(&format!("better-auth.session_token={}.", token(&answer))));
    assert!(session.ends_with("%3D; Path=/; HttpOnly; SameSite=Lax"));
    assert_eq!(
        dont_remember,
        format!("{}; Path=/; HttpOnly; SameSite=Lax", super::DONT_REMEMBER)
    );
}

#[actix_web::test]
async fn the_response_contains_the_callback_url() {
    for (given, redirect, location) in [
        ("/dash?x=1", true, Some("/dash?x=1")),
        ("http://localhost:5173/in", true, Some("http://localhost:5173/in")),
        (
            "http://localhost:5173/é",
            true,
            Some("http://localhost:5173/%C3%A9"),
        ),
        (
            r"http://localhost:5173/a\r\nSet-Cookie:x",
            true,
            Some("http://localhost:5173/aSet-Cookie:x"),
        ),
        ("", false, None),
    ] {
        let answer = sign_in(&format!(r#","callbackURL":"{given}""#)).await;
        let body = format!(
            r#"{{"redirect":{redirect},"token":"{}","url":"{given}",{USER}}}"#,
            token(&answer)
        );
        assert_eq!(answer.status_and_body(), (200, body.as_str()));
        assert_eq!(answer.header("location"), location);
    }
}

#[actix_web::test]
async fn every_error_has_its_code_and_sets_no_cookie() {
    let sign_in = |email: &str, password: &str| {
        post(
            "/sign-in/email",
            format!(r#"{{"email":"{email}","password":"{password}"}}"#),
        )
    };
    let wrong = (
        401,
        r#"{"code":"INVALID_EMAIL_OR_PASSWORD","message":"Invalid email or password"}"#,
    );
    let mut stranger = FakeUnitOfWork::default();
    stranger
        .users
        .expect_find_by_email()
        .once()
        .return_once(|_| Ok(None));
    for (request, reads, expected) in [
        (sign_in("ada@example.com", "password2"), reads(), wrong),
        (sign_in("ada@example.com", ""), reads(), wrong),
        (sign_in("eve@example.com", "password1"), vec![stranger], wrong),
        (
            sign_in("ada@example.com", &"x".repeat(129)),
            Vec::new(),
            (
                400,
                r#"{"code":"PASSWORD_TOO_LONG","message":"Password too long"}"#,
            ),
        ),
        (
            sign_in("ada", "password1"),
            Vec::new(),
            (400, r#"{"code":"INVALID_EMAIL","message":"Invalid email"}"#),
        ),
    ] {
        let answer = send(FakeStore::new(reads, Vec::new()), request).await;
        assert_eq!(answer.status_and_body(), expected);
        assert!(answer.cookies().is_empty());
    }
}

#[actix_web::test]
async fn a_session_stores_the_clients_address_and_user_agent() {
    let mut write = FakeUnitOfWork::default();
    write
        .accounts
        .expect_lock_if_unchanged()
        .once()
        .return_once(|_, _| Ok(true));
    write
        .sessions
        .expect_insert()
        .withf(|session| {
            session.ip_address.as_deref() == Some("203.0.113.9")
                && session.user_agent.as_deref() == Some("Ada's")
        })
        .once()
        .return_once(|row| Ok(row.clone()));
    let ports = FakePorts::with_store(FakeStore::new(reads(), vec![write])).ports;
    let options = Options {
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        ..options()
    };
    let body = r#"{"email":"ada@example.com","password":"password1"}"#;
    let request: TestRequest = post("/sign-in/email", body)
        .peer_addr(SocketAddr::from(([10, 0, 0, 1], 5000)))
        .insert_header(("x-forwarded-for", "1.1.1.1, 203.0.113.9"))
        .insert_header((header::USER_AGENT, "Ada's"));
    assert_eq!(send_with(&ports, options, request).await.status, 200);
}

/// Signs in a user whose address is verified when the user is locked for a second step.
async fn sign_in_with(services: ServiceOptions, members: &str) -> Answer {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_lock()
        .returning(|_| Ok(Some(a_verified_user())));
    unit.accounts
        .expect_lock_if_unchanged()
        .once()
        .return_once(|_, _| Ok(true));
    let ports = FakePorts::with_store(FakeStore::new(reads(), vec![unit])).ports;
    let mut options = options();
    let cookie = Cookie {
        name: CookieName::parse("better-auth.challenge").unwrap(),
        attributes: CookieAttributes::new(false),
    };
    options.cookies.tokens = vec![TokenCookie {
        kind: CHALLENGE,
        cookie,
    }];
    let body = format!(r#"{{"email":"ada@example.com","password":"password1"{members}}}"#);
    let bearer = BearerOptions {
        require_signature: false,
    };
    let app = App {
        features: Features::default().with(Some(bearer)),
        ..app_with(&ports, services)
    };
    send_with_app(app, options, post("/sign-in/email", body)).await
}

#[actix_web::test]
async fn a_challenged_user_gets_no_token_of_a_session() {
    let gone = |name: &str| format!("better-auth.{name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
    let cleared = ["session_token", "session_data", "challenge"].map(gone);
    let remembered = sign_in_with(challenging(), r#","callbackURL":"/home""#).await;
    assert_eq!(
        remembered.status_and_body(),
        (200, r#"{"twoFactorRedirect":true}"#)
    );
    assert_eq!(remembered.cookies(), cleared);
    assert_eq!(remembered.header("set-auth-token"), None);
    assert_eq!(remembered.header("location"), Some("/home"));

    let forgotten = sign_in_with(challenging(), r#","rememberMe":false"#).await;
    let cookies = forgotten.cookies();
    assert!(cookies[0].starts_with(DONT_REMEMBER), "{cookies:?}");
    assert_eq!(cookies[1..], cleared);
}

#[actix_web::test]
async fn a_refusal_is_answered_with_its_code_and_one_without_a_code_is_a_failure() {
    let refused = sign_in_with(refusing("EMAIL_NOT_VERIFIED"), "").await;
    assert_eq!(
        refused.status_and_body(),
        (
            403,
            r#"{"code":"EMAIL_NOT_VERIFIED","message":"Email not verified"}"#
        )
    );
    assert!(refused.cookies().is_empty());
    assert_eq!(sign_in_with(refusing("NO_SUCH_CODE"), "").await.status, 500);
}
