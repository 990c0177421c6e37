//! Proofs of the keys of `rate_limit`.

use chrono::TimeDelta;
use portcullis_testkit::TestServer;
use serde_json::json;

use super::{
    looks::{ADA, PASSWORD, sign_up},
    proof::{Proof, server},
};

const ENABLED: &str = "rate_limit.enabled";
const MAX: &str = "rate_limit.max";
const FAILED: &str = "rate_limit.failed_sign_ins";
const RULES: &str = "rate_limit.custom_rules";

/// The statuses of `count` requests to `get-session`, one after the other.
async fn reads(server: &TestServer, count: usize) -> String {
    let mut statuses = String::new();
    for _ in 0..count {
        let status = server.anonymous().get("/get-session").send().await.status;
        statuses = format!("{statuses}{status} ");
    }
    statuses
}

async fn three_reads(server: &TestServer) -> String {
    reads(server, 3).await
}

/// The statuses of two requests, and of a third one seven seconds later.
async fn a_late_read(server: &TestServer) -> String {
    let first = reads(server, 2).await;
    server.clock.advance(TimeDelta::seconds(7));
    first + &reads(server, 1).await
}

/// The number of counters in the database after a request.
async fn counted(server: &TestServer) -> String {
    reads(server, 1).await;
    format!("{} rows", server.rows("select from portcullis_rate_limit"))
}

/// The status of a sign-in from this address.
async fn sign_in(server: &TestServer, from: &str, password: &str) -> u16 {
    let body = json!({ "email": ADA, "password": password });
    let caller = server.anonymous();
    let call = caller
        .post("/sign-in/email", &body)
        .header("x-forwarded-for", from);
    call.send().await.status
}

async fn guess(server: &TestServer, count: usize) -> String {
    let mut statuses = String::new();
    for number in 0..count {
        let status = sign_in(server, &format!("203.0.113.{number}"), "a wrong guess").await;
        statuses = format!("{statuses}{status} ");
    }
    statuses
}

async fn three_guesses(server: &TestServer) -> String {
    guess(server, 3).await
}

async fn a_late_guess(server: &TestServer) -> String {
    guess(server, 2).await;
    server.clock.advance(TimeDelta::minutes(2));
    guess(server, 1).await
}

/// The status of Ada's sign-in from a known address, after too many wrong guesses from others.
async fn sign_in_from_known_address(server: &TestServer) -> String {
    const HOME: &str = "198.51.100.7";
    sign_up(server, json!({})).await;
    sign_in(server, HOME, PASSWORD).await;
    server.clock.advance(TimeDelta::seconds(1));
    guess(server, 4).await;
    sign_in(server, HOME, PASSWORD).await.to_string()
}

pub(super) fn proofs() -> Vec<Proof> {
    let on = |proof: Proof| proof.with(ENABLED, "true");
    let guessed = |proof: Proof| on(proof).with("trusted_proxies", "127.0.0.1/32");
    let few = |proof: Proof| guessed(proof).with(FAILED, "2");
    vec![
        server(ENABLED, "true", three_reads, ["200 200 200", "429"]).with(MAX, "2"),
        on(server(MAX, "2", three_reads, ["200 200 200", "200 200 429"])),
        on(server(
            "rate_limit.window",
            "5",
            a_late_read,
            ["200 200 429", "200 200 200"],
        )
        .with(MAX, "2")),
        on(server(
            "rate_limit.storage",
            "database",
            counted,
            ["0 rows", "1 rows"],
        )),
        on(server(
            RULES,
            "/get-session 10 1",
            three_reads,
            ["200 200 200", "200 429 429"],
        )),
        guessed(server(FAILED, "2", three_guesses, ["401 401 401", "401 401 429"])),
        few(server(
            "rate_limit.failed_sign_in_window",
            "60",
            a_late_guess,
            ["429", "401"],
        )),
        few(server(
            "rate_limit.known_address_lifetime",
            "0",
            sign_in_from_known_address,
            ["200", "429"],
        )),
    ]
}
