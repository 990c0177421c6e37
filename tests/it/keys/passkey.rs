//! Proofs of the keys of `plugins.passkey`.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::{
    looks::sign_up,
    proof::{Proof, refused, server},
};

const ENABLED: &str = "plugins.passkey.enabled";

/// What a browser is asked for to register a passkey.
async fn registration(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    ada.get("/passkey/generate-register-options")
        .send()
        .await
        .to_string()
}

/// What a browser is asked for to sign in.
async fn authentication(server: &TestServer) -> String {
    let call = server.anonymous();
    let call = call.get("/passkey/generate-authenticate-options");
    call.send().await.to_string()
}

/// The answer to a request that names no origin.
async fn without_origin(server: &TestServer) -> String {
    let call = server.anonymous();
    let body = json!({ "response": {} });
    let call = call.post("/passkey/verify-authentication", &body);
    call.without("origin").send().await.to_string()
}

pub(super) fn proofs() -> Vec<Proof> {
    let asked = |key, value, words| server(key, value, registration, words).with(ENABLED, "true");
    vec![
        server(ENABLED, "true", authentication, ["404\n", "\"rpId\""]),
        asked(
            "plugins.passkey.rp_id",
            "example.com",
            ["\"id\":\"localhost\"", "\"id\":\"example.com\""],
        ),
        asked(
            "plugins.passkey.rp_name",
            "Acme",
            ["\"name\":\"Better Auth\"", "\"name\":\"Acme\""],
        ),
        server(
            "plugins.passkey.origin",
            "https://app.example.com",
            without_origin,
            ["ORIGIN_MISSING", "CHALLENGE_NOT_FOUND"],
        )
        .with(ENABLED, "true"),
        refused("plugins.passkey.origin", "app.example.com", "would match no page"),
        asked(
            "plugins.passkey.authenticator_selection.authenticator_attachment",
            "platform",
            ["", "\"authenticatorAttachment\":\"platform\""],
        ),
        asked(
            "plugins.passkey.authenticator_selection.resident_key",
            "required",
            ["\"requireResidentKey\":false", "\"requireResidentKey\":true"],
        ),
        server(
            "plugins.passkey.authenticator_selection.user_verification",
            "required",
            authentication,
            [
                "\"userVerification\":\"preferred\"",
                "\"userVerification\":\"required\"",
            ],
        )
        .with(ENABLED, "true"),
        server(
            "plugins.passkey.advanced.webauthn_challenge_cookie",
            "own",
            authentication,
            ["better-auth.better-auth-passkey=", "better-auth.own="],
        )
        .with(ENABLED, "true"),
        refused(
            "plugins.passkey.advanced.webauthn_challenge_cookie",
            "a b",
            "is not valid in the name of a cookie",
        ),
    ]
}
