//! Users with very many sessions, and the limit of sessions per user: `session.max_per_user`.

use chrono::TimeDelta;
use futures_util::future::join_all;
use portcullis_testkit::{Caller, TestServer};
use serde_json::{Value, json};

/// Inserts `count` sessions of Ada, older than all others. `f1` is the newest, and each next one is a second older.
fn flood(server: &TestServer, count: u32) {
    server.execute(&format!(
        r#"insert into session ("id", "token", "userId", "expiresAt", "createdAt", "updatedAt")
           select 'f' || n, 'f' || n, (select id from "user" where name = 'ada'), '2026-01-08',
               '2025-12-31'::timestamptz - n * interval '1 second', '2025-12-31'
           from generate_series(1, {count}) as n"#
    ));
}

/// A server on which every user has at most `most` sessions.
fn limited(most: &str) -> TestServer {
    TestServer::with()
        .set("PORTCULLIS_SESSION__MAX_PER_USER", most)
        .start()
}

fn tokens(listed: &Value) -> Vec<String> {
    let sessions = listed.as_array().unwrap().iter();
    sessions
        .map(|session| session["token"].as_str().unwrap().to_owned())
        .collect()
}

async fn is_live(caller: &Caller) -> bool {
    let cookies = caller.cookies();
    let answer = caller.get("/get-session").header("cookie", &cookies).send().await;
    answer.body != "null"
}

#[tokio::test]
async fn of_tens_of_thousands_of_sessions_the_hundred_newest_are_listed() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    flood(&server, 50_000);
    // Expired sessions do not count towards the hundred.
    server.execute(r#"update session set "expiresAt" = '2025-12-31' where "id" in ('f1', 'f3')"#);
    let answer = ada.get("/list-sessions").send().await;
    assert_eq!(answer.status, 200);
    let listed = tokens(&answer.json());
    let live = (1..).filter(|number| ![1, 3].contains(number));
    let flooded = live.map(|number: u32| format!("f{number}")).take(99);
    assert_eq!(listed[1..], flooded.collect::<Vec<_>>());
    let own = ada.get("/get-session").send().await.json();
    assert_eq!(own["session"]["token"], listed[0]);
}

#[tokio::test]
async fn the_oldest_session_of_a_user_ends_when_one_too_many_begins() {
    let server = limited("3");
    let mut callers = vec![server.signed_up("ada").await];
    let bob = server.signed_up("bob").await;
    for _ in 0..4 {
        server.clock.advance(TimeDelta::seconds(1));
        callers.push(server.signed_in("ada").await);
    }
    let mut live = Vec::new();
    for caller in &callers {
        live.push(is_live(caller).await);
    }
    assert_eq!(live, [false, false, true, true, true]);
    assert!(is_live(&bob).await);
}

#[tokio::test]
async fn an_expired_session_is_not_counted() {
    let server = limited("2");
    let first = server.signed_up("ada").await;
    flood(&server, 5);
    server.execute(
        r#"update session set "expiresAt" = '2025-12-31', "createdAt" = '2026-01-01 00:00:01'
           where "id" like 'f%'"#,
    );
    server.clock.advance(TimeDelta::seconds(2));
    let second = server.signed_in("ada").await;
    assert_eq!((is_live(&first).await, is_live(&second).await), (true, true));
}

#[tokio::test]
async fn a_flooded_user_gets_below_the_default_limit_by_signing_in() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    flood(&server, 1150);
    for left in [1052, 1000, 1000] {
        let ada = server.signed_in("ada").await;
        assert!(is_live(&ada).await);
        assert_eq!(server.rows("select 1 from session"), left);
    }
    assert_eq!(server.rows("select 1 from session where \"token\" = 'f996'"), 1);
    assert_eq!(server.rows("select 1 from session where \"token\" = 'f997'"), 0);
}

#[tokio::test]
async fn a_new_session_never_ends_itself() {
    let server = limited("1");
    server.signed_up("ada").await;
    server.execute(r#"update session set "createdAt" = 'infinity'"#);
    let ada = server.signed_in("ada").await;
    assert!(is_live(&ada).await);
    assert_eq!(server.rows("select 1 from session"), 1);
}

#[tokio::test]
async fn sign_ins_of_one_user_at_once_neither_fail_nor_wait_for_each_other() {
    let server = limited("2");
    server.signed_up("ada").await;
    let all = (0..20).map(|_| async {
        let body = json!({ "email": "ada@example.com", "password": "password1234" });
        let caller = server.anonymous();
        caller.post("/sign-in/email", &body).send().await.status
    });
    assert_eq!(join_all(all).await, [200; 20]);
    let last = server.signed_in("ada").await;
    assert!(is_live(&last).await);
    assert_eq!(server.rows("select 1 from session"), 2);
}

#[tokio::test]
async fn a_session_locked_by_another_transaction_delays_no_sign_in() {
    let server = limited("1");
    server.signed_up("ada").await;
    let held = server.open_transaction("select 1 from session for update");
    let ada = server.signed_in("ada").await;
    assert!(is_live(&ada).await);
    assert_eq!(server.rows("select 1 from session"), 2);
    drop(held);
    server.signed_in("ada").await;
    assert_eq!(server.rows("select 1 from session"), 1);
}
