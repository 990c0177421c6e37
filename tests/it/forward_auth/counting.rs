//! Rate limits: a proxy asks for every request of its clients.

use portcullis_testkit::{Caller, TestServer, TestServerBuilder};
use serde_json::json;

use super::{CHECK, assert_no_identity, with};

fn limited(file: &str) -> TestServerBuilder {
    with(file)
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__MAX", "5")
}

/// The statuses of six checks for a client with this address.
async fn six(caller: &Caller, from: &str, headers: &[(&str, &str)]) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let call = caller.call("GET", CHECK).header("x-forwarded-for", from);
        let call = headers
            .iter()
            .fold(call, |call, (name, value)| call.header(name, value));
        let answer = call.send().await;
        if answer.status != 200 {
            assert_no_identity(&answer, from);
        }
        statuses.push(answer.status);
    }
    statuses
}

const TRUSTED: (&str, &str) = ("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1/32");

async fn adas(builder: TestServerBuilder) -> (TestServer, Caller) {
    let server = builder.start();
    let ada = server.signed_up("ada").await;
    (server, ada)
}

/// A page needs many requests, and the proxy asks for each of them.
#[tokio::test]
async fn the_checks_of_a_live_session_are_not_counted() {
    for builder in [limited(""), limited("").set(TRUSTED.0, TRUSTED.1)] {
        let (_server, ada) = adas(builder).await;
        assert_eq!(six(&ada, "203.0.113.9", &[]).await, [200; 6]);
    }
}

/// Otherwise all clients of the proxy would share one count, and one of them could exhaust it for all.
#[tokio::test]
async fn the_checks_of_an_untrusted_proxy_for_clients_without_a_session_are_not_counted() {
    let (server, ada) = adas(limited("")).await;
    let stranger = server.anonymous();
    assert_eq!(six(&stranger, "203.0.113.9", &[]).await, [401; 6]);
    let forged = [("cookie", "better-auth.session_token=abc.def")];
    assert_eq!(six(&stranger, "203.0.113.9", &forged).await, [401; 6]);
    let ended = ada.cookies();
    ada.post("/sign-out", &json!({})).send().await;
    assert_eq!(
        six(&stranger, "203.0.113.9", &[("cookie", &ended)]).await,
        [401; 6]
    );
}

#[tokio::test]
async fn clients_without_a_session_are_counted_by_the_address_that_a_trusted_proxy_forwards() {
    let (server, ada) = adas(limited("").set(TRUSTED.0, TRUSTED.1)).await;
    let stranger = server.anonymous();
    let expected = [401, 401, 401, 401, 401, 429];
    assert_eq!(six(&stranger, "203.0.113.9", &[]).await, expected);
    assert_eq!(six(&stranger, "203.0.113.10", &[]).await, expected);
    // The proxy forwards no address: the clients cannot be distinguished.
    assert_eq!(six(&stranger, "unknown", &[]).await, [401; 6]);
    assert_eq!(six(&ada, "203.0.113.9", &[]).await, [200; 6]);

    let ended = ada.cookies();
    ada.post("/sign-out", &json!({})).send().await;
    let ended = [("cookie", ended.as_str())];
    assert_eq!(six(&stranger, "203.0.113.11", &ended).await, expected);
}

/// Each of them needs a lookup, and any client can invent them.
#[tokio::test]
async fn unsigned_tokens_are_counted_by_the_address_of_the_peer() {
    let (server, ada) = adas(limited("[plugins.bearer]\n")).await;
    let stranger = server.anonymous();
    let invented = [("authorization", "Bearer invented")];
    let expected = [401, 401, 401, 401, 401, 429];
    assert_eq!(six(&stranger, "203.0.113.9", &invented).await, expected);
    assert_eq!(six(&stranger, "203.0.113.10", &invented).await, [429; 6]);
    assert_eq!(six(&ada, "203.0.113.10", &[]).await, [200; 6]);
}
