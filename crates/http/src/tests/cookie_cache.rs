use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use actix_web::{http::header, test::TestRequest};
use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::{
    ports::{CachedSession, Encoding, Ports, SessionCacheCodec},
    session::{SessionCookieCache, SessionCookieCacheOptions},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, PlainSessionCacheCodec,
        fixtures::{a_session, a_user},
    },
};
use portcullis_domain::session::Session;
use serde_json::{Map, Value};

use super::{Answer, DONT_REMEMBER, OWN, TOKEN, app, get, options, post, send_with_app, sign_in::store};
use crate::{App, Route, Schema, Shape, roll_call};

pub(super) const ATTRIBUTES: &str = "Path=/; HttpOnly; SameSite=Lax";

/// Counts how often the session cookie cache is read.
#[derive(Default)]
struct Spy(AtomicUsize);

impl SessionCacheCodec for Spy {
    fn seal(&self, encoding: Encoding, session: &CachedSession) -> String {
        PlainSessionCacheCodec.seal(encoding, session)
    }

    fn open(&self, encoding: Encoding, text: &str, now: DateTime<Utc>) -> Option<CachedSession> {
        self.0.fetch_add(1, Ordering::SeqCst);
        PlainSessionCacheCodec.open(encoding, text, now)
    }
}

pub(super) fn caching(ports: &Ports) -> App {
    let options = SessionCookieCacheOptions {
        encoding: Encoding::Compact,
        max_age: TimeDelta::seconds(300),
        version: "1".to_owned(),
    };
    App {
        session_cookie_cache: Some(SessionCookieCache::new(ports, options)),
        ..app(ports)
    }
}

pub(super) fn finding(session: Option<Session>) -> FakeUnitOfWork {
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Ok(session.map(|session| (session, a_user()))));
    read
}

pub(super) fn current(query: &str, cookies: &str) -> TestRequest {
    get(&format!("/api/auth/get-session{query}")).insert_header((header::COOKIE, cookies))
}

async fn read(reads: Vec<FakeUnitOfWork>, query: &str, cookies: &str) -> Answer {
    let ports = FakePorts::with_store(FakeStore::new(reads, Vec::new())).ports;
    send_with_app(caching(&ports), options(), current(query, cookies)).await
}

/// Returns the session cookie cache of a live session, as a cookie.
async fn a_cookie_cache() -> String {
    let answer = read(vec![finding(Some(a_session()))], "", TOKEN).await;
    let [line] = answer.cookies()[..] else {
        panic!("expected one cookie: {:?}", answer.cookies())
    };
    let (cookie, attributes) = line.split_once("; ").unwrap();
    assert_eq!(attributes, format!("Max-Age=300; {ATTRIBUTES}"));
    assert!(cookie.starts_with("better-auth.session_data=%7B"), "{cookie}");
    cookie.to_owned()
}

#[actix_web::test]
async fn a_cookie_cache_returns_the_same_session_as_the_store() {
    let body = read(vec![finding(Some(a_session()))], "", TOKEN).await.body;
    let cookies = format!("{TOKEN}; {}", a_cookie_cache().await);
    // The store expects no call.
    let answer = read(Vec::new(), "?disableCookieCache=&disableRefresh=true", &cookies).await;
    assert_eq!(answer.status_and_body(), (200, body.as_str()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.cookies().is_empty());
}

#[actix_web::test]
async fn a_cookie_cache_is_ignored_without_its_token() {
    let cache = a_cookie_cache().await;
    assert_eq!(
        read(Vec::new(), "", &cache).await.status_and_body(),
        (200, "null")
    );
    let other = "better-auth.session_token=token-2.dG9rZW4tMgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D";
    let answer = read(vec![finding(None)], "", &format!("{other}; {cache}")).await;
    assert_eq!(answer.status_and_body(), (200, "null"));
    assert_eq!(answer.cookies().len(), 3);
}

#[actix_web::test]
async fn a_disabled_or_invalid_cookie_cache_is_replaced() {
    let cache = a_cookie_cache().await;
    for (query, cache) in [
        ("?disableCookieCache=false", cache.as_str()),
        ("?disableCookieCache=&disableCookieCache=", &cache),
        ("", "better-auth.session_data=garbage"),
        ("", "better-auth.session_data=%ff"),
        ("", &cache.replace("Ada", "Eve")[..cache.len() - 1]),
        ("", &cache.replace("version%22%3A%221", "version%22%3A%222")),
    ] {
        let answer = read(
            vec![finding(Some(a_session()))],
            query,
            &format!("{TOKEN}; {cache}"),
        )
        .await;
        assert!(answer.body.contains("Ada"), "{query} {cache}");
        let [cleared, kept] = answer.cookies()[..] else {
            panic!("expected two cookies: {:?}", answer.cookies())
        };
        assert_eq!(
            cleared,
            format!("better-auth.session_data=; Max-Age=0; {ATTRIBUTES}")
        );
        assert!(kept.starts_with("better-auth.session_data=%7B"), "{kept}");
    }
}

#[actix_web::test]
async fn a_disabled_cookie_cache_is_neither_read_nor_set() {
    let cookies = format!("{TOKEN}; {}", a_cookie_cache().await);
    let ports = FakePorts::with_store(FakeStore::new(vec![finding(None)], Vec::new())).ports;
    let answer = send_with_app(app(&ports), options(), current("", &cookies)).await;
    assert_eq!(answer.status_and_body(), (200, "null"));
}

#[actix_web::test]
async fn reading_a_session_that_is_not_remembered_sets_no_cookie_cache() {
    let cookies = format!("{TOKEN}; {DONT_REMEMBER}; better-auth.session_data=old");
    let answer = read(vec![finding(Some(a_session()))], "", &cookies).await;
    assert_eq!(answer.status, 200);
    assert!(answer.cookies().is_empty());
}

#[actix_web::test]
async fn a_sign_in_sets_the_cookie_cache_after_the_other_cookies() {
    for (remember_me, names, max_age) in [
        (true, &["session_token", "session_data"][..], "; Max-Age=300; "),
        (
            false,
            &["session_token", "dont_remember", "session_data"],
            "; Path=/; ",
        ),
    ] {
        let ports = FakePorts::with_store(store()).ports;
        let body =
            format!(r#"{{"email":"ada@example.com","password":"password1","rememberMe":{remember_me}}}"#);
        let answer = send_with_app(caching(&ports), options(), post("/sign-in/email", body)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let cookies = answer.cookies();
        assert_eq!(cookies.len(), names.len(), "{cookies:?}");
        for (cookie, name) in cookies.iter().zip(names) {
            assert!(cookie.starts_with(&format!("better-auth.{name}=")), "{cookie}");
        }
        assert!(cookies.last().unwrap().contains(max_age), "{cookies:?}");
    }
}

#[actix_web::test]
async fn a_cookie_cache_in_pieces_is_read() {
    let cache = a_cookie_cache().await;
    let (name, value) = cache.split_once('=').unwrap();
    let (first, second) = value.split_at(101);
    let pieces = format!("{TOKEN}; {name}.1={second}; {name}.0={first}");
    let answer = read(Vec::new(), "", &pieces).await;
    assert!(answer.body.contains("Ada"), "{}", answer.body);
    assert!(answer.cookies().is_empty());
    let torn = format!("{TOKEN}; {name}.1={second}");
    assert_eq!(
        read(vec![finding(None)], "", &torn).await.status_and_body(),
        (200, "null")
    );
}

/// Returns members that the schema accepts.
fn accepted(schema: Option<&Schema>) -> Map<String, Value> {
    let fields = schema.map_or(&[][..], |schema| schema.fields);
    let value = |shape: Shape| match shape {
        Shape::Anything | Shape::Record | Shape::List(_) | Shape::Object(_) => None,
        Shape::Boolean => Some(Value::Bool(true)),
        Shape::Email => Some("new@example.com".into()),
        Shape::RedirectUrl | Shape::Image | Shape::Nullable(Shape::Image) => Some("/x".into()),
        _ => Some("password1".into()),
    };
    fields
        .iter()
        .filter_map(|field| Some((field.name.to_owned(), value(field.shape)?)))
        .collect()
}

fn request_for(route: &Route, cookies: &str) -> TestRequest {
    let query = accepted(route.query());
    let query: Vec<_> = query
        .iter()
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or("true")))
        .collect();
    let body = Value::Object(accepted(route.body())).to_string();
    TestRequest::with_uri(&format!("{}?{}", route.full_path("/api/auth"), query.join("&")))
        .method(route.method.parse().unwrap())
        .insert_header((header::COOKIE, cookies))
        .insert_header((header::ORIGIN, OWN))
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CONTENT_LENGTH, body.len()))
        .set_payload(body)
}

/// The session cookie cache outlives its session and user, so that no action may rely on it (GHSA-2vg6-77g8-24mp).
#[actix_web::test]
async fn only_get_session_reads_the_cookie_cache() {
    let cookies = format!("{TOKEN}; {}", a_cookie_cache().await);
    for route in roll_call::routes() {
        let gone = || {
            let mut gone = FakeUnitOfWork::default();
            gone.sessions.expect_find_by_token().returning(|_| Ok(None));
            gone.sessions.expect_delete_all().returning(|_| Ok(()));
            gone
        };
        let spy = Arc::new(Spy::default());
        let ports = Ports {
            session_cache_codec: spy.clone(),
            ..FakePorts::with_store(FakeStore::new((0..9).map(|_| gone()).collect(), Vec::new())).ports
        };
        let answer = send_with_app(caching(&ports), options(), request_for(route, &cookies)).await;
        let reads = spy.0.load(Ordering::SeqCst);
        if route.path == "/get-session" {
            assert_eq!((reads, answer.status.as_u16()), (1, 200));
        } else {
            assert_eq!(reads, 0, "{}", route.path);
        }
        if route.needs_session() && answer.status != 404 {
            assert_eq!(answer.status_and_body(), (401, ""), "{}", route.path);
        }
    }
}
