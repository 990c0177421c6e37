//! Proofs of the keys of `plugins.magic_link`.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, TestServer};
use serde_json::json;

use super::{
    looks::ADA,
    proof::{Proof, server},
};

const ENABLED: &str = "plugins.magic_link.enabled";

async fn request(server: &TestServer) -> Answer {
    let call = server.anonymous();
    call.post("/sign-in/magic-link", &json!({ "email": ADA }))
        .send()
        .await
}

async fn requested(server: &TestServer) -> String {
    request(server).await.to_string()
}

async fn followed(server: &TestServer) -> String {
    request(server).await;
    let path = server.mailbox.next(ADA).await.path();
    server.anonymous().call("GET", &path).send().await.to_string()
}

async fn followed_after_two_minutes(server: &TestServer) -> String {
    request(server).await;
    let path = server.mailbox.next(ADA).await.path();
    server.clock.advance(TimeDelta::minutes(2));
    server.anonymous().call("GET", &path).send().await.to_string()
}

async fn stored(server: &TestServer) -> String {
    request(server).await;
    let token = server.mailbox.next(ADA).await.token;
    let plain = format!("select 1 from verification where identifier = '{token}'");
    format!("{} plain", server.rows(&plain))
}

async fn third_request(server: &TestServer) -> String {
    let client = server.anonymous();
    let mut status = 0;
    for _ in 0..3 {
        status = client.get("/magic-link/verify?token=x").send().await.status;
    }
    status.to_string()
}

async fn request_after_a_minute(server: &TestServer) -> String {
    for _ in 0..5 {
        third_request(server).await;
    }
    server.clock.advance(TimeDelta::seconds(70));
    third_request(server).await
}

pub(super) fn proofs() -> Vec<Proof> {
    let of = |proof: Proof| proof.with(ENABLED, "true");
    vec![
        server(ENABLED, "true", requested, ["404\n", "{\"status\":true}"]),
        of(server(
            "plugins.magic_link.expires_in",
            "60",
            followed_after_two_minutes,
            ["location: http://localhost:3000/\n", "error=EXPIRED_TOKEN"],
        )),
        of(server(
            "plugins.magic_link.disable_sign_up",
            "true",
            followed,
            [
                "location: http://localhost:3000/\n",
                "error=new_user_signup_disabled",
            ],
        )),
        of(server(
            "plugins.magic_link.store_token",
            "hashed",
            stored,
            ["1 plain", "0 plain"],
        ))
        .with("compatibility.shared_database", "true"),
        of(server(
            "plugins.magic_link.rate_limit.max",
            "2",
            third_request,
            ["302", "429"],
        ))
        .with("rate_limit.enabled", "true"),
        of(server(
            "plugins.magic_link.rate_limit.window",
            "120",
            request_after_a_minute,
            ["302", "429"],
        ))
        .with("rate_limit.enabled", "true"),
        of(server(
            "plugins.magic_link.confirm_page",
            "true",
            followed,
            ["location: http://localhost:3000/\n", "<form method=\"post\">"],
        )),
    ]
}
