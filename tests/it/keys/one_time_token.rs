//! Proofs of the keys of `plugins.one_time_token`.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, TestServer};
use serde_json::json;

use super::proof::{Proof, server};

const ENABLED: &str = "plugins.one_time_token.enabled";
const HEADER: &str = "plugins.one_time_token.set_ott_header_on_new_session";

async fn generated(server: &TestServer) -> Answer {
    let ada = server.signed_up("ada").await;
    ada.get("/one-time-token/generate").send().await
}

/// The answer to a request for a token.
async fn generation(server: &TestServer) -> String {
    generated(server).await.to_string()
}

/// The answer to a client that presents a token a minute after it was created.
async fn verification(server: &TestServer) -> String {
    let token = generated(server).await.json()["token"].clone();
    server.clock.advance(TimeDelta::seconds(60));
    let call = server.anonymous();
    let call = call.post("/one-time-token/verify", &json!({ "token": token }));
    call.send().await.to_string()
}

/// The length of the stored form of a token.
async fn stored_length(server: &TestServer) -> String {
    generated(server).await;
    let identifier = server.shown("select identifier from verification").unwrap();
    let (_prefix, stored) = identifier.split_once(':').unwrap();
    format!("{} characters", stored.len())
}

/// The headers of the answer to a sign-up.
async fn signed_up(server: &TestServer) -> String {
    let body = json!({ "name": "ada", "email": "ada@example.com", "password": "password1234" });
    let call = server.anonymous();
    let answer = call.post("/sign-up/email", &body).send().await;
    format!("signed up\n{answer}")
}

pub(super) fn proofs() -> Vec<Proof> {
    let options = [
        server(
            "plugins.one_time_token.expires_in",
            "30",
            verification,
            ["200\n", "TOKEN_EXPIRED"],
        ),
        server(
            "plugins.one_time_token.disable_client_request",
            "true",
            generation,
            ["200\n", "CLIENT_REQUESTS_ARE_DISABLED"],
        ),
        server(
            "plugins.one_time_token.disable_set_session_cookie",
            "true",
            verification,
            ["set-cookie", ""],
        ),
        server(
            "plugins.one_time_token.store_token",
            "hashed",
            stored_length,
            ["32 characters", "43 characters"],
        )
        .with("compatibility.shared_database", "true"),
        server(HEADER, "true", signed_up, ["", "set-ott: "]),
    ];
    let mut proofs = vec![server(ENABLED, "true", generation, ["404\n", "200\n"])];
    proofs.extend(options.map(|proof| proof.with(ENABLED, "true")));
    proofs
}
