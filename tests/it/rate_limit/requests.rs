//! Rules, windows and storage of request counters.

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::json;

use super::{admitted, guess, limited, sign_in, status};

const COUNTS: &str = "select 1 from portcullis_rate_limit";

#[tokio::test]
async fn the_fourth_sign_in_in_ten_seconds_is_rejected_as_in_better_auth() {
    let server = limited().start();
    for _ in 0..3 {
        assert_eq!(
            sign_in(&server, "203.0.113.9", &guess("a@example.com"))
                .await
                .status,
            401
        );
    }
    server.clock.advance(TimeDelta::milliseconds(2500));
    assert_snapshot!(sign_in(&server, "203.0.113.9", &guess("a@example.com")).await, @r#"
    429
    content-type: text/plain;charset=UTF-8
    retry-after: 8
    x-retry-after: 8
    {"message":"Too many requests. Please try again later."}
    "#);
    assert_eq!(
        server.rows("select 1 from portcullis_rate_limit where key = '203.0.113.9|/sign-in/email' and cardinality(hits) = 3"),
        1
    );
}

#[tokio::test]
async fn rejected_requests_do_not_extend_the_wait() {
    let server = limited().start();
    for _ in 0..3 {
        sign_in(&server, "203.0.113.9", &guess("a@example.com")).await;
    }
    for _ in 0..10 {
        assert_eq!(
            sign_in(&server, "203.0.113.9", &guess("a@example.com"))
                .await
                .status,
            429
        );
        server.clock.advance(TimeDelta::milliseconds(999));
    }
    server.clock.advance(TimeDelta::milliseconds(10));
    assert_eq!(
        sign_in(&server, "203.0.113.9", &guess("a@example.com"))
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn every_path_that_takes_a_password_has_the_strict_rule() {
    let server = limited().start();
    for path in ["/sign-in/email", "/sign-up/email", "/change-password"] {
        // A request is counted before it is validated.
        for expected in [false, false, false, true] {
            let caller = server.anonymous();
            let call = caller
                .call("POST", &format!("/api/auth{path}"))
                .header("x-forwarded-for", "203.0.113.9")
                .body("application/json", "{");
            assert_eq!(call.send().await.status == 429, expected, "{path}");
        }
    }
    for path in ["/get-session", "/ok", "/list-sessions"] {
        assert_eq!(admitted(&server, "203.0.113.9", path).await, 100, "{path}");
    }
}

/// A session check must not cost a second statement.
#[tokio::test]
async fn the_general_rule_is_counted_in_memory_and_special_rules_in_the_database() {
    let server = limited().start();
    assert_eq!(admitted(&server, "203.0.113.9", "/get-session").await, 100);
    assert_eq!(server.rows(COUNTS), 0);
    sign_in(&server, "203.0.113.9", &guess("a@example.com")).await;
    assert_eq!(
        server.rows("select 1 from portcullis_rate_limit where key like '203.0.113.9|%'"),
        1
    );

    server.clock.advance(TimeDelta::milliseconds(10_001));
    assert_eq!(admitted(&server, "203.0.113.9", "/get-session").await, 100);
}

#[tokio::test]
async fn a_configured_storage_holds_every_counter() {
    let memory = limited().set("PORTCULLIS_RATE_LIMIT__STORAGE", "memory").start();
    assert_eq!(admitted(&memory, "203.0.113.9", "/sign-in/email").await, 3);
    assert_eq!(memory.rows(COUNTS), 0);

    let database = limited()
        .set("PORTCULLIS_RATE_LIMIT__STORAGE", "database")
        .start();
    assert_eq!(admitted(&database, "203.0.113.9", "/get-session").await, 100);
    assert_eq!(
        database.rows("select 1 from portcullis_rate_limit where key = '203.0.113.9|/get-session' and cardinality(hits) = 100"),
        1
    );
}

#[tokio::test]
async fn custom_rules_take_precedence() {
    let rules = "/get-session 60 5, /sign-in/* off, /** 10 7";
    let server = limited()
        .set("PORTCULLIS_RATE_LIMIT__MAX", "50")
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", rules)
        .start();
    assert_eq!(admitted(&server, "203.0.113.9", "/get-session").await, 5);
    assert_eq!(admitted(&server, "203.0.113.9", "/sign-in/email").await, 200);
    assert_eq!(admitted(&server, "203.0.113.9", "/ok").await, 7);
    server.clock.advance(TimeDelta::seconds(11));
    assert_eq!(admitted(&server, "203.0.113.9", "/get-session").await, 0);
    assert_eq!(admitted(&server, "203.0.113.9", "/ok").await, 7);
}

#[tokio::test]
async fn health_checks_and_preflights_are_not_limited() {
    let server = limited().set("PORTCULLIS_RATE_LIMIT__MAX", "1").start();
    let caller = server.anonymous();
    for _ in 0..10 {
        for path in ["/health/live", "/health/ready"] {
            let asked = caller.call("GET", path).header("x-forwarded-for", "203.0.113.9");
            assert_eq!(asked.send().await.status, 200, "{path}");
        }
        let preflight = caller
            .call("OPTIONS", "/api/auth/sign-in/email")
            .header("x-forwarded-for", "203.0.113.9")
            .header("origin", "http://localhost:5173")
            .header("access-control-request-method", "POST");
        assert_eq!(preflight.send().await.status, 204);
    }
    assert_eq!(status(&server, "203.0.113.9", "/ok").await, 200);
    assert_eq!(status(&server, "203.0.113.9", "/ok").await, 429);
}

#[tokio::test]
async fn a_page_on_a_trusted_origin_can_read_retry_after() {
    let server = limited().set("PORTCULLIS_RATE_LIMIT__MAX", "1").start();
    status(&server, "203.0.113.9", "/ok").await;
    let caller = server.anonymous();
    let call = caller
        .get("/ok")
        .header("x-forwarded-for", "203.0.113.9")
        .header("origin", "http://localhost:5173");
    let answer = call.send().await;
    assert_eq!(answer.status, 429);
    let exposed = answer.header("access-control-expose-headers");
    assert_eq!(exposed, Some("retry-after, x-retry-after"));
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("http://localhost:5173")
    );
}

/// A rejected request must not sign the client out.
#[tokio::test]
async fn a_429_changes_no_cookies() {
    let server = limited().set("PORTCULLIS_RATE_LIMIT__MAX", "1").start();
    let caller = server.signed_up("ada").await;
    let cookies = caller.cookies();
    assert_eq!(caller.get("/get-session").send().await.status, 200);
    assert_eq!(caller.get("/get-session").send().await.status, 429);
    assert_eq!(caller.cookies(), cookies);
}

#[tokio::test]
async fn in_development_rate_limits_are_disabled_by_default() {
    let server = TestServer::start();
    for _ in 0..30 {
        let answer = server
            .anonymous()
            .post("/sign-in/email", &guess("a@example.com"))
            .send()
            .await;
        assert_eq!(answer.status, 401);
    }
    assert_eq!(server.rows(COUNTS), 0);
}

/// GHSA-44jh-23m7-hpcf: replicas that share counters admit no more requests than one replica.
#[tokio::test]
async fn a34_two_replicas_admit_three_of_two_hundred_at_once() {
    let one = limited().start();
    let other = limited().database(&one.database).start();
    let body = json!({ "email": "a@example.com", "password": "a wrong guess" });
    let sign_ins = [&one, &other]
        .into_iter()
        .cycle()
        .take(200)
        .map(|server| sign_in(server, "203.0.113.9", &body));
    let answers = futures_util::future::join_all(sign_ins).await;
    let statuses = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((statuses(401), statuses(429)), (3, 197));
}
