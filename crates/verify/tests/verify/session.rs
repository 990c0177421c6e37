//! Session checks by asking the server.

use std::{sync::Arc, time::Duration};

use portcullis_verify::{Credentials, Error, Session, SessionChecker, SessionCheckerBuilder, Unavailable};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    clock::TestClock,
    server::{Reply, TestServer},
};

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Fields {
    plan: String,
}

pub(crate) fn signed_in() -> Value {
    json!({
        "session": { "id": "session1", "token": "raw", "userId": "user1", "expiresAt": "2027-01-22T08:00:00.000Z",
            "createdAt": "2027-01-15T08:00:00.000Z", "updatedAt": "2027-01-15T08:00:00.000Z",
            "ipAddress": "", "userAgent": null },
        "user": { "id": "user1", "name": "Ada", "email": "ada@example.com", "emailVerified": true, "image": null,
            "plan": "pro" },
    })
}

async fn asking(reply: Reply) -> (SessionCheckerBuilder, TestServer) {
    let server = TestServer::start(reply).await;
    let builder = SessionChecker::builder().base_url(format!("{}/api/auth/", server.url));
    (builder, server)
}

fn cookie() -> Credentials {
    Credentials::cookie("theme=dark; better-auth.session_token=abc.def%3D; better-auth.session_data=copy")
}

#[tokio::test]
async fn a_live_session_has_its_user() {
    let (builder, server) = asking(Reply::json(signed_in())).await;
    let found: Session<Fields> = builder.build().unwrap().check(&cookie()).await.unwrap().unwrap();
    assert_eq!((found.id.as_str(), found.user.id.as_str()), ("session1", "user1"));
    assert_eq!(found.expires_at, "2027-01-22T08:00:00.000Z");
    assert_eq!((found.user.email_verified, found.user.image), (true, None));
    assert_eq!(found.user.fields.plan, "pro");
    let request = server.last();
    assert!(request.starts_with("GET /api/auth/get-session?disableRefresh=true HTTP/1.1\r\n"));
    assert!(
        request.contains("\r\ncookie: better-auth.session_token=abc.def%3D\r\n"),
        "{request}"
    );
    assert!(
        !request.contains("theme") && !request.contains("copy"),
        "{request}"
    );
}

#[tokio::test]
async fn a_bearer_token_is_sent_on() {
    let (builder, server) = asking(Reply::json(signed_in())).await;
    let checker = builder.build().unwrap();
    let found: Option<Session> = checker.check(&Credentials::bearer("abc.def+/=")).await.unwrap();
    assert_eq!(found.unwrap().user.name, "Ada");
    assert!(server.last().contains("\r\nauthorization: Bearer abc.def+/=\r\n"));
    assert!(!server.last().contains("cookie"));
}

#[tokio::test]
async fn without_credentials_of_the_server_no_request_is_sent() {
    let (builder, server) = asking(Reply::json(signed_in())).await;
    let checker = builder.build().unwrap();
    let basic: &[u8] = b"Basic YTpi";
    for credentials in [
        Credentials::default(),
        Credentials::cookie("theme=dark"),
        Credentials::new([basic], []),
    ] {
        let found: Option<Session> = checker.check(&credentials).await.unwrap();
        assert_eq!(found, None);
    }
    let injected = checker.check::<Fields>(&Credentials::bearer("a\r\nx: y")).await;
    assert!(matches!(injected, Err(Error::Malformed(_))), "{injected:?}");
    let twice: [&[u8]; 2] = [b"Bearer a", b"Bearer b"];
    let twice = checker.check::<Fields>(&Credentials::new(twice, [])).await;
    assert!(matches!(twice, Err(Error::Malformed(_))), "{twice:?}");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn null_means_not_signed_in() {
    let (builder, _server) = asking(Reply::json("null")).await;
    let found: Option<Session> = builder.build().unwrap().check(&cookie()).await.unwrap();
    assert_eq!(found, None);
}

#[tokio::test]
async fn no_answer_is_not_a_sign_out() {
    let (builder, server) = asking(Reply::json("")).await;
    let checker = builder.build().unwrap();
    for status in [302, 307, 401, 403, 404, 429, 500, 502, 503] {
        server.answer(Reply::status(status).header("location", "/signed-in"));
        let outcome = checker.check::<Fields>(&cookie()).await;
        assert_eq!(outcome, Err(Error::Unavailable(Unavailable::Status(status))));
    }
    for body in ["", "<html>", "{}", "[]", "{\"session\":null,\"user\":null}"] {
        server.answer(Reply::json(body));
        let outcome = checker.check::<Fields>(&cookie()).await;
        assert!(
            matches!(outcome, Err(Error::Unavailable(Unavailable::Invalid(_)))),
            "{body}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_slow_server_is_not_waited_for() {
    let (builder, _server) = asking(Reply::json(signed_in()).after(Duration::from_hours(1))).await;
    let checker = builder.timeout(Duration::from_millis(50)).build().unwrap();
    let outcome = checker.check::<Fields>(&cookie()).await;
    assert_eq!(outcome, Err(Error::Unavailable(Unavailable::TimedOut)));
}

#[tokio::test]
async fn without_a_cache_every_check_asks() {
    let (builder, server) = asking(Reply::json(signed_in())).await;
    let checker = builder.build().unwrap();
    for _ in 0..3 {
        assert!(checker.check::<Fields>(&cookie()).await.unwrap().is_some());
    }
    assert_eq!(server.count(), 3);
    server.answer(Reply::json("null"));
    assert_eq!(checker.check::<Fields>(&cookie()).await, Ok(None));
}

#[tokio::test]
async fn cached_answers_belong_to_their_credentials_and_expire() {
    let (builder, server) = asking(Reply::json(signed_in())).await;
    let clock: Arc<TestClock> = TestClock::new();
    let checker = builder
        .cache(10, Duration::from_secs(5))
        .clock(clock.clone())
        .build()
        .unwrap();
    for _ in 0..3 {
        assert!(checker.check::<Fields>(&cookie()).await.unwrap().is_some());
    }
    assert_eq!(server.count(), 1);
    server.answer(Reply::json("null"));
    let other = Credentials::cookie("better-auth.session_token=other");
    for _ in 0..2 {
        assert_eq!(checker.check::<Fields>(&other).await, Ok(None));
    }
    assert_eq!(server.count(), 3, "the absence of a session is not cached");
    clock.advance(5);
    assert_eq!(checker.check::<Fields>(&cookie()).await, Ok(None));
}

#[tokio::test]
async fn a_cached_answer_is_not_used_after_the_sessions_end() {
    let mut body = signed_in();
    // 5 s after the start of the test's clock.
    body["session"]["expiresAt"] = json!("2027-01-15T08:00:05.000Z");
    let (builder, server) = asking(Reply::json(body)).await;
    let clock = TestClock::new();
    let checker = builder
        .cache(10, Duration::from_secs(30))
        .clock(clock.clone())
        .build()
        .unwrap();
    assert!(checker.check::<Fields>(&cookie()).await.unwrap().is_some());
    server.answer(Reply::json("null"));
    clock.advance(4);
    assert!(checker.check::<Fields>(&cookie()).await.unwrap().is_some());
    assert_eq!(server.count(), 1);
    clock.advance(1);
    assert_eq!(checker.check::<Fields>(&cookie()).await, Ok(None));
}

#[tokio::test]
async fn an_answer_without_a_readable_end_is_not_cached() {
    let mut body = signed_in();
    body["session"]["expiresAt"] = json!("soon");
    let (builder, server) = asking(Reply::json(body)).await;
    let checker = builder.cache(10, Duration::from_secs(30)).build().unwrap();
    for _ in 0..2 {
        assert!(checker.check::<Fields>(&cookie()).await.unwrap().is_some());
    }
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn the_cookies_name_is_configurable() {
    let (builder, server) = asking(Reply::json(signed_in())).await;
    let prefixed = builder.clone().cookie_prefix("acme").build().unwrap();
    let cookies = Credentials::cookie(
        "__Secure-acme.session_token=a; better-auth.session_token=b; __Host-sid=c; sid=d",
    );
    assert!(prefixed.check::<Fields>(&cookies).await.unwrap().is_some());
    assert!(
        server
            .last()
            .contains("\r\ncookie: __Secure-acme.session_token=a\r\n")
    );
    let named = builder.cookie_name("__Host-sid").build().unwrap();
    assert!(named.check::<Fields>(&cookies).await.unwrap().is_some());
    assert!(server.last().contains("\r\ncookie: __Host-sid=c\r\n"));
}

#[test]
fn credentials_are_not_shown() {
    let shown = format!("{:?} {:?}", cookie(), Credentials::bearer("secret"));
    assert!(!shown.contains("abc") && !shown.contains("secret"), "{shown}");
}
