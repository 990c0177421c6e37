//! Proofs of the keys of `session`.

use chrono::TimeDelta;
use portcullis_testkit::{TestServer, base64url};
use serde_json::json;

use super::{
    looks::{ADA, PASSWORD, session, sign_in, sign_up, signing_up},
    proof::{Proof, refused, server},
};

const CACHE: &str = "session.cookie_cache.enabled";

/// The answer of `get-session` two minutes after Ada's sign-up.
async fn two_minutes_later(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    server.clock.advance(TimeDelta::minutes(2));
    ada.get("/get-session").send().await.to_string()
}

/// Whether Ada's first session is live after she has signed in again.
async fn first_of_two_sessions(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    server.clock.advance(TimeDelta::seconds(1));
    sign_in(&server.anonymous(), ADA, PASSWORD).await;
    match ada.get("/get-session").send().await.body.as_str() {
        "null" => "has ended".to_owned(),
        _session => "is live".to_owned(),
    }
}

/// The answer to Ada's deletion without a password, two minutes after her sign-up.
async fn deleting_late(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    server.clock.advance(TimeDelta::minutes(2));
    ada.post("/delete-user", &json!({})).send().await.to_string()
}

/// The decoded beginning of Ada's session cookie cache.
async fn cache(server: &TestServer) -> String {
    let (_, answer) = sign_up(server, json!({})).await;
    let line = answer
        .cookies()
        .find(|line| line.contains("session_data="))
        .unwrap();
    let (_, value) = line.split_once('=').unwrap();
    String::from_utf8(base64url(value.split([';', '.']).next().unwrap())).unwrap()
}

pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs = lifetimes();
    proofs.extend(cache_keys());
    proofs
}

/// The lifetime, number and fields of sessions.
fn lifetimes() -> Vec<Proof> {
    vec![
        server(
            "session.expires_in",
            "3600",
            signing_up,
            ["; Max-Age=604800;", "; Max-Age=3600;"],
        )
        .with("session.update_age", "60"),
        refused("session.expires_in", "3600", "no session would ever be renewed")
            .with("session.update_age", "3601"),
        server(
            "session.update_age",
            "60",
            two_minutes_later,
            ["", "set-cookie: "],
        ),
        server(
            "session.fresh_age",
            "60",
            deleting_late,
            [
                r#""success":true"#,
                "SESSION_EXPIRED_REAUTHENTICATE_TO_PERFORM_THIS_ACTION",
            ],
        )
        .with("user.delete_user.enabled", "true"),
        server(
            "session.max_per_user",
            "1",
            first_of_two_sessions,
            ["is live", "has ended"],
        ),
        server(
            "session.max_per_user",
            "0",
            first_of_two_sessions,
            ["has ended", "is live"],
        )
        .instead_of("1"),
        server(
            "session.additional_fields",
            r#"{"device": {"type": "string", "default": "a telephone"}}"#,
            session,
            ["", r#""device":"a telephone""#],
        ),
    ]
}

/// The session cookie cache.
fn cache_keys() -> Vec<Proof> {
    let cached = |proof: Proof| proof.with(CACHE, "true");
    vec![
        server(CACHE, "true", signing_up, ["", "better-auth.session_data="]),
        cached(server(
            "session.cookie_cache.max_age",
            "60",
            signing_up,
            ["; Max-Age=300;", "; Max-Age=60;"],
        )),
        cached(server(
            "session.cookie_cache.strategy",
            "jwt",
            cache,
            [r#""version":"1""#, r#""alg":"HS256""#],
        )),
        cached(server(
            "session.cookie_cache.strategy",
            "jwe",
            cache,
            [r#""version":"1""#, r#""enc":"#],
        )),
        cached(server(
            "session.cookie_cache.version",
            "2",
            cache,
            [r#""version":"1""#, r#""version":"2""#],
        )),
        refused("session.cookie_cache.refresh_cache", "true", "must be `false`"),
    ]
}
