use std::time::Duration;

use actix_web::http::header;

use super::{FailingStore, TOKEN, ask, get, ill, options, send_with};
use crate::{Limits, Options};

const INTERNAL: (u16, &str) = (
    500,
    r#"{"code":"INTERNAL_SERVER_ERROR","message":"Internal server error"}"#,
);
const UNAVAILABLE: (u16, &str) = (
    503,
    r#"{"code":"SERVICE_UNAVAILABLE","message":"Service unavailable"}"#,
);

#[actix_web::test]
async fn readiness_reports_the_state_of_the_store() {
    for (store, expected) in [
        (FailingStore::Away, UNAVAILABLE),
        (FailingStore::Broken, INTERNAL),
    ] {
        let ports = ill(store);
        assert_eq!(
            send_with(&ports, options(), get("/health/ready"))
                .await
                .status_and_body(),
            expected
        );
        let live = send_with(&ports, options(), get("/health/live")).await;
        assert_eq!(live.status_and_body(), (200, r#"{"ok":true}"#));
    }
}

#[actix_web::test]
async fn a_request_that_exceeds_its_time_limit_is_503() {
    let options = Options {
        limits: Limits {
            request: Duration::from_millis(20),
            ..Limits::default()
        },
        ..options()
    };
    let answer = send_with(&ill(FailingStore::Hung), options, get("/health/ready")).await;
    assert_eq!(answer.status_and_body(), UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[actix_web::test]
async fn a_panic_is_answered_with_500() {
    // The store expects no call, so a call panics.
    let request = get("/api/auth/get-session").insert_header((header::COOKIE, TOKEN));
    let answer = ask(request).await;
    assert_eq!(answer.status_and_body(), INTERNAL);
    assert!(answer.header("x-request-id").is_some());
}

#[actix_web::test]
async fn a_head_above_16_kib_is_rejected() {
    let with = |size: usize| get("/api/auth/ok").insert_header(("x-padding", "x".repeat(size)));
    assert_eq!(ask(with(16_000)).await.status, 200);
    let refused = r#"{"code":"REQUEST_HEADER_FIELDS_TOO_LARGE","message":"Request header fields too large"}"#;
    assert_eq!(ask(with(16_384)).await.status_and_body(), (431, refused));
    let query = format!("/api/auth/ok?{}", "x".repeat(16_384));
    assert_eq!(ask(get(&query)).await.status_and_body(), (431, refused));
}

#[actix_web::test]
async fn a_safe_request_id_is_kept_and_any_other_is_replaced() {
    for id in ["a", "0c9f-17.b_Z", &"x".repeat(64)] {
        let answer = ask(get("/api/auth/ok").insert_header(("x-request-id", id))).await;
        assert_eq!(answer.header("x-request-id"), Some(id));
    }
    for id in ["", "a b", "a;b", "é", "{}", &"x".repeat(65)] {
        let answer = ask(get("/nowhere").insert_header(("x-request-id", id))).await;
        let given = answer.header("x-request-id").unwrap();
        assert!(
            given.len() == 20 && given.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{id}"
        );
    }
}

#[actix_web::test]
async fn every_response_has_nosniff() {
    for path in ["/api/auth/ok", "/api/auth/nowhere", "/health/live", "/"] {
        let answer = ask(get(path)).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}
