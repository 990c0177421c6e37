//! Proofs of the keys of `plugins.forward_auth`.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::{
    looks::sign_up,
    proof::{Proof, refused, server},
};

const ENABLED: &str = "plugins.forward_auth.enabled";
const SIGN_IN_URL: &str = "plugins.forward_auth.sign_in_url";
const AUDIENCE: &str = "plugins.forward_auth.audience";
const RULES: &str = "plugins.forward_auth.rules";

/// The answer to a browser without a session.
async fn browser(server: &TestServer) -> String {
    let caller = server.anonymous();
    let call = caller.call("GET", "/api/auth/portcullis/forward-auth");
    call.header("accept", "text/html").send().await.to_string()
}

/// The answer to Ada by the rule `verified`.
async fn unverified(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let call = ada.call("GET", "/api/auth/portcullis/forward-auth/verified");
    call.send().await.to_string()
}

pub(super) fn proofs() -> Vec<Proof> {
    let options = [
        server(
            SIGN_IN_URL,
            "https://app.example.com/in",
            browser,
            ["401", "location: https://app.example.com/in"],
        ),
        refused(SIGN_IN_URL, "/sign-in", "is not an http or https URL"),
        refused(AUDIENCE, "https://api.example.com", "JWTs are disabled"),
        refused(AUDIENCE, "https://api.example.com", "no JWTs are issued")
            .with("plugins.jwt.enabled", "true"),
        server(
            RULES,
            r#"{"verified":{"require":["emailVerified=true"]}}"#,
            unverified,
            ["UNKNOWN_RULE", "REQUIREMENT_NOT_MET"],
        ),
    ];
    let mut proofs = vec![server(
        ENABLED,
        "true",
        browser,
        ["404\n", "x-portcullis-user-id"],
    )];
    proofs.extend(options.map(|proof| proof.with(ENABLED, "true")));
    proofs
}
