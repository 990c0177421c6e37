//! The plugin `captcha`: which requests reach a protected route.

mod bypass;

use std::{collections::BTreeMap, thread, time::Duration};

use futures_util::future::join_all;
use portcullis_testkit::{Answer, Call, Caller, MockService, TestServer, TestServerBuilder, member};
use serde_json::json;

const HEADER: &str = "x-captcha-response";
const MISSING: &str = r#"{"message":"Missing CAPTCHA response"}"#;
const REJECTED: &str = r#"{"message":"Captcha verification failed"}"#;
const UNAVAILABLE: &str = r#"{"message":"Something went wrong"}"#;

fn protected(service: &MockService, provider: &str) -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_PLUGINS__CAPTCHA__PROVIDER", provider)
        .set("PORTCULLIS_PLUGINS__CAPTCHA__SECRET_KEY", "s3cret")
        .set(
            "PORTCULLIS_PLUGINS__CAPTCHA__SITE_VERIFY_URL_OVERRIDE",
            &service.url("/verify"),
        )
        .set("PORTCULLIS_PLUGINS__CAPTCHA__ALLOWED_HOSTS", &service.host())
}

fn sign_in(caller: &Caller) -> Call<'_> {
    let body = json!({ "email": "ada@example.com", "password": "password1234" });
    caller.post("/sign-in/email", &body)
}

fn sign_up(caller: &Caller) -> Call<'_> {
    let body = json!({ "name": "Ada", "email": "ada@example.com", "password": "password1234" });
    caller.post("/sign-up/email", &body)
}

fn assert_text(answer: &Answer, status: u16, body: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (status, body), "{answer}");
    assert_eq!(answer.header("content-type"), Some("text/plain;charset=UTF-8"));
    assert_eq!(answer.cookies().count(), 0);
}

#[tokio::test]
async fn a_protected_route_is_reached_only_with_a_solved_captcha() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha").start();
    let caller = server.anonymous();
    for call in [sign_up(&caller), sign_in(&caller)] {
        assert_text(&call.send().await, 400, MISSING);
    }
    let reset = caller.post("/request-password-reset", &json!({ "email": "ada@example.com" }));
    assert_text(&reset.send().await, 400, MISSING);
    assert_text(&sign_up(&caller).header(HEADER, "").send().await, 400, MISSING);
    assert!(service.requests().is_empty());

    assert_text(
        &sign_up(&caller).header(HEADER, "guessed").send().await,
        403,
        REJECTED,
    );
    assert_text(
        &sign_up(&caller).header(HEADER, "down").send().await,
        500,
        UNAVAILABLE,
    );
    assert_eq!(server.rows(r#"select from "user""#), 0);

    assert_eq!(sign_up(&caller).header(HEADER, "solved").send().await.status, 200);
    let other = server.anonymous();
    assert_eq!(sign_in(&other).header(HEADER, "solved").send().await.status, 200);
    assert_eq!(other.get("/get-session").send().await.status, 200);
    assert_eq!(other.post("/sign-out", &json!({})).send().await.status, 200);
}

#[tokio::test]
async fn each_provider_gets_the_text_once_with_the_address_of_the_client() {
    for (provider, is_json, address, site_key) in [
        ("cloudflare-turnstile", true, "remoteip", None),
        ("google-recaptcha", false, "remoteip", None),
        ("hcaptcha", false, "remoteip", Some("k")),
        ("captchafox", false, "remoteIp", Some("k")),
    ] {
        let service = MockService::captcha();
        let mut server = protected(&service, provider).set("PORTCULLIS_TRUSTED_PROXIES", "127.0.0.1");
        if let Some(site_key) = site_key {
            server = server.set("PORTCULLIS_PLUGINS__CAPTCHA__SITE_KEY", site_key);
        }
        let server = server.start();
        let caller = server.anonymous();
        let call = sign_up(&caller)
            .header(HEADER, "solved")
            .header("x-forwarded-for", "203.0.113.7");
        assert_eq!(call.send().await.status, 200);

        let requests = service.requests();
        let [request] = requests.as_slice() else {
            panic!("{provider}: {requests:?}");
        };
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("POST", "/verify")
        );
        assert_eq!(request.body.starts_with('{'), is_json, "{provider}");
        let expected = BTreeMap::from([
            ("secret", "s3cret"),
            ("response", "solved"),
            (address, "203.0.113.7"),
            ("sitekey", site_key.unwrap_or_default()),
        ]);
        for (name, text) in expected {
            assert_eq!(member(request, name), text, "{provider} {name}");
        }
    }
}

#[tokio::test]
async fn a_page_of_another_origin_may_read_why_it_was_rejected() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha").start();
    let caller = server.anonymous();
    let answer = sign_in(&caller)
        .header("origin", "http://localhost:5173")
        .send()
        .await;
    assert_text(&answer, 400, MISSING);
    let origin = answer.header("access-control-allow-origin");
    assert_eq!(origin, Some("http://localhost:5173"));
}

#[tokio::test]
async fn the_captcha_is_checked_before_the_origin_and_the_body() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha").start();
    let caller = server.anonymous();
    let foreign = || {
        sign_in(&caller)
            .header("origin", "https://evil.test")
            .header("cookie", "a=b")
    };
    assert_text(&foreign().send().await, 400, MISSING);
    assert_text(&foreign().header(HEADER, "guessed").send().await, 403, REJECTED);
    assert_eq!(
        foreign().header(HEADER, "solved").send().await.code(),
        "INVALID_ORIGIN"
    );
    let empty = caller.post("/sign-in/email", &json!({}));
    assert_text(&empty.send().await, 400, MISSING);
}

/// Otherwise clients could make the server send any number of requests.
#[tokio::test]
async fn requests_to_the_service_are_limited_as_those_to_the_server() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha")
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .start();
    let caller = server.anonymous();
    for _ in 0..5 {
        assert_text(&sign_in(&caller).send().await, 400, MISSING);
    }
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(sign_in(&caller).header(HEADER, "guessed").send().await.status);
    }
    assert_eq!(statuses, [403, 403, 403, 429, 429]);
    assert_eq!(service.requests().len(), 3);
}

#[tokio::test]
async fn every_parallel_request_is_checked_by_itself() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha").start();
    let caller = server.anonymous();
    let calls = (0..20).map(|_| sign_in(&caller).header(HEADER, "guessed").send());
    for answer in join_all(calls).await {
        assert_text(&answer, 403, REJECTED);
    }
    assert_eq!(service.requests().len(), 20);
}

#[tokio::test]
async fn a_captcha_of_another_page_or_action_or_with_a_low_score_is_rejected() {
    let service = MockService::captcha();
    let server = protected(&service, "google-recaptcha")
        .set("PORTCULLIS_PLUGINS__CAPTCHA__MIN_SCORE", "0.7")
        .set(
            "PORTCULLIS_PLUGINS__CAPTCHA__HOSTNAMES",
            "app.example.com,example.com",
        )
        .set("PORTCULLIS_PLUGINS__CAPTCHA__ACTION", "sign_up")
        .start();
    let caller = server.anonymous();
    let solved = |score: f64, hostname: &str, action: &str| {
        let members = json!({ "score": score, "hostname": hostname, "action": action });
        sign_up(&caller).header(HEADER, &format!("solved {members}"))
    };
    for call in [
        solved(0.6, "app.example.com", "sign_up"),
        solved(0.9, "evil.example", "sign_up"),
        solved(0.9, "app.example.com", "sign_in"),
        sign_up(&caller).header(HEADER, "solved"),
    ] {
        assert_text(&call.send().await, 403, REJECTED);
    }
    let answer = solved(0.7, "app.example.com", "sign_up").send().await;
    assert_eq!(answer.status, 200, "{answer}");
}

#[tokio::test]
async fn no_request_passes_while_the_service_does_not_answer() {
    let service = MockService::start(|_| {
        thread::sleep(Duration::from_secs(20));
        (200, json!({ "success": true }).to_string())
    });
    let server = protected(&service, "cloudflare-turnstile")
        .set("PORTCULLIS_PLUGINS__CAPTCHA__TIMEOUT", "1")
        .start();
    let caller = server.anonymous();
    assert_text(
        &sign_up(&caller).header(HEADER, "solved").send().await,
        500,
        UNAVAILABLE,
    );
    assert_eq!(service.requests().len(), 1);
}

#[tokio::test]
async fn the_text_of_a_repeated_header_is_one_text() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha").start();
    let raw = "POST /api/auth/sign-in/email HTTP/1.1\r\nhost: localhost:3000\r\ncontent-type: application/json\r\ncontent-length: 2\r\nx-captcha-response: a\r\nx-captcha-response: solved\r\nconnection: close\r\n\r\n{}";
    let answer = server.raw(raw).await;
    assert!(answer.contains("403"), "{answer}");
    let requests = service.requests();
    assert_eq!(member(&requests[0], "response"), "a, solved");
}

#[tokio::test]
async fn without_the_plugin_the_header_is_ignored() {
    let server = TestServer::start();
    let caller = server.anonymous();
    assert_eq!(
        sign_up(&caller).header(HEADER, "guessed").send().await.status,
        200
    );
}

#[tokio::test]
async fn the_api_description_mentions_captchas_only_at_protected_routes() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha")
        .set("PORTCULLIS_PLUGINS__OPEN_API__ENABLED", "true")
        .start();
    let document = server
        .anonymous()
        .get("/open-api/generate-schema")
        .send()
        .await
        .json();
    let rejection = |path: &str| &document["paths"][path]["post"]["responses"]["403"];
    let protected = rejection("/sign-in/email");
    let description = protected["description"].as_str().unwrap();
    assert!(description.contains("CAPTCHA_VERIFICATION_FAILED"), "{protected}");
    assert!(protected["content"]["text/plain"].is_object(), "{protected}");
    assert!(
        protected["content"]["application/json"].is_object(),
        "{protected}"
    );
    let free = rejection("/change-password");
    assert!(!free.to_string().contains("CAPTCHA"), "{free}");
}
