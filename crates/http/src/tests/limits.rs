use std::sync::Arc;

use actix_web::{App as Actix, test};
use chrono::TimeDelta;
use portcullis_application::{
    ports::Failure,
    rate_limit::{RateLimit, RateLimitOptions},
    testing::{FakePorts, FakeStore, FakeUnitOfWork},
};
use portcullis_domain::rate_limit::{Refused, Rule};

use super::{app, get, logging::Paper, options, post, send_with_app};
use crate::{App, Options, service::Service};

/// Counts of a store that answers once: for a client of unknown address at `/sign-in/email`.
fn counting(answer: Result<Option<Refused>, Failure>) -> FakeStore {
    let mut read = FakeUnitOfWork::default();
    let counts = read.rate_limits.expect_admit().once();
    counts
        .withf(|key, _, _| key == "unknown|/sign-in/email")
        .return_once(move |_, _, _| answer);
    FakeStore::new(vec![read], Vec::new())
}

/// Two requests in ten seconds for every path that has no other rule.
fn limited(store: FakeStore) -> App {
    let ports = FakePorts::around(store).ports;
    let limits = RateLimitOptions {
        general: Rule {
            window: TimeDelta::seconds(10),
            max: 2,
        },
        storage: None,
        custom: Vec::new(),
    };
    App {
        rate_limit: RateLimit::new(&ports, Some(limits)),
        ..app(&ports)
    }
}

/// A peer at a socket of the file system has no address, and neither has a test's.
#[actix_web::test]
async fn clients_of_unknown_address_are_limited_as_one_which_is_told_once() {
    let paper = Paper::default();
    let _logging = paper.hold();
    let service = Arc::new(Service::new(limited(FakeStore::default()), options()));
    let actix = test::init_service(Actix::new().configure(|config| service.mount(config))).await;
    let mut statuses = Vec::new();
    for spoofed in ["1.1.1.1", "2.2.2.2", "3.3.3.3", "unknown"] {
        let request = get("/api/auth/ok").insert_header(("x-forwarded-for", spoofed));
        let response = test::call_service(&actix, request.to_request()).await;
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 429, 429]);
    assert_eq!(paper.text().matches("without its client's address").count(), 1);
}

/// Where hits cannot be counted, nobody passes uncounted.
#[actix_web::test]
async fn a_count_that_fails_is_503() {
    let app = limited(counting(Err(Failure::unavailable("away"))));
    let answer = send_with_app(app, options(), post("/sign-in/email", "{}")).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[actix_web::test]
async fn a_refusal_has_a_name_in_the_log_and_none_on_the_wire() {
    let app = limited(counting(Ok(Some(Refused { retry_after: 7 }))));
    let paper = Paper::default();
    let logging = paper.hold();
    let answer = send_with_app(app, options(), post("/sign-in/email", "{}")).await;
    drop(logging);
    let said = r#"{"message":"Too many requests. Please try again later."}"#;
    assert_eq!(answer.told(), (429, said));
    assert_eq!(answer.header("x-retry-after"), Some("7"));
    let log = paper.text();
    assert!(
        log.contains(r#""status":429,"code":"TOO_MANY_REQUESTS""#),
        "{log}"
    );
}

#[actix_web::test]
async fn a_path_that_is_switched_off_is_counted_too() {
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
