//! Proofs of the keys of `password`.

use futures_util::future::join_all;
use portcullis_testkit::{TestServer, shown};
use serde_json::json;

use super::{
    looks::{ADA, sign_in, sign_up},
    program::Program,
    proof::{Proof, program, server},
};

const QUEUE: &str = "password.hashing_queue";
const PERMITS: &str = "password.hashing_permits";

/// The parameters of Ada's stored argon2id hash.
async fn hash(program: &Program) -> String {
    let running = program.serve();
    let body = json!({ "name": "Ada", "email": ADA, "password": "password1234" });
    running.anonymous().post("/sign-up/email", &body).send().await;
    let hash = shown(&program.database, "select password from account").unwrap();
    hash.split('$').nth(3).unwrap().to_owned() + ","
}

/// Whether all of four parallel sign-ups succeed.
async fn four_at_once(server: &TestServer) -> String {
    let sign_ups = (0..4).map(async |number| {
        let email = format!("{number}@example.com");
        sign_up(server, json!({ "email": email })).await.1.status
    });
    let statuses = join_all(sign_ups).await;
    if statuses.contains(&503) { "some" } else { "all" }.to_owned()
}

/// The delay of the answer to a rejected sign-in.
async fn refusal(server: &TestServer) -> String {
    sign_in(&server.anonymous(), ADA, "password1234").await;
    format!("{:?}", server.clock.slept())
}

pub(super) fn proofs() -> Vec<Proof> {
    // A slow hash, so that the requests overlap.
    let slow = |proof: Proof| {
        let proof = proof
            .with("compatibility.shared_database", "true")
            .with("limits.request_timeout", "60");
        proof
            .with("database.acquire_timeout", "60")
            .with("database.operation_timeout", "60")
    };
    vec![
        program("password.argon2.memory", "20000", hash, ["m=19456,", "m=20000,"]),
        program("password.argon2.passes", "3", hash, ["t=2,", "t=3,"]),
        program("password.argon2.lanes", "2", hash, ["p=1,", "p=2,"]),
        slow(server(PERMITS, "1", four_at_once, ["all", "some"]).instead_of("4")).with(QUEUE, "0"),
        slow(server(QUEUE, "0", four_at_once, ["all", "some"])).with(PERMITS, "1"),
        server(
            "password.refusal_floor_milliseconds",
            "500",
            refusal,
            ["300ms", "500ms"],
        ),
    ]
}
