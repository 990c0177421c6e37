//! The log of rejected origins and of requests without a route.

use std::sync::Arc;

use actix_web::{
    App as Actix,
    http::{Method, header},
    test::{self, TestRequest},
};
use chrono::TimeDelta;
use portcullis_application::testing::{FakePorts, FakeStore};
use serde_json::{Value, json};

use super::{
    FRIEND, LogCapture, OWN, STRANGER, app, get,
    logging::{logged, request_line},
    options, post,
};
use crate::service::Service;

/// A body that passes every check before the handler, which rejects it.
const INNOCENT: &str = r#"{"email":"nope","password":"x"}"#;

#[actix_web::test]
async fn a_request_without_a_route_is_logged_with_the_reason() {
    let preflight = |path: &str, origin: &str| {
        get(path)
            .method(Method::OPTIONS)
            .insert_header((header::ORIGIN, origin.to_owned()))
            .insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, "POST"))
    };
    for (request, route, path, reason) in [
        (
            get("/auth/get-session"),
            "unmatched",
            "/auth/get-session",
            "the path is not below the base path",
        ),
        (
            get("/api/auth/sign-in/email"),
            "unmatched",
            "/api/auth/sign-in/email",
            "the path has another method",
        ),
        (
            get("/api/auth/get-session/"),
            "unmatched",
            "/api/auth/get-session/",
            "the path is unknown",
        ),
        (
            get("/api/auth/"),
            "unmatched",
            "/api/auth/",
            "the path is unknown",
        ),
        (
            get("/api/auth/token"),
            "unmatched",
            "/api/auth/token",
            "the feature is disabled",
        ),
        (
            get("/api/auth/ok").method(Method::TRACE),
            "unmatched",
            "/api/auth/ok",
            "the method is not allowed",
        ),
        (
            preflight("/api/auth/sign-in/email", STRANGER),
            "preflight",
            "/api/auth/sign-in/email",
            "the origin is not trusted",
        ),
        (
            preflight("/auth/sign-in/email", FRIEND),
            "unmatched",
            "/auth/sign-in/email",
            "the path is not below the base path",
        ),
    ] {
        let line = request_line(&logged(FakeStore::default(), request).await);
        let found = (&line["route"], &line["path"], &line["reason"]);
        assert_eq!(found, (&json!(route), &json!(path), &json!(reason)));
    }
    let granted = preflight("/api/auth/sign-in/email", FRIEND);
    let line = request_line(&logged(FakeStore::default(), granted).await);
    assert_eq!((&line["route"], line.get("reason")), (&json!("preflight"), None));
}

/// Returns the origins in the warnings that these requests cause, each after some seconds.
async fn warned_origins(requests: Vec<(i64, TestRequest)>) -> Vec<String> {
    let fakes = FakePorts::with_store(FakeStore::default());
    let service = Arc::new(Service::new(app(&fakes.ports), options()));
    let actix = test::init_service(Actix::new().configure(|config| service.mount(config))).await;
    let log = LogCapture::default();
    let logging = log.start();
    for (seconds, request) in requests {
        fakes.clock.advance(TimeDelta::seconds(seconds));
        test::call_service(&actix, request.to_request()).await;
    }
    drop(logging);
    let lines = log.text();
    assert!(!lines.contains("hidden"), "{lines}");
    let warnings = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let warnings = warnings.filter(|line| line["level"] == "WARN");
    warnings
        .map(|line| {
            let fields = &line["fields"];
            assert_eq!(
                fields["trusted_origins"],
                "http://localhost:5173, http://localhost:3000"
            );
            assert!(fields["message"].as_str().unwrap().contains("`trusted_origins`"));
            assert!(line["spans"][0]["request_id"].is_string(), "{line}");
            fields["origin"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[actix_web::test]
async fn an_origin_that_is_not_trusted_is_logged_once_a_minute() {
    let change = |origin: &str| {
        post("/sign-in/email", "{}")
            .insert_header((header::ORIGIN, origin.to_owned()))
            .insert_header((header::COOKIE, "a=hidden"))
    };
    let other = || change("https://other.test");
    let warned = warned_origins(vec![
        (0, change(STRANGER)),
        (1, change(STRANGER)),
        (0, other()),
        (58, change(STRANGER)),
        (1, change(STRANGER)),
        (0, other()),
        (1, other()),
    ])
    .await;
    assert_eq!(
        warned,
        [STRANGER, "https://other.test", STRANGER, "https://other.test"]
    );
}

#[actix_web::test]
async fn every_kind_of_rejected_origin_is_logged_without_secrets() {
    let signs_in = || post("/sign-in/email", INNOCENT);
    let reads = || get("/api/auth/get-session?hidden");
    for (request, origin) in [
        (
            signs_in().insert_header((header::REFERER, "https://a.test/hidden?hidden")),
            "https://a.test",
        ),
        (signs_in().insert_header((header::ORIGIN, "null")), "null"),
        (signs_in().insert_header((header::ORIGIN, "hidden")), "not a URL"),
        (signs_in().insert_header(("sec-fetch-site", "cross-site")), "none"),
        (reads().insert_header((header::ORIGIN, STRANGER)), STRANGER),
        (
            reads()
                .method(Method::OPTIONS)
                .insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, "GET"))
                .insert_header((header::ORIGIN, STRANGER)),
            STRANGER,
        ),
        // A page of the server's own origin that sees the server at another address.
        (
            reads()
                .insert_header((header::ORIGIN, OWN))
                .insert_header(("sec-fetch-site", "same-site")),
            OWN,
        ),
        (
            reads()
                .method(Method::OPTIONS)
                .insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, "GET"))
                .insert_header((header::ORIGIN, OWN)),
            OWN,
        ),
    ] {
        assert_eq!(warned_origins(vec![(0, request)]).await, [origin]);
    }
    for request in [
        reads().insert_header((header::ORIGIN, FRIEND)),
        reads().insert_header((header::ORIGIN, OWN)),
        reads(),
        signs_in(),
        // A page behind a proxy that forwards this server's paths.
        signs_in()
            .insert_header((header::ORIGIN, STRANGER))
            .insert_header(("sec-fetch-site", "same-origin")),
        get("/health/live").insert_header((header::ORIGIN, STRANGER)),
        // It is rejected although its origin is trusted.
        signs_in()
            .insert_header((header::ORIGIN, FRIEND))
            .insert_header(("sec-fetch-site", "cross-site"))
            .insert_header(("sec-fetch-mode", "navigate")),
    ] {
        assert_eq!(warned_origins(vec![(0, request)]).await, [""; 0]);
    }
}

#[actix_web::test]
async fn many_origins_that_are_not_trusted_do_not_fill_the_log() {
    let requests = (0..500).map(|number| {
        let origin = format!("https://{number}.test");
        (0, get("/api/auth/ok").insert_header((header::ORIGIN, origin)))
    });
    let warned = warned_origins(requests.collect()).await;
    assert_eq!(warned.len(), 65);
    assert_eq!(warned.last().unwrap(), "others");
}
