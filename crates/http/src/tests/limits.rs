use std::{net::IpAddr, sync::Arc};

use actix_web::{App as Actix, test};
use chrono::TimeDelta;
use portcullis_application::{
    ports::Failure,
    rate_limit::{RateLimit, RateLimitOptions},
    testing::{FakePorts, FakeStore, FakeUnitOfWork},
};
use portcullis_domain::rate_limit::{Decision, Denied, Rule};

use super::{app, get, logging::LogCapture, options, post, send_with_app};
use crate::{App, Options, service::Service};

/// A store that returns this count once, for a client of unknown address at `/sign-in/email`.
fn counting(answer: Result<Decision, Failure>) -> FakeStore {
    let mut read = FakeUnitOfWork::default();
    let counts = read.rate_limits.expect_count().once();
    counts
        .withf(|key, _, _| key == "unknown|/sign-in/email")
        .return_once(move |_, _, _| answer);
    FakeStore::new(vec![read], Vec::new())
}

/// An application that allows two requests in ten seconds at every path that has no other rule.
fn limited(store: FakeStore) -> App {
    let ports = FakePorts::with_store(store).ports;
    let limits = RateLimitOptions {
        general: Rule {
            window: TimeDelta::seconds(10),
            max: 2,
        },
        storage: None,
        custom: Vec::new(),
    };
    App {
        rate_limit: RateLimit::new(&ports, Some(limits), []),
        ..app(&ports)
    }
}

/// A peer at a Unix socket has no address, and neither has a test's.
#[actix_web::test]
async fn clients_of_unknown_address_share_one_limit_which_is_logged_once() {
    let log = LogCapture::default();
    let _logging = log.start();
    let service = Arc::new(Service::new(limited(FakeStore::default()), options()));
    let actix = test::init_service(Actix::new().configure(|config| service.mount(config))).await;
    let mut statuses = Vec::new();
    for spoofed in ["1.1.1.1", "2.2.2.2", "3.3.3.3", "unknown"] {
        let request = get("/api/auth/ok").insert_header(("x-forwarded-for", spoofed));
        let response = test::call_service(&actix, request.to_request()).await;
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 429, 429]);
    assert_eq!(
        log.text()
            .matches("could not determine a client's address")
            .count(),
        1
    );
}

/// If requests cannot be counted, they are not answered.
#[actix_web::test]
async fn a_request_that_cannot_be_counted_is_503() {
    let app = limited(counting(Err(Failure::unavailable("away"))));
    let answer = send_with_app(app, options(), post("/sign-in/email", "{}")).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[actix_web::test]
async fn a_429_has_a_code_in_the_log_and_none_in_the_response() {
    let app = limited(counting(Ok(Decision::Denied(Denied { retry_after: 7 }))));
    let log = LogCapture::default();
    let logging = log.start();
    let answer = send_with_app(app, options(), post("/sign-in/email", "{}")).await;
    drop(logging);
    let body = r#"{"message":"Too many requests. Please try again later."}"#;
    assert_eq!(answer.status_and_body(), (429, body));
    assert_eq!(answer.header("x-retry-after"), Some("7"));
    let log = log.text();
    assert!(
        log.contains(r#""status":429,"code":"TOO_MANY_REQUESTS""#),
        "{log}"
    );
}

#[actix_web::test]
async fn a_disabled_path_is_counted() {
    let options = Options {
        disabled_paths: vec!["/ok".to_owned()],
        ..options()
    };
    let service = Arc::new(Service::new(limited(FakeStore::default()), options));
    let actix = test::init_service(Actix::new().configure(|config| service.mount(config))).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let response = test::call_service(&actix, get("/api/auth/ok").to_request()).await;
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses, [404, 404, 429]);
}

#[actix_web::test]
async fn a_peer_that_forwards_an_address_and_is_not_trusted_is_logged_once_without_addresses() {
    let peer = |address: &str| (address.parse::<IpAddr>().unwrap(), 4000).into();
    for (header, value, from, count) in [
        ("x-forwarded-for", "203.0.113.9", "198.51.100.7", 1),
        ("x-real-ip", "203.0.113.9", "198.51.100.7", 1),
        ("forwarded", "for=203.0.113.9", "198.51.100.7", 1),
        ("x-forwarded-for", "203.0.113.9", "10.0.0.1", 0),
        ("x-forwarded-host", "a.example.com", "198.51.100.7", 0),
    ] {
        let log = LogCapture::default();
        let _logging = log.start();
        let options = Options {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            ..options()
        };
        let service = Arc::new(Service::new(limited(FakeStore::default()), options));
        let actix = test::init_service(Actix::new().configure(|config| service.mount(config))).await;
        for _ in 0..2 {
            let request = get("/api/auth/ok")
                .insert_header((header, value))
                .peer_addr(peer(from));
            test::call_service(&actix, request.to_request()).await;
        }
        let log = log.text();
        let warnings: Vec<_> = log
            .lines()
            .filter(|line| line.contains("trusted_proxies"))
            .collect();
        assert_eq!(warnings.len(), count, "{header} {from}: {log}");
        assert!(
            warnings
                .iter()
                .all(|line| line.contains(header) && !line.contains(from)),
            "{log}"
        );
    }
}
