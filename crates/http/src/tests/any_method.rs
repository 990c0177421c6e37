//! Routes that answer any method, at every path below a variable, with constant headers.

use std::future;

use actix_web::{HttpResponse, http::header, test::TestRequest};
use portcullis_application::testing::{FakePorts, FakeStore};
use serde_json::json;

use super::{Answer, TOKEN, app, get, options, post, send_to};
use crate::{Route, answer, call::Call, code, endpoint::Public, error::ApiError, operation::Operation};

static ROUTES: &[Route] = &[Route::any(
    "/tail/:word/**",
    &Public(|call, ()| Box::pin(future::ready(tail(&call)))),
)
.documented(&Operation {
    summary: "",
    query: &[],
    answers: &[],
    codes: &[],
})
.always_with(&["x-first", "x-second"])];

fn tail(call: &Call<'_>) -> Result<HttpResponse, ApiError> {
    if call.segment == "missing" {
        return Err((&code::NOT_FOUND).into());
    }
    let mut response = answer::json(&json!([call.segment, call.tail]));
    let first = header::HeaderName::from_static("x-first");
    response
        .headers_mut()
        .insert(first, header::HeaderValue::from_static("1"));
    Ok(response)
}

async fn ask(request: TestRequest) -> Answer {
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    send_to(ROUTES.iter(), app(&ports), options(), request).await
}

#[actix_web::test]
async fn a_tail_is_any_path_below_the_variable_as_it_was_sent() {
    for (path, segment, tail) in [
        ("/tail/a", "a", ""),
        ("/tail/a/", "a", "/"),
        ("/tail/a/b/c", "a", "/b/c"),
        ("/tail/a//../%2e%2e", "a", "//../%2e%2e"),
    ] {
        let answer = ask(get(&format!("/api/auth{path}?x=%zz"))).await;
        let body = format!(r#"["{segment}","{tail}"]"#);
        assert_eq!(answer.status_and_body(), (200, body.as_str()), "{path}");
    }
    for path in ["/tail", "/tail/", "/tail//a", "/tails/a"] {
        let answer = ask(get(&format!("/api/auth{path}"))).await;
        assert_eq!(answer.status_and_body(), (404, ""), "{path}");
    }
}

#[actix_web::test]
async fn a_route_for_any_method_reads_no_body_and_checks_no_origin() {
    for method in ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "PURGE"] {
        let request = post("/tail/a?callbackURL=https://evil.test", "{")
            .method(method.parse().unwrap())
            .insert_header((header::COOKIE, TOKEN))
            .insert_header((header::ORIGIN, "https://evil.test"));
        assert_eq!(ask(request).await.status, 200, "{method}");
    }
}

#[actix_web::test]
async fn constant_headers_are_in_every_response_and_empty_unless_they_are_set() {
    let answer = ask(get("/api/auth/tail/a")).await;
    assert_eq!(
        (answer.header("x-first"), answer.header("x-second")),
        (Some("1"), Some(""))
    );
    let long = get("/api/auth/tail/a").insert_header(("x-long", "x".repeat(20_000)));
    for (request, status) in [(get("/api/auth/tail/missing"), 404), (long, 431)] {
        let answer = ask(request).await;
        assert_eq!(answer.status, status);
        assert_eq!(
            (answer.header("x-first"), answer.header("x-second")),
            (Some(""), Some(""))
        );
    }
    assert_eq!(ask(get("/api/auth/tail")).await.header("x-first"), None);
}
