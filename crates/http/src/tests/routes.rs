use std::{future, sync::Arc};

use actix_web::{
    App as Actix, HttpResponse,
    http::header,
    test::{self, TestRequest},
};
use chrono::TimeDelta;
use portcullis_application::{
    ports::Failure,
    rate_limit::{RateLimit, RateLimitOptions},
    session::{FreshCaller, StrictCaller},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{a_session, a_user},
    },
};
use portcullis_domain::rate_limit::Rule;
use serde_json::json;

use super::{Answer, OWN, TOKEN, app, get, logging::LogCapture, options, post, send_to};
use crate::{
    App, Features, Options, Route, answer,
    call::Call,
    endpoint::{ForAnyone, ForFreshCallers, Public},
    extract::body::{Body, Query, RedirectUrl, Text, body},
    operation::Operation,
    service::Service,
};

body! {
    Callback {
        callback: RedirectUrl = "callbackURL",
    }
}
body! {
    TokenInQuery {
        token: Option<Text> = "token",
    }
}
body! {
    Named {
        name: Text = "name",
    }
}

/// A feature that a deployment may enable, with the path of its route.
struct Movable(&'static str);

const NOTHING: Operation = Operation {
    summary: "",
    query: &[],
    answers: &[],
    codes: &[],
};

static ROUTES: &[Route] = &[
    Route::get(
        "/echo/:word",
        &Public(|call, query| Box::pin(future::ready(Ok(echo(&call, query))))),
    )
    .documented(&NOTHING),
    Route::post(
        "/echo",
        &Public(|_call: Call<'_>, input| Box::pin(future::ready(Ok(named(input))))),
    )
    .documented(&NOTHING),
    Route::get(
        "/anyone",
        &ForAnyone(|call, by, ()| Box::pin(future::ready(Ok(name(&call, by.as_ref()))))),
    )
    .documented(&NOTHING),
    Route::get(
        "/fresh",
        &ForFreshCallers(|_call: Call<'_>, by, ()| Box::pin(future::ready(Ok(fresh(&by))))),
    )
    .documented(&NOTHING),
    Route::get(
        "/movable",
        &Public(|call, ()| Box::pin(future::ready(Ok(moved(&call))))),
    )
    .documented(&NOTHING)
    .at(|features| features.get::<Movable>().map(|movable| movable.0.to_owned())),
];

fn echo(call: &Call<'_>, Query(query): Query<Callback>) -> HttpResponse {
    answer::json(&json!({ "segment": call.segment, "callback": query.callback }))
}

fn named((Body(body), Query(query)): (Body<Named>, Query<TokenInQuery>)) -> HttpResponse {
    answer::json(&(body.name, query.token))
}

fn name(_call: &Call<'_>, by: Option<&StrictCaller>) -> HttpResponse {
    answer::json(&by.map(|by| by.user().name.clone()))
}

fn fresh(by: &FreshCaller) -> HttpResponse {
    answer::json(&by.user().name)
}

fn moved(call: &Call<'_, Movable>) -> HttpResponse {
    answer::json(&call.feature.0)
}

async fn send_with(app: App, options: Options, request: TestRequest) -> Answer {
    send_to(ROUTES.iter(), app, options, request).await
}

async fn send(reads: Vec<FakeUnitOfWork>, request: TestRequest) -> Answer {
    let ports = FakePorts::with_store(FakeStore::new(reads, Vec::new())).ports;
    send_with(app(&ports), options(), request).await
}

async fn ask(request: TestRequest) -> Answer {
    send(Vec::new(), request).await
}

#[actix_web::test]
async fn a_variable_segment_is_passed_as_it_was_sent() {
    for (path, segment) in [
        ("/echo/abc", "abc"),
        ("/echo/a%20b%2Fc", "a%20b%2Fc"),
        ("/echo/:word", ":word"),
        ("/echo/..", ".."),
    ] {
        let answer = ask(get(&format!("/api/auth{path}?callbackURL=/x%3Fy=z"))).await;
        let body = format!(r#"{{"segment":"{segment}","callback":"/x?y=z"}}"#);
        assert_eq!(answer.status_and_body(), (200, body.as_str()));
    }
}

#[actix_web::test]
async fn a_variable_matches_exactly_one_segment_that_is_not_empty() {
    for path in [
        "/echo/",
        "/echo/a/",
        "/echo/a/b",
        "/echo//a",
        "/echox/a",
        "/Echo/a",
    ] {
        let answer = ask(get(&format!("/api/auth{path}?callbackURL=/x"))).await;
        assert_eq!(answer.status_and_body(), (404, ""), "{path}");
        assert_eq!(answer.header("content-type"), None, "{path}");
    }
    assert_eq!(ask(post("/echo/a", "{}")).await.status_and_body(), (404, ""));
}

fn invalid(issue: &str) -> String {
    format!(r#"{{"code":"VALIDATION_ERROR","message":"{issue}"}}"#)
}

#[actix_web::test]
async fn issues_of_a_query_are_reported_before_untrusted_redirects() {
    for (query, issue) in [
        (
            "",
            "[query.callbackURL] Invalid input: expected string, received undefined",
        ),
        (
            "?callbackURL=/x&callbackURL=https://evil.test",
            "[query.callbackURL] Invalid input: expected string, received array",
        ),
        (
            "?errorCallbackURL=https://evil.test",
            "[query.callbackURL] Invalid input: expected string, received undefined",
        ),
        (
            "?callbackURL=%00",
            "[query.callbackURL] Invalid string: must not include NUL",
        ),
    ] {
        let answer = ask(get(&format!("/api/auth/echo/a{query}"))).await;
        assert_eq!(
            answer.status_and_body(),
            (400, invalid(issue).as_str()),
            "{query}"
        );
    }
    let answer = ask(get("/api/auth/echo/a?callbackURL=https://evil.test")).await;
    let refused = r#"{"code":"INVALID_CALLBACKURL","message":"Invalid callbackURL"}"#;
    assert_eq!(answer.status_and_body(), (403, refused));
}

#[actix_web::test]
async fn with_a_body_issues_of_the_query_are_reported_last() {
    let send = |query: &str, body: &str| ask(post(&format!("/echo?token=a&token=b{query}"), body));
    let refused = r#"{"code":"INVALID_CALLBACKURL","message":"Invalid callbackURL"}"#;
    assert_eq!(
        send("&callbackURL=//evil.test", "{}").await.status_and_body(),
        (403, refused)
    );
    let body = invalid("[body.name] Invalid input: expected string, received undefined");
    assert_eq!(send("", "{}").await.status_and_body(), (400, body.as_str()));
    let query = invalid("[query.token] Invalid input: expected string, received array");
    assert_eq!(
        send("", r#"{"name":"n"}"#).await.status_and_body(),
        (400, query.as_str())
    );
    assert_eq!(ask(post("/echo?other=1", r#"{"name":"n"}"#)).await.status, 200);
}

fn moved_to(path: &'static str) -> App {
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    App {
        features: Features::default().with(Some(Movable(path))),
        ..app(&ports)
    }
}

#[actix_web::test]
async fn a_route_exists_only_with_its_feature() {
    let answer = ask(get("/api/auth/movable")).await;
    assert_eq!(answer.status_and_body(), (404, ""));
    assert_eq!(answer.header("content-type"), None);
    let answer = send_with(moved_to("/movable"), options(), get("/api/auth/movable")).await;
    assert_eq!(answer.status_and_body(), (200, r#""/movable""#));
}

#[actix_web::test]
async fn a_route_may_have_a_configured_path() {
    for (path, status) in [("/.well-known/keys.json", 200), ("/movable", 404)] {
        let app = moved_to("/.well-known/keys.json");
        let answer = send_with(app, options(), get(&format!("/api/auth{path}"))).await;
        assert_eq!(answer.status, status, "{path}");
    }
}

#[actix_web::test]
async fn a_path_is_disabled_as_declared_or_as_sent() {
    for (disabled, path, is_off) in [
        ("/echo/:word", "/echo/a", true),
        ("/echo/a", "/echo/a", true),
        ("/echo/a", "/echo/b", false),
        ("/echo", "/echo/a", false),
    ] {
        let options = Options {
            disabled_paths: vec![disabled.to_owned()],
            ..options()
        };
        let ports = FakePorts::with_store(FakeStore::default()).ports;
        let request = get(&format!("/api/auth{path}?callbackURL=/x"));
        let answer = send_with(app(&ports), options, request).await;
        let off = answer.status_and_body() == (404, "Not Found");
        assert_eq!(off, is_off, "{disabled} {path}");
    }
}

#[actix_web::test]
async fn a_variable_segment_is_not_logged() {
    let log = LogCapture::default();
    let logging = log.start();
    ask(get("/api/auth/echo/topsecret?callbackURL=/x")).await;
    drop(logging);
    let log = log.text();
    assert!(log.contains(r#""route":"/echo/:word""#), "{log}");
    assert!(!log.contains("topsecret"), "{log}");
}

#[actix_web::test]
async fn all_values_of_a_variable_segment_share_one_count() {
    let limits = RateLimitOptions {
        general: Rule {
            window: TimeDelta::seconds(10),
            max: 2,
        },
        storage: None,
        custom: Vec::new(),
    };
    let ports = FakePorts::with_store(FakeStore::default()).ports;
    let limited = App {
        rate_limit: RateLimit::new(&ports, Some(limits), []),
        ..app(&ports)
    };
    let service = Arc::new(Service::with_routes(ROUTES.iter(), limited, options()));
    let actix = test::init_service(Actix::new().configure(|config| service.mount(config))).await;
    let mut statuses = Vec::new();
    for (method, path) in [("GET", "a"), ("POST", "b"), ("GET", "c"), ("GET", "c/d")] {
        let request = get(&format!("/api/auth/echo/{path}?callbackURL=/x")).method(method.parse().unwrap());
        let response = test::call_service(&actix, request.to_request()).await;
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses, [200, 404, 429, 404]);
}

fn with_token(path: &str) -> TestRequest {
    get(&format!("/api/auth{path}"))
        .insert_header((header::COOKIE, TOKEN))
        .insert_header((header::ORIGIN, OWN))
}

fn finding(age: Option<TimeDelta>) -> FakeUnitOfWork {
    let session = age.map(|age| {
        let mut session = a_session();
        session.created_at -= age;
        session.updated_at -= age;
        (session, a_user())
    });
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Ok(session));
    read
}

#[actix_web::test]
async fn a_fresh_session_is_required_for_dangerous_operations() {
    let young = finding(Some(TimeDelta::hours(1)));
    assert_eq!(
        send(vec![young], with_token("/fresh")).await.status_and_body(),
        (200, r#""Ada""#)
    );
    let old = finding(Some(TimeDelta::days(1)));
    let refused = r#"{"code":"SESSION_IS_NOT_FRESH","message":"Session is not fresh"}"#;
    assert_eq!(
        send(vec![old], with_token("/fresh")).await.status_and_body(),
        (403, refused)
    );
    assert_eq!(
        send(vec![finding(None)], with_token("/fresh"))
            .await
            .status_and_body(),
        (401, "")
    );
    assert_eq!(ask(get("/api/auth/fresh")).await.status_and_body(), (401, ""));
}

#[actix_web::test]
async fn an_optional_session_is_passed_to_the_handler_if_it_is_live() {
    let live = finding(Some(TimeDelta::zero()));
    assert_eq!(
        send(vec![live], with_token("/anyone")).await.status_and_body(),
        (200, r#""Ada""#)
    );
    let answer = send(vec![finding(None)], with_token("/anyone")).await;
    assert_eq!(answer.status_and_body(), (200, "null"));
    assert!(answer.cookies().is_empty());
    assert_eq!(
        ask(get("/api/auth/anyone")).await.status_and_body(),
        (200, "null")
    );
    let mut away = FakeUnitOfWork::default();
    away.sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Err(Failure::unavailable("connection refused")));
    assert_eq!(send(vec![away], with_token("/anyone")).await.status, 503);
}
