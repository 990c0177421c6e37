//! Requests that are counted per session, because a backend or an office sends the requests of many users from one address.

use chrono::TimeDelta;
use portcullis_testkit::{TestServer, signed};
use serde_json::json;

use super::limited;

/// The address of a backend that sends the requests of its users.
const BACKEND: &str = "203.0.113.9";

/// A server with the general rule of 100 requests in 10 s, on which this many users have one session each.
fn crowded(users: usize) -> TestServer {
    let server = limited()
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .start();
    server.execute(&format!(
        r#"insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
           select 'user-' || n, 'User', 'user-' || n || '@example.com', true, '2026-01-01', '2026-01-01'
           from generate_series(1, {users}) as n;
           insert into session ("id", "token", "userId", "expiresAt", "createdAt", "updatedAt")
           select 'session-' || n, 'token-' || n, 'user-' || n, '2026-01-08', '2026-01-01', '2026-01-01'
           from generate_series(1, {users}) as n;"#
    ));
    server
}

/// The token of a user's session with the server's signature.
fn token(user: usize) -> String {
    signed(&format!("token-{user}"))
}

fn cookie(token: &str) -> (&'static str, String) {
    let token = token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    ("cookie", format!("better-auth.session_token={token}"))
}

fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}

/// The status and whether the response contains a session.
async fn get(server: &TestServer, path: &str, (name, value): &(&str, String)) -> (u16, bool) {
    let caller = server.anonymous();
    let call = caller.get(path).header("x-forwarded-for", BACKEND);
    let answer = call.header(name, value).send().await;
    (answer.status, answer.body.contains("session-"))
}

/// The number of requests in a row that are not answered with 429, at most 200.
async fn admitted(server: &TestServer, path: &str, credentials: &(&str, String)) -> usize {
    for count in 0..200 {
        if get(server, path, credentials).await.0 == 429 {
            return count;
        }
    }
    200
}

#[tokio::test]
async fn a_backend_checks_the_sessions_of_150_users_in_a_row() {
    let server = crowded(150);
    for path in ["/get-session", "/list-sessions"] {
        for user in 1..=150 {
            let found = get(&server, path, &cookie(&token(user))).await;
            assert_eq!(found, (200, true), "{path} {user}");
        }
    }
    for user in 1..=150 {
        let found = get(&server, "/get-session", &bearer(&token(user))).await;
        assert_eq!(found, (200, true), "{user}");
    }
    // The address has its own count, which is still unused.
    assert_eq!(admitted(&server, "/get-session", &bearer("")).await, 100);
    assert_eq!(
        get(&server, "/get-session", &cookie(&token(7))).await,
        (200, true)
    );
}

#[tokio::test]
async fn one_session_is_limited_at_every_address() {
    let server = crowded(2);
    assert_eq!(admitted(&server, "/get-session", &cookie(&token(1))).await, 100);
    // Another way to present the same session is the same client.
    assert_eq!(get(&server, "/get-session", &bearer(&token(1))).await.0, 429);
    let caller = server.anonymous();
    let (name, value) = cookie(&token(1));
    let elsewhere = caller
        .get("/get-session")
        .header("x-forwarded-for", "198.51.100.7");
    assert_eq!(elsewhere.header(name, &value).send().await.status, 429);
    // Other paths and other sessions have their own counts.
    assert_eq!(get(&server, "/list-sessions", &cookie(&token(1))).await.0, 200);
    assert_eq!(
        get(&server, "/get-session", &cookie(&token(2))).await,
        (200, true)
    );
    server.clock.advance(TimeDelta::seconds(11));
    assert_eq!(
        get(&server, "/get-session", &cookie(&token(1))).await,
        (200, true)
    );
}

#[tokio::test]
async fn forged_tokens_are_counted_by_address() {
    let server = crowded(0);
    let forged = |number: usize| {
        let token = token(1).replace("token-1.", &format!("token-{}.", number + 2));
        match number % 4 {
            0 => cookie(&token),
            1 => bearer(&token),
            2 => bearer(&format!("token-{number}")),
            _ => cookie(&format!("token-{number}")),
        }
    };
    for number in 0..100 {
        assert_eq!(get(&server, "/get-session", &forged(number)).await, (200, false));
    }
    for number in 100..110 {
        assert_eq!(
            get(&server, "/get-session", &forged(number)).await.0,
            429,
            "{number}"
        );
    }
}

/// An unsigned bearer token may be invented, also if it happens to be one of a session.
#[tokio::test]
async fn unsigned_bearer_tokens_are_counted_by_address() {
    let server = crowded(150);
    for user in 1..=100 {
        let found = get(&server, "/get-session", &bearer(&format!("token-{user}"))).await;
        assert_eq!(found, (200, true), "{user}");
    }
    assert_eq!(get(&server, "/get-session", &bearer("token-101")).await.0, 429);
}

/// Every sign-in gives a token whose signature stays valid. An attacker who collects such tokens gets one request with
/// each, and then shares the limit of the address.
#[tokio::test]
async fn the_tokens_of_ended_sessions_are_counted_by_address_once_they_were_looked_up() {
    let server = crowded(150);
    server.execute("delete from session");
    for round in 0..2 {
        let mut answered = 0;
        for user in 1..=150 {
            let status = get(&server, "/get-session", &cookie(&token(user))).await.0;
            answered += usize::from(status == 200);
        }
        assert_eq!(answered, [150, 100][round], "round {round}");
    }
    // Paths at which no session is looked up would never reveal that it has ended.
    server.clock.advance(TimeDelta::seconds(11));
    for user in 1..=100 {
        assert_eq!(get(&server, "/ok", &cookie(&token(1000 + user))).await.0, 200);
    }
    assert_eq!(get(&server, "/ok", &cookie(&token(2000))).await.0, 429);
}

#[tokio::test]
async fn a_session_that_was_signed_out_is_counted_by_address() {
    let server = crowded(1);
    let caller = server.anonymous();
    let (name, value) = cookie(&token(1));
    let call = caller
        .post("/sign-out", &json!({}))
        .header("x-forwarded-for", BACKEND);
    assert_eq!(call.header(name, &value).send().await.status, 200);
    assert_eq!(admitted(&server, "/get-session", &bearer("")).await, 100);
    assert_eq!(get(&server, "/get-session", &cookie(&token(1))).await.0, 429);
}

/// A user with many sessions must not get more attempts.
#[tokio::test]
async fn paths_with_a_rule_of_their_own_are_counted_by_address_also_with_a_session() {
    let server = crowded(5);
    let mut statuses = Vec::new();
    for user in 1..=5 {
        let caller = server.anonymous();
        let body = json!({ "currentPassword": "a wrong guess", "newPassword": "another-password" });
        let call = caller
            .post("/change-password", &body)
            .header("x-forwarded-for", BACKEND);
        let (name, value) = cookie(&token(user));
        statuses.push(call.header(name, &value).send().await.status == 429);
    }
    assert_eq!(statuses, [false, false, false, true, true]);
}

/// The table of counts does not contain tokens.
#[tokio::test]
async fn counts_of_sessions_in_the_database_do_not_reveal_tokens() {
    let server = limited()
        .set("PORTCULLIS_RATE_LIMIT__STORAGE", "database")
        .start();
    let ada = server.signed_up("ada").await;
    assert_eq!(ada.get("/get-session").send().await.status, 200);
    let counted = r"select 1 from portcullis_rate_limit where key ~ '^session\|[0-9a-f]{64}\|/get-session$'";
    assert_eq!(server.rows(counted), 1);
    let revealing = "select 1 from portcullis_rate_limit, session where position(token in key) > 0";
    assert_eq!(server.rows(revealing), 0);
}
