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
const SIGNER_KEY: &str = "password.firebase.base64_signer_key";
/// The parameters and the user of the example that Firebase publishes.
const PROJECT_KEY: &str =
    "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
const FIREBASE_HASH: &str = "firebase-scrypt$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";

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

/// The status of the sign-in of a user whose password was exported from Firebase's example project.
async fn firebase(server: &TestServer) -> String {
    sign_up(server, json!({})).await;
    server.execute(&format!("update account set password = '{FIREBASE_HASH}'"));
    let answer = sign_in(&server.anonymous(), ADA, "user1password").await;
    answer.status.to_string()
}

/// Proves that a key of `password.firebase` must be that of the project.
fn of_project(key: &'static str, other: &str) -> Proof {
    server(key, other, firebase, ["200", "401"]).with(SIGNER_KEY, PROJECT_KEY)
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
        server(SIGNER_KEY, PROJECT_KEY, firebase, ["401", "200"]),
        of_project("password.firebase.base64_salt_separator", "Bg=="),
        of_project("password.firebase.rounds", "7"),
        of_project("password.firebase.mem_cost", "13"),
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
