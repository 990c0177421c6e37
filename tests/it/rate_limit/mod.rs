//! Rate limits.

use portcullis_testkit::{Answer, TestServer, TestServerBuilder};
use serde_json::{Value, json};

mod accounts;
mod addresses;
mod known;
mod messages;
mod paths;
mod requests;
mod sessions;
mod window;

/// A server with rate limits, which trusts a proxy on this machine.
fn limited() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32")
}

fn guess(email: &str) -> Value {
    json!({ "email": email, "password": "a wrong guess" })
}

/// A sign-in from this address.
async fn sign_in(server: &TestServer, from: &str, body: &Value) -> Answer {
    let caller = server.anonymous();
    let call = caller
        .post("/sign-in/email", body)
        .header("x-forwarded-for", from);
    call.send().await
}

/// The status of a `GET` of this path from this address.
async fn status(server: &TestServer, from: &str, path: &str) -> u16 {
    let caller = server.anonymous();
    let answer = caller.get(path).header("x-forwarded-for", from).send().await;
    answer.status
}

/// The number of requests in a row that are not answered with 429, at most 200.
async fn admitted(server: &TestServer, from: &str, path: &str) -> usize {
    for count in 0..200 {
        if status(server, from, path).await == 429 {
            return count;
        }
    }
    200
}
