//! The sliding window: a client below the rule is served, and a client above it is rejected.

use chrono::TimeDelta;
use portcullis_testkit::{TestServer, TestServerBuilder};

use super::{guess, limited, sign_in, status};

const CLIENT: &str = "203.0.113.9";

/// Twenty requests in four seconds, counted in this storage.
fn twenty_in_four_seconds(storage: &str) -> TestServerBuilder {
    limited()
        .set("PORTCULLIS_RATE_LIMIT__WINDOW", "4")
        .set("PORTCULLIS_RATE_LIMIT__MAX", "20")
        .set("PORTCULLIS_RATE_LIMIT__STORAGE", storage)
}

/// A server for each storage, and one with a database that a Node server shares.
fn servers() -> [TestServer; 3] {
    let shared = twenty_in_four_seconds("database").set("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", "true");
    [
        twenty_in_four_seconds("memory").start(),
        twenty_in_four_seconds("database").start(),
        shared.start(),
    ]
}

/// The statuses of `count` requests, with `gap` after each.
async fn steady(server: &TestServer, count: usize, gap: TimeDelta) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(status(server, CLIENT, "/get-session").await);
        server.clock.advance(gap);
    }
    statuses
}

/// Better Auth refuses the 21st request of a client that sends five in four seconds.
#[tokio::test]
async fn a_client_that_stays_below_the_rule_is_never_refused() {
    for server in servers() {
        let statuses = steady(&server, 100, TimeDelta::milliseconds(800)).await;
        assert_eq!(statuses, [200; 100]);
    }
}

#[tokio::test]
async fn a_client_at_exactly_the_rate_of_the_rule_is_never_refused() {
    for server in servers() {
        let statuses = steady(&server, 100, TimeDelta::milliseconds(200)).await;
        assert_eq!(statuses, [200; 100]);
    }
}

#[tokio::test]
async fn a_client_above_the_rule_is_refused_until_its_oldest_request_leaves_the_window() {
    for server in servers() {
        let statuses = steady(&server, 40, TimeDelta::milliseconds(100)).await;
        assert_eq!(statuses[..20], [200; 20]);
        assert_eq!(statuses[20..], [429; 20]);
        // From four seconds after the first request, each new request replaces one that leaves the window.
        assert_eq!(steady(&server, 20, TimeDelta::milliseconds(100)).await, [200; 20]);
        assert_eq!(status(&server, CLIENT, "/get-session").await, 429);
    }
}

#[tokio::test]
async fn a_client_that_waits_for_retry_after_is_served_and_no_sooner() {
    let server = limited().start();
    for _ in 0..3 {
        sign_in(&server, CLIENT, &guess("a@example.com")).await;
        server.clock.advance(TimeDelta::milliseconds(2600));
    }
    let refused = sign_in(&server, CLIENT, &guess("a@example.com")).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("3")));
    server.clock.advance(TimeDelta::milliseconds(2199));
    let refused = sign_in(&server, CLIENT, &guess("a@example.com")).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")));
    server.clock.advance(TimeDelta::milliseconds(801));
    assert_eq!(
        sign_in(&server, CLIENT, &guess("a@example.com")).await.status,
        401
    );
    let refused = sign_in(&server, CLIENT, &guess("a@example.com")).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("2")));
}

#[tokio::test]
async fn guesses_below_the_rule_never_lock_an_account() {
    let server = limited().start();
    for number in 0..60 {
        let from = format!("198.51.100.{number}");
        assert_eq!(sign_in(&server, &from, &guess("a@example.com")).await.status, 401);
        server.clock.advance(TimeDelta::seconds(45));
    }
}

/// A Node server on the database reads the count of its window in its own table.
#[tokio::test]
async fn requests_are_written_to_better_auths_table_only_if_the_database_is_shared() {
    const NODES: &str = r#"select 1 from "rateLimit""#;
    let [_memory, unshared, shared] = servers();
    for server in [&unshared, &shared] {
        steady(server, 3, TimeDelta::milliseconds(1500)).await;
        steady(server, 1, TimeDelta::zero()).await;
    }
    assert_eq!(unshared.rows(NODES), 0);
    let row = format!("{NODES} where key = '{CLIENT}|/get-session' and count = 3");
    assert_eq!((shared.rows(NODES), shared.rows(&row)), (1, 1));
}
