use actix_web::{
    http::{Method, header},
    test::TestRequest,
};

use portcullis_application::testing::{FakePorts, FakeStore};
use portcullis_domain::origin::TrustedOrigins;

use super::{Answer, FRIEND, OWN, STRANGER, ask, get, options, send_with};
use crate::Options;

fn preflight(path: &str, origin: &str) -> TestRequest {
    TestRequest::with_uri(path)
        .method(Method::OPTIONS)
        .insert_header((header::ORIGIN, origin))
        .insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, "POST"))
        .insert_header((header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type,x-captcha"))
}

fn cors_headers(answer: &Answer) -> Vec<(&str, &str)> {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .filter(|(name, _value)| name.starts_with("access-control") || *name == "vary")
        .collect();
    headers.sort_unstable();
    headers
}

#[actix_web::test]
async fn a_preflight_from_a_trusted_origin_is_granted() {
    let answer = ask(preflight("/api/auth/sign-in/email", FRIEND)).await;
    assert_eq!(answer.status_and_body(), (204, ""));
    assert_eq!(
        cors_headers(&answer),
        [
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-headers", "content-type,x-captcha"),
            ("access-control-allow-methods", "POST"),
            ("access-control-allow-origin", FRIEND),
            ("access-control-max-age", "7200"),
            (
                "vary",
                "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
            ),
        ]
    );
}

#[actix_web::test]
async fn a_preflight_from_another_origin_or_outside_the_base_path_gets_404() {
    for (request, varies) in [
        (
            preflight("/api/auth/sign-in/email", STRANGER),
            &[("vary", "Origin")][..],
        ),
        (
            preflight("/api/auth/sign-in/email", "null"),
            &[("vary", "Origin")],
        ),
        (preflight("/health/live", FRIEND), &[]),
        (preflight("/api/authx/ok", FRIEND), &[]),
    ] {
        let answer = ask(request).await;
        assert_eq!(answer.status_and_body(), (404, ""));
        assert_eq!(cors_headers(&answer), varies);
    }
}

#[actix_web::test]
async fn a_trusted_origin_may_read_every_response_below_the_base_path() {
    for path in [
        "/api/auth/ok",
        "/api/auth/nowhere",
        "/api/auth/get-session?callbackURL=//x",
    ] {
        let answer = ask(get(path).insert_header((header::ORIGIN, FRIEND))).await;
        assert_eq!(
            cors_headers(&answer),
            [
                ("access-control-allow-credentials", "true"),
                ("access-control-allow-origin", FRIEND),
                ("vary", "Origin"),
            ],
            "{path}"
        );
    }
}

#[actix_web::test]
async fn any_other_origin_gets_no_cors_headers() {
    for origin in [STRANGER, "null", "*", "http://localhost:5173.evil.test"] {
        let answer = ask(get("/api/auth/ok").insert_header((header::ORIGIN, origin))).await;
        assert_eq!(cors_headers(&answer), [("vary", "Origin")], "{origin}");
    }
    let twice = get("/api/auth/ok")
        .append_header((header::ORIGIN, FRIEND))
        .append_header((header::ORIGIN, STRANGER));
    assert_eq!(cors_headers(&ask(twice).await), [("vary", "Origin")]);
    let outside = get("/health/live").insert_header((header::ORIGIN, FRIEND));
    assert_eq!(cors_headers(&ask(outside).await), []);
}

#[actix_web::test]
async fn pages_of_the_servers_own_origin_get_no_cors_headers() {
    let answer = ask(get("/api/auth/ok").insert_header((header::ORIGIN, OWN))).await;
    assert_eq!(cors_headers(&answer), [("vary", "Origin")]);
}

/// Such a page needs no preflight, unless it sees the server at another address.
#[actix_web::test]
async fn a_preflight_of_the_servers_own_origin_is_rejected_unless_it_is_listed() {
    let preflight = || {
        get("/api/auth/ok")
            .method(Method::OPTIONS)
            .insert_header((header::ORIGIN, OWN))
            .insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, "POST"))
    };
    assert_eq!(ask(preflight()).await.status, 404);
    let listed = Options {
        trusted_origins: TrustedOrigins::new(vec![OWN.to_owned()]),
        ..options()
    };
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    let answer = send_with(&ports, listed, preflight()).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some(OWN));
}

/// In development, `base_url` may be the address of the front end.
#[actix_web::test]
async fn pages_of_the_servers_own_origin_get_cors_headers_if_it_is_listed() {
    let options = Options {
        trusted_origins: TrustedOrigins::new(vec![FRIEND.to_owned(), OWN.to_owned()]),
        ..options()
    };
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    let request = get("/api/auth/ok").insert_header((header::ORIGIN, OWN));
    let answer = send_with(&ports, options, request).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some(OWN));
}
