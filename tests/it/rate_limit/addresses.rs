//! Requests that are counted as those of one client.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use portcullis_testkit::TestServer;
use serde_json::json;

use super::{guess, limited, sign_in};

/// The statuses of wrong sign-ins, one with each of these lists of `X-Forwarded-For` lines, byte for byte.
async fn sign_ins(server: &TestServer, lines: &[&[&str]]) -> Vec<u16> {
    let mut statuses = Vec::new();
    for forwarded in lines {
        let body = guess("a@example.com").to_string();
        let forwarded: String = forwarded
            .iter()
            .flat_map(|line| ["X-Forwarded-For: ", line, "\r\n"])
            .collect();
        let request = format!(
            "POST /api/auth/sign-in/email HTTP/1.1\r\nhost: localhost:3000\r\nconnection: close\r\n{forwarded}\
             origin: http://localhost:3000\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        statuses.push(server.raw_status(request).await);
    }
    statuses
}

/// GHSA-p6v2-xcpg-h6xw: a client with one IPv6 address has its whole /64.
#[tokio::test]
async fn a12_an_ipv6_network_is_one_client() {
    let server = limited().start();
    let mut statuses = Vec::new();
    for host in 1..=4 {
        let from = format!("2001:db8:1:1::{host}");
        statuses.push(sign_in(&server, &from, &guess("a@example.com")).await.status);
    }
    assert_eq!(statuses, [401, 401, 401, 429]);
    for network in 2..=5 {
        let from = format!("2001:db8:1:{network}::1");
        assert_eq!(
            sign_in(&server, &from, &guess("a@example.com")).await.status,
            401,
            "{from}"
        );
    }
}

/// GHSA-p6v2-xcpg-h6xw: another notation of an address does not make another client.
#[tokio::test]
async fn a12_an_ipv4_address_is_one_client_however_it_is_written() {
    let server = limited().start();
    let mut statuses = Vec::new();
    for from in [
        "7.7.7.7",
        "::ffff:7.7.7.7",
        "::FFFF:0707:0707",
        "0:0:0:0:0:ffff:7.7.7.7",
    ] {
        statuses.push(sign_in(&server, from, &guess("a@example.com")).await.status);
    }
    assert_eq!(statuses, [401, 401, 401, 429]);
    assert_eq!(
        server.rows("select 1 from portcullis_rate_limit where key = '7.7.7.7|/sign-in/email'"),
        1
    );
}

/// A client could write any address into its header.
#[tokio::test]
async fn forwarded_headers_are_ignored_without_trusted_proxies() {
    let server = limited().set("PORTCULLIS_TRUSTED_PROXIES", "").start();
    let long = "9.9.9.9, ".repeat(1100);
    let statuses = sign_ins(
        &server,
        &[&[], &["1.1.1.1"], &["unknown", "2.2.2.2"], &[&long], &["3.3.3.3"]],
    )
    .await;
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
    assert_eq!(
        server.rows("select 1 from portcullis_rate_limit where key = '127.0.0.1|/sign-in/email'"),
        1
    );
}

/// The right-most address that is not a trusted proxy's is counted, in any notation.
#[tokio::test]
async fn behind_a_proxy_the_right_most_untrusted_address_is_counted() {
    let server = limited()
        .set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8")
        .start();
    let long = format!("{}203.0.113.9", "9.9.9.9, ".repeat(1100));
    assert!(long.len() > 9_900);
    let forms: &[&[&str]] = &[
        &["203.0.113.9"],
        &["1.1.1.1, 203.0.113.9"],
        &["2.2.2.2", "203.0.113.9"],
        &["3.3.3.3,203.0.113.9 , 10.1.2.3"],
        &["203.0.113.9:4711"],
        &["unknown,  203.0.113.9"],
        &["[::ffff:203.0.113.9]:80"],
        &[&long],
    ];
    let statuses = sign_ins(&server, forms).await;
    assert_eq!(statuses, [401, 401, 401, 429, 429, 429, 429, 429]);
    assert_eq!(
        server.rows("select 1 from portcullis_rate_limit where key like '%|/sign-in/email'"),
        1
    );
}

/// Some proxies send only `X-Real-IP` or a header of their own.
#[tokio::test]
async fn the_header_in_which_proxies_name_the_client_can_be_chosen() {
    let server = limited()
        .set(
            "PORTCULLIS_ADVANCED__IP_ADDRESS__IP_ADDRESS_HEADERS",
            "cf-connecting-ip, x-real-ip",
        )
        .start();
    let mut statuses = Vec::new();
    for (name, forged) in [
        ("cf-connecting-ip", "1.1.1.1"),
        ("x-real-ip", "2.2.2.2"),
        ("CF-Connecting-IP", "3.3.3.3"),
        ("X-Real-IP", "4.4.4.4"),
    ] {
        let caller = server.anonymous();
        let call = caller
            .post("/sign-in/email", &guess("a@example.com"))
            .header("x-forwarded-for", forged)
            .header(name, "203.0.113.9");
        statuses.push(call.send().await.status);
    }
    assert_eq!(statuses, [401, 401, 401, 429]);
    assert_eq!(
        server.rows("select 1 from portcullis_rate_limit where key = '203.0.113.9|/sign-in/email'"),
        1
    );
}

/// The proxy's own address is counted then, so that a client without an address is limited too.
#[tokio::test]
async fn without_a_usable_forwarded_address_all_requests_are_one_client() {
    let server = limited().start();
    let statuses = sign_ins(
        &server,
        &[
            &[],
            &["unknown"],
            &["203.0.113.9, unknown"],
            &[""],
            &["fe80::1%eth0"],
        ],
    )
    .await;
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
    assert_eq!(
        server.rows("select 1 from portcullis_rate_limit where key = '127.0.0.1|/sign-in/email'"),
        1
    );
}

/// A client does not use up the limit of another.
#[tokio::test]
async fn clients_are_counted_separately() {
    let server = limited().start();
    let addresses: BTreeSet<String> = (1..=20).map(|host| format!("203.0.113.{host}")).collect();
    for _ in 0..3 {
        for from in &addresses {
            assert_eq!(
                sign_in(&server, from, &guess(&format!("{from}@example.com")))
                    .await
                    .status,
                401
            );
        }
    }
    for from in &addresses {
        assert_eq!(sign_in(&server, from, &guess("a@example.com")).await.status, 429);
    }
}

/// GHSA-569q-mpph-wgww: the host in the first request, or in fifty parallel ones, changes nothing for later requests.
#[tokio::test]
async fn a09_no_request_changes_the_base_url() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let body = json!({ "email": "ada@example.com", "password": "password1234" }).to_string();
    let from = |host: &str, origin: &str| {
        format!(
            "POST /api/auth/sign-in/email HTTP/1.1\r\nhost: {host}\r\nx-forwarded-host: {host}\r\nx-forwarded-proto: https\r\n\
             origin: {origin}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let foreign: Vec<_> = (0..50)
        .map(|number| {
            from(
                &format!("evil{number}.test"),
                &format!("https://evil{number}.test"),
            )
        })
        .collect();
    let statuses = join_all(foreign.into_iter().map(|request| server.raw_status(request))).await;
    assert_eq!(statuses, [403; 50]);
    assert_eq!(
        server
            .raw_status(from("evil.test", "http://localhost:3000"))
            .await,
        200
    );
    assert_eq!(server.anonymous().get("/ok").send().await.status, 200);
}
