//! Checks of tokens by introspection.

use std::time::Duration;

use portcullis_verify::{Error, Introspection, Introspector, Unavailable};
use serde::Deserialize;
use serde_json::json;

use crate::{
    clock::{START, TestClock},
    server::{Reply, TestServer},
};

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Fields {
    plan: String,
}

fn active() -> Reply {
    Reply::json(json!({
        "active": true, "iss": "https://auth.example.com", "sub": "user1", "sid": "session1", "exp": 1_900_000_000,
        "iat": 1_800_000_000, "token_type": "session", "username": "ada@example.com",
        "user": { "id": "user1", "name": "Ada", "email": "ada@example.com", "emailVerified": true, "image": null,
            "plan": "pro" },
    }))
}

async fn asking(reply: Reply) -> (Introspector, TestServer) {
    let server = TestServer::start(reply).await;
    let introspector = Introspector::builder()
        .base_url(format!("{}/api/auth", server.url))
        .client("my api", "a:b&c")
        .build()
        .unwrap();
    (introspector, server)
}

#[tokio::test]
async fn an_active_token_has_its_user() {
    let (introspector, server) = asking(active()).await;
    let found: Introspection<Fields> = introspector.introspect("a.b+c%3D").await.unwrap().unwrap();
    assert_eq!(
        (found.sub.as_str(), found.sid.as_deref()),
        ("user1", Some("session1"))
    );
    assert_eq!(
        (found.exp, found.token_type.as_deref()),
        (Some(1_900_000_000), Some("session"))
    );
    assert_eq!(found.user.unwrap().fields.plan, "pro");
    let request = server.last();
    assert!(
        request.starts_with("POST /api/auth/oauth2/introspect HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(request.contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n"));
    // my+api:a%3Ab%26c
    assert!(
        request.contains("\r\nauthorization: Basic bXkrYXBpOmElM0FiJTI2Yw==\r\n"),
        "{request}"
    );
    assert!(request.ends_with("\r\n\r\ntoken=a.b%2Bc%253D"), "{request}");
}

#[tokio::test]
async fn a_token_that_is_not_active_has_no_user() {
    let (introspector, _server) = asking(Reply::json(json!({ "active": false }))).await;
    let found: Option<Introspection> = introspector.introspect("a").await.unwrap();
    assert_eq!(found, None);
}

#[tokio::test]
async fn no_answer_is_not_an_inactive_token() {
    let (introspector, server) = asking(active()).await;
    for status in [301, 400, 401, 429, 503] {
        server.answer(Reply::status(status));
        let outcome = introspector.introspect::<Fields>("a").await;
        assert_eq!(outcome, Err(Error::Unavailable(Unavailable::Status(status))));
    }
    for body in [
        json!({}),
        json!({ "active": "yes" }),
        json!({ "active": true }),
        json!(null),
    ] {
        server.answer(Reply::json(&body));
        let outcome = introspector.introspect::<Fields>("a").await;
        assert!(
            matches!(outcome, Err(Error::Unavailable(Unavailable::Invalid(_)))),
            "{body}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn the_private_listener_gets_no_credentials_and_answers_are_cached() {
    let server = TestServer::start(active()).await;
    let clock = TestClock::new();
    let introspector = Introspector::builder()
        .private_url(format!("{}/api/auth/oauth2/introspect", server.url))
        .cache(10, Duration::from_secs(2))
        .clock(clock.clone())
        .build()
        .unwrap();
    for _ in 0..3 {
        let found: Option<Introspection<Fields>> = introspector.introspect("a").await.unwrap();
        assert_eq!(found.unwrap().sub, "user1");
    }
    assert_eq!(server.count(), 1);
    assert!(!server.last().contains("authorization"));
    clock.advance(2);
    server.answer(Reply::json(json!({ "active": false })));
    assert_eq!(introspector.introspect::<Fields>("a").await, Ok(None));
}

#[tokio::test]
async fn a_cached_answer_is_not_used_after_the_tokens_end() {
    let body = json!({ "active": true, "sub": "user1", "exp": START + 5 });
    let server = TestServer::start(Reply::json(body)).await;
    let clock = TestClock::new();
    let introspector = Introspector::builder()
        .private_url(&server.url)
        .cache(10, Duration::from_secs(30))
        .clock(clock.clone())
        .build()
        .unwrap();
    assert!(introspector.introspect::<Fields>("a").await.unwrap().is_some());
    server.answer(Reply::json(json!({ "active": false })));
    clock.advance(4);
    assert!(introspector.introspect::<Fields>("a").await.unwrap().is_some());
    clock.advance(1);
    assert_eq!(introspector.introspect::<Fields>("a").await, Ok(None));
}

#[tokio::test]
async fn the_services_secret_is_not_shown() {
    let (introspector, _server) = asking(active()).await;
    assert!(!format!("{introspector:?}").contains("Basic"));
}
