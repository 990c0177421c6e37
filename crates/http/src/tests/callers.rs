use actix_web::{http::header, test::TestRequest};
use portcullis_application::{
    ports::Failure,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{a_session, a_user, an_account},
    },
};

use super::{OWN, TOKEN, ask, get, options, post, send, send_with};

const UNAVAILABLE: (u16, &str) = (
    503,
    r#"{"code":"SERVICE_UNAVAILABLE","message":"Service unavailable"}"#,
);

fn present() -> FakeUnitOfWork {
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Ok(Some((a_session(), a_user()))));
    read
}

fn by_caller(request: TestRequest) -> TestRequest {
    request
        .insert_header((header::COOKIE, TOKEN))
        .insert_header((header::ORIGIN, OWN))
}

#[actix_web::test]
async fn a_request_without_a_session_gets_401_without_a_body() {
    let answer = ask(get("/api/auth/list-sessions")).await;
    assert_eq!(answer.status_and_body(), (401, ""));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let forged =
        get("/api/auth/list-sessions").insert_header((header::COOKIE, "better-auth.session_token=x.y"));
    // The store expects no call.
    assert_eq!(ask(forged).await.status_and_body(), (401, ""));
}

#[actix_web::test]
async fn a_revoked_session_gets_401_and_its_cookies_are_not_cleared() {
    let mut gone = FakeUnitOfWork::default();
    gone.sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Ok(None));
    let store = FakeStore::new(vec![gone], Vec::new());
    let answer = send(store, by_caller(post("/update-user", r#"{"name":"x"}"#))).await;
    assert_eq!(answer.status_and_body(), (401, ""));
    assert!(answer.cookies().is_empty());
}

#[actix_web::test]
async fn an_unavailable_store_is_503_and_clears_no_cookies() {
    let mut away = FakeUnitOfWork::default();
    away.sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Err(Failure::unavailable("connection refused")));
    let store = FakeStore::new(vec![away], Vec::new());
    let answer = send(store, by_caller(post("/revoke-sessions", "{}"))).await;
    assert_eq!(answer.status_and_body(), UNAVAILABLE);
    assert!(answer.cookies().is_empty());
}

#[actix_web::test]
async fn an_update_of_a_user_who_was_just_deleted_gets_401() {
    let mut write = FakeUnitOfWork::default();
    write.users.expect_update().once().return_once(|_, _, _| Ok(None));
    let store = FakeStore::new(vec![present(), write], Vec::new());
    let answer = send(store, by_caller(post("/update-user", r#"{"name":"x"}"#))).await;
    assert_eq!(answer.status_and_body(), (401, ""));
    assert!(answer.cookies().is_empty());
}

#[actix_web::test]
async fn a_falsy_address_is_ignored_by_update_user() {
    for email in [r#""""#, "0", "-0", "0.0", "false", "null"] {
        let body = format!(r#"{{"email":{email}}}"#);
        let store = FakeStore::new(vec![present()], Vec::new());
        let answer = send(store, by_caller(post("/update-user", body))).await;
        let nothing = r#"{"code":"NO_FIELDS_TO_UPDATE","message":"No fields to update"}"#;
        assert_eq!(answer.status_and_body(), (400, nothing), "{email}");
    }
    for email in [r#""x""#, "1", "1e-9", "true", "[]", "{}"] {
        let body = format!(r#"{{"email":{email}}}"#);
        let store = FakeStore::new(vec![present()], Vec::new());
        let answer = send(store, by_caller(post("/update-user", body))).await;
        let refused = r#"{"code":"EMAIL_CAN_NOT_BE_UPDATED","message":"Email can not be updated"}"#;
        assert_eq!(answer.status_and_body(), (400, refused), "{email}");
    }
}

#[actix_web::test]
async fn passwords_above_the_maximum_length_are_not_hashed() {
    let long = "x".repeat(129);
    for (path, body) in [
        ("/verify-password", format!(r#"{{"password":"{long}"}}"#)),
        (
            "/change-password",
            format!(r#"{{"currentPassword":"{long}","newPassword":"password2"}}"#),
        ),
        (
            "/change-password",
            format!(r#"{{"currentPassword":"password1","newPassword":"{long}"}}"#),
        ),
    ] {
        let fake = FakePorts::with_store(FakeStore::new(vec![present()], Vec::new()));
        let answer = send_with(&fake.ports, options(), by_caller(post(path, body))).await;
        let refused = r#"{"code":"PASSWORD_TOO_LONG","message":"Password too long"}"#;
        assert_eq!(answer.status_and_body(), (400, refused), "{path}");
        assert_eq!(fake.hasher.work(), 0, "{path}");
    }
}

#[actix_web::test]
async fn responses_to_callers_are_not_cacheable() {
    let mut list = FakeUnitOfWork::default();
    list.sessions
        .expect_list_by_user()
        .once()
        .return_once(|_, _, _| Ok(vec![a_session()]));
    let store = FakeStore::new(vec![present(), list], Vec::new());
    let answer = send(store, by_caller(get("/api/auth/list-sessions"))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let mut look = FakeUnitOfWork::default();
    look.accounts
        .expect_find_credential()
        .once()
        .return_once(|_| Ok(Some(an_account("plain:password1"))));
    let store = FakeStore::new(vec![present(), look], Vec::new());
    let answer = send(
        store,
        by_caller(post("/verify-password", r#"{"password":"password1"}"#)),
    )
    .await;
    assert_eq!(answer.status_and_body(), (200, r#"{"status":true}"#));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}
