use actix_web::{http::Method, test::TestRequest};

use super::{Answer, ask, get, options, send_with};
use crate::{Options, roll_call};
use portcullis_application::testing::{FakePorts, FakeStore};

fn assert_unknown(answer: &Answer, what: &str) {
    assert_eq!(answer.status_and_body(), (404, ""), "{what}");
    assert_eq!(answer.header("content-type"), None, "{what}");
}

#[actix_web::test]
async fn ok_and_health_routes_answer() {
    for path in ["/api/auth/ok", "/health/live", "/health/ready"] {
        let answer = ask(get(path)).await;
        assert_eq!(answer.status_and_body(), (200, r#"{"ok":true}"#), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
    }
}

#[actix_web::test]
async fn similar_paths_are_404() {
    for path in [
        "/ok",
        "/api/auth",
        "/api/auth/",
        "/api/auth/ok/",
        "/api/auth//ok",
        "//api/auth/ok",
        "/api/auth/OK",
        "/API/auth/ok",
        "/api/auth/o%6b",
        "/api%2fauth/ok",
        "/api/auth%2fok",
        "/api/auth/./ok",
        "/api/auth/x/../ok",
        "/api/auth/ok;x",
        "/api/auth/ok/x",
        "/api/authx/ok",
        "/api/autho",
        "/x/api/auth/ok",
        "/api/auth/health/live",
        "/api/auth/api/auth/ok",
        "/health",
        "/health/live/",
        "/health/ready%20",
    ] {
        assert_unknown(&ask(get(path)).await, path);
    }
}

#[actix_web::test]
async fn a_query_is_not_part_of_the_path() {
    assert_eq!(
        ask(get("/api/auth/ok?x=/y")).await.status_and_body(),
        (200, r#"{"ok":true}"#)
    );
}

#[actix_web::test]
async fn other_methods_are_404() {
    for method in [
        "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST", "PROPFIND", "get",
    ] {
        let request = get("/api/auth/ok").method(Method::from_bytes(method.as_bytes()).unwrap());
        assert_unknown(&ask(request).await, method);
    }
    assert_unknown(&ask(get("/api/auth/sign-out")).await, "GET /sign-out");
}

#[actix_web::test]
async fn trace_and_connect_are_405() {
    for method in [Method::TRACE, Method::CONNECT] {
        for path in ["/api/auth/ok", "/nowhere"] {
            let answer = ask(TestRequest::with_uri(path).method(method.clone())).await;
            assert_eq!(answer.status_and_body(), (405, ""), "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn the_base_path_may_be_changed_or_empty() {
    for (base_path, path) in [("/auth/", "/auth/ok"), ("", "/ok"), ("/", "/ok")] {
        let options = Options {
            base_path: base_path.to_owned(),
            ..options()
        };
        let ports = FakePorts::with_store(FakeStore::default()).ports;
        let answer = send_with(&ports, options, get(path)).await;
        assert_eq!(answer.status_and_body(), (200, r#"{"ok":true}"#), "{base_path:?}");
    }
}

#[test]
fn no_route_is_declared_twice() {
    let mut paths: Vec<_> = roll_call::routes()
        .map(|route| (route.method, route.full_path("/api/auth/")))
        .collect();
    assert!(paths.contains(&("GET", "/api/auth/get-session".to_owned())));
    assert!(paths.contains(&("GET", "/health/live".to_owned())));
    let count = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), count);
}

/// The second messages of codes for which Better Auth has two.
const SECOND_MESSAGES: [(&str, u16, &str); 2] = [
    ("INVALID_TOKEN", 401, "Invalid token"),
    ("USER_NOT_FOUND", 401, "User not found"),
];

#[test]
fn a_code_has_one_definition_for_each_status() {
    let mut codes = roll_call::codes();
    codes.retain(|code| !SECOND_MESSAGES.contains(&(code.name, code.status, code.message)));
    let mut names: Vec<_> = codes
        .iter()
        .map(|code| (code.name, code.status, code.is_bare))
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), codes.len(), "{names:?}");
    for code in codes {
        assert!((400..600).contains(&code.status), "{code:?}");
        assert!(!code.message.is_empty(), "{code:?}");
    }
}

#[test]
fn routes_of_one_path_declare_the_same_limit() {
    let limited: Vec<_> = roll_call::routes()
        .filter(|route| route.limit.is_some())
        .collect();
    assert!(limited.len() >= 6, "only {} routes are limited", limited.len());
    for route in limited {
        let mut same = roll_call::routes().filter(|other| other.path == route.path);
        assert!(same.all(|other| other.limit == route.limit), "{}", route.path);
    }
}

#[test]
fn paths_that_send_mails_have_a_window_of_a_minute() {
    let rule = |path| roll_call::routes().find(|route| route.path == path)?.limit;
    for path in ["/request-password-reset", "/send-verification-email"] {
        let rule = rule(path).unwrap();
        assert_eq!(
            (rule.window, rule.max),
            (chrono::TimeDelta::minutes(1), 3),
            "{path}"
        );
    }
}
