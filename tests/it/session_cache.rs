//! The session cache, by the answers of two replicas.

use std::time::Duration;

use chrono::TimeDelta;
use portcullis_testkit::{Caller, TestServer};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

/// Within this time, each replica has seen a change or asks the database.
const BOUND: Duration = Duration::from_millis(100);
/// How long a test waits for an answer that does not come while the table is locked.
const WHILE_LOCKED: Duration = Duration::from_millis(300);

const ENABLED: &str = "PORTCULLIS_SESSION_CACHE__ENABLED";

/// Starts two replicas with a session cache.
fn replicas() -> (TestServer, TestServer) {
    let one = TestServer::with_every_feature().set(ENABLED, "true").start();
    let other = TestServer::with_every_feature()
        .set(ENABLED, "true")
        .replica_of(&one)
        .start();
    (one, other)
}

/// Returns what this server answers about the session with these cookies.
async fn session(server: &TestServer, cookies: &str) -> Value {
    let caller = server.anonymous();
    let answer = caller
        .get("/get-session?disableRefresh=true")
        .header("cookie", cookies)
        .send()
        .await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.json()
}

/// Returns whether a session is in the memory of the server: it is returned while its table is locked.
async fn is_in_memory(server: &TestServer, cookies: &str) -> bool {
    are_in_memory(server, &[cookies]).await
}

/// Returns whether all these sessions are in the memory of the server at the same time.
pub(crate) async fn are_in_memory(server: &TestServer, sessions: &[&str]) -> bool {
    for cookies in sessions {
        session(server, cookies).await;
    }
    let _lock = server.open_transaction("lock table session");
    for cookies in sessions {
        if timeout(WHILE_LOCKED, session(server, cookies)).await.is_err() {
            return false;
        }
    }
    true
}

/// Waits until a session is in the memory of both servers.
async fn until_in_memory(servers: [&TestServer; 2], cookies: &str) {
    let cached = async {
        for server in servers {
            while !is_in_memory(server, cookies).await {}
        }
    };
    timeout(Duration::from_mins(2), cached).await.unwrap();
}

/// Signs Ada up, and returns her client and her cookies, with which her session is in the memory of both servers.
async fn ada(one: &TestServer, other: &TestServer) -> (Caller, String) {
    let ada = one.signed_up("ada").await;
    let cookies = ada.cookies();
    until_in_memory([one, other], &cookies).await;
    (ada, cookies)
}

#[tokio::test]
async fn a_session_that_its_user_ends_is_dead_at_once_here_and_soon_at_another_replica() {
    let (one, other) = replicas();
    let (caller, cookies) = ada(&one, &other).await;
    caller.post("/sign-out", &json!({})).send().await;
    assert_eq!(session(&one, &cookies).await, Value::Null);
    sleep(BOUND).await;
    assert_eq!(session(&other, &cookies).await, Value::Null);
}

#[tokio::test]
async fn sessions_that_other_routes_end_are_dead_at_once_here_and_soon_at_another_replica() {
    let password = "password1234";
    for (path, body) in [
        ("/revoke-sessions", json!({})),
        ("/delete-user", json!({ "password": password })),
        (
            "/change-password",
            json!({ "currentPassword": password, "newPassword": "password5678", "revokeOtherSessions": true }),
        ),
    ] {
        let (one, other) = replicas();
        let (caller, cookies) = ada(&one, &other).await;
        let answer = caller.post(path, &body).send().await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
        assert_eq!(session(&one, &cookies).await, Value::Null, "{path}");
        sleep(BOUND).await;
        assert_eq!(session(&other, &cookies).await, Value::Null, "{path}");
    }
}

#[tokio::test]
async fn a_session_that_an_operator_deletes_is_dead_soon_at_every_replica() {
    let (one, other) = replicas();
    let (_caller, cookies) = ada(&one, &other).await;
    one.execute("delete from session");
    sleep(BOUND).await;
    assert_eq!(session(&one, &cookies).await, Value::Null);
    assert_eq!(session(&other, &cookies).await, Value::Null);
}

#[tokio::test]
async fn a_user_whom_an_operator_changes_is_changed_soon_at_every_replica() {
    let (one, other) = replicas();
    let (_caller, cookies) = ada(&one, &other).await;
    one.execute(r#"update "user" set name = 'Countess'"#);
    sleep(BOUND).await;
    for server in [&one, &other] {
        assert_eq!(session(server, &cookies).await["user"]["name"], "Countess");
    }
}

#[tokio::test]
async fn a_user_who_changes_their_name_sees_it_at_once() {
    let (one, other) = replicas();
    let (caller, cookies) = ada(&one, &other).await;
    caller
        .post("/update-user", &json!({ "name": "Countess" }))
        .send()
        .await;
    assert_eq!(session(&one, &cookies).await["user"]["name"], "Countess");
}

#[tokio::test]
async fn a_session_in_memory_expires_and_is_renewed_as_any_other() {
    let (one, other) = replicas();
    let (caller, cookies) = ada(&one, &other).await;
    let expires = |session: &Value| session["session"]["expiresAt"].clone();
    let before = expires(&session(&one, &cookies).await);
    one.clock.advance(TimeDelta::days(2));
    caller.get("/get-session").send().await;
    let renewed = expires(&session(&one, &cookies).await);
    assert_ne!(renewed, before);
    sleep(BOUND).await;
    assert_eq!(expires(&session(&other, &cookies).await), renewed);
    other.clock.advance(TimeDelta::days(30));
    assert_eq!(session(&other, &cookies).await, Value::Null);
}

#[tokio::test]
async fn a_session_is_not_in_memory_unless_the_cache_is_enabled() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    assert!(!is_in_memory(&server, &ada.cookies()).await);
    let triggers = "select from pg_trigger where tgname like 'portcullis_session_cache%'";
    assert_eq!(server.rows(triggers), 0);
}
