//! Proofs of the keys of `plugins.username`.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::{
    looks::sign_up,
    proof::{Proof, refused, server},
};

const ENABLED: &str = "plugins.username.enabled";
const MIN_LENGTH: &str = "plugins.username.min_username_length";

/// Whether user names of four and of six characters are available.
async fn availability(server: &TestServer) -> String {
    let stranger = server.anonymous();
    let mut answers = Vec::new();
    for name in ["abcd", "abcdef"] {
        let call = stranger.post("/is-username-available", &json!({ "username": name }));
        answers.push(call.send().await.to_string());
    }
    answers.join("\n")
}

async fn stored_name(server: &TestServer) -> String {
    sign_up(server, json!({ "username": "Alice" })).await;
    server.shown(r#"select username from "user""#).unwrap()
}

pub(super) fn proofs() -> Vec<Proof> {
    let options = [
        server(MIN_LENGTH, "5", availability, ["", "USERNAME_TOO_SHORT"]),
        refused(MIN_LENGTH, "31", "must not be greater than"),
        server(
            "plugins.username.max_username_length",
            "5",
            availability,
            ["", "USERNAME_IS_TOO_LONG"],
        ),
        server(
            "plugins.username.username_normalization",
            "false",
            stored_name,
            ["alice", "Alice"],
        ),
    ];
    let mut proofs = vec![server(
        ENABLED,
        "true",
        availability,
        ["404\n", r#"{"available":true}"#],
    )];
    proofs.extend(options.map(|proof| proof.with(ENABLED, "true")));
    proofs
}
