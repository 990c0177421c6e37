//! Renewal of sessions that a browser and a backend both read.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::json;

/// The headers of a request by a script in a browser.
const BROWSER: &[(&str, &str)] = &[
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
];

/// The headers of requests by backends, apart from the cookie that they forward.
const BACKENDS: &[(&str, &[(&str, &str)])] = &[
    ("none", &[]),
    ("Node", &[("sec-fetch-mode", "cors"), ("user-agent", "node")]),
    (
        "a user agent",
        &[("user-agent", "Mozilla/5.0"), ("x-forwarded-for", "203.0.113.9")],
    ),
    (
        "a forwarded navigation",
        &[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
            ("referer", "http://localhost:3000/"),
        ],
    ),
];

/// Reads a path with the caller's cookies.
async fn read(caller: &Caller, path: &str, headers: &[(&str, &str)]) -> Answer {
    let call = headers
        .iter()
        .fold(caller.get(path), |call, (name, value)| call.header(name, value));
    call.send().await
}

/// The lifetime of the session cookie that the response sets, in seconds. `None`: it sets none.
fn lifetime(answer: &Answer) -> Option<i64> {
    let line = answer
        .cookies()
        .find(|line| line.starts_with("better-auth.session_token=") && !line.contains("=;"))?;
    let (_, rest) = line.split_once("Max-Age=")?;
    rest.split(';').next()?.parse().ok()
}

/// Reads a path as a backend does: with the browser's cookie, and without passing the response's cookies on.
async fn ask(server: &TestServer, browser: &Caller, path: &str, headers: &[(&str, &str)]) -> Answer {
    let backend = server.anonymous();
    let cookies = browser.cookies();
    let headers = [headers, &[("cookie", cookies.as_str())]].concat();
    read(&backend, path, &headers).await
}

fn is_full(lifetime: Option<i64>) -> bool {
    lifetime.is_some_and(|seconds| (604_799..=604_800).contains(&seconds))
}

#[tokio::test]
async fn a_backend_does_not_use_up_the_renewal_of_the_browser() {
    for (name, headers) in BACKENDS {
        for path in ["/get-session", "/list-sessions", "/token"] {
            let server = TestServer::with_all_features();
            let browser = server.signed_up("ada").await;
            server.clock.advance(TimeDelta::days(1));
            for _ in 0..3 {
                let asked = ask(&server, &browser, path, headers).await;
                assert_eq!(asked.status, 200, "{name} {path}: {asked}");
                assert_ne!(asked.body, "null", "{name} {path}");
            }
            server.clock.advance(TimeDelta::minutes(1));
            let answer = read(&browser, "/get-session", BROWSER).await;
            assert!(is_full(lifetime(&answer)), "{name} {path}: {answer}");
            let again = read(&browser, "/get-session", BROWSER).await;
            assert_eq!(lifetime(&again), None, "{name} {path}: {again}");
        }
    }
}

/// A browser keeps the cookie for the lifetime that the server last sent.
#[tokio::test]
async fn a_browser_that_comes_back_every_second_day_stays_signed_in_beside_a_busy_backend() {
    let server = TestServer::start();
    let browser = server.signed_up("ada").await;
    let mut seconds_left = 604_800;
    for hour in 1..=24 * 21 {
        server.clock.advance(TimeDelta::hours(1));
        seconds_left -= 3600;
        assert!(seconds_left > 0, "the cookie has expired in hour {hour}");
        assert_ne!(ask(&server, &browser, "/get-session", &[]).await.body, "null");
        if hour % 48 == 0 {
            let answer = read(&browser, "/get-session", BROWSER).await;
            seconds_left = lifetime(&answer).unwrap_or(seconds_left);
        }
    }
}

#[tokio::test]
async fn a_request_of_the_browser_to_another_route_does_not_use_up_its_renewal() {
    let server = TestServer::start();
    let browser = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::days(1));
    assert_eq!(read(&browser, "/list-sessions", BROWSER).await.status, 200);
    assert!(is_full(lifetime(&read(&browser, "/get-session", BROWSER).await)));
}

#[tokio::test]
async fn browsers_without_fetch_metadata_and_expo_apps_are_renewed_once() {
    for headers in [
        &[("origin", "http://localhost:3000")],
        &[("referer", "http://localhost:3000/")],
        &[("expo-origin", "myapp://")],
    ] {
        let server = TestServer::start();
        let client = server.signed_up("ada").await;
        server.clock.advance(TimeDelta::days(1));
        assert!(
            is_full(lifetime(&read(&client, "/get-session", headers).await)),
            "{headers:?}"
        );
        server.clock.advance(TimeDelta::minutes(1));
        assert_eq!(
            lifetime(&read(&client, "/get-session", BROWSER).await),
            None,
            "{headers:?}"
        );
    }
}

/// As in Better Auth: such a client may store cookies, and a session that only a backend reads must not end.
#[tokio::test]
async fn a_client_that_is_no_browser_is_renewed_after_a_day() {
    let server = TestServer::start();
    let client = server.signed_up("ada").await;
    for day in 1..=20 {
        server.clock.advance(TimeDelta::days(1));
        let answer = read(&client, "/get-session", &[]).await;
        let expected = if day == 1 {
            Some(604_800)
        } else {
            lifetime(&answer)
        };
        assert_eq!(lifetime(&answer), expected, "{answer}");
        assert_ne!(answer.body, "null", "day {day}");
    }
    let answer = ask(&server, &client, "/get-session", &[]).await.json();
    let expires_at = answer["session"]["expiresAt"].as_str().unwrap();
    assert!(expires_at > "2026-01-26", "{expires_at}");
}

#[tokio::test]
async fn a_backend_that_sends_disable_refresh_changes_nothing() {
    let server = TestServer::start();
    let browser = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::days(2));
    let answer = ask(&server, &browser, "/get-session?disableRefresh=true", &[]).await;
    assert_eq!(
        answer.json()["session"]["expiresAt"],
        json!("2026-01-08T00:00:00.000Z")
    );
    assert_eq!(answer.cookies().count(), 0, "{answer}");
}
