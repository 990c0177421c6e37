//! Which requests need a captcha, however they are written.

use super::*;

/// The body of such a request would sign Ada in if the route were reached.
#[tokio::test]
async fn captcha_bypass_by_another_spelling_of_the_path_is_impossible() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha").start();
    let caller = server.anonymous();
    sign_up(&caller).header(HEADER, "solved").send().await;
    let asked = service.requests().len();
    let body = r#"{"email":"ada@example.com","password":"password1234"}"#;
    for path in [
        "/api/auth/sign-in/email",
        "/api/auth/sign-in/email?a=b",
        "/api/auth/sign-in/email?x=/ok",
        "/api/auth//sign-in/email",
        "/api/auth/sign-in//email",
        "//api/auth/sign-in/email",
        "/api/auth/sign-in/email/",
        "/api/auth/sign-in/email//",
        "/api/auth/sign-in/./email",
        "/api/auth/ok/../sign-in/email",
        "/api/auth/sign-in%2Femail",
        "/api/auth/sign-in%2femail",
        "/api/auth/%73ign-in/email",
        "/api/auth/sign-in/%65mail",
        "/api/auth/sign-in/email%20",
        "/api/auth/sign-in/email%00",
        "/api/auth/sign-in/email;a=b",
        "/api/auth/sign-in/Email",
        "/API/AUTH/sign-in/email",
        "/api/auth\\sign-in/email",
    ] {
        let methods: &[&str] = if path == "/api/auth/sign-in/email" {
            &["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "post"]
        } else {
            &["POST"]
        };
        for method in methods {
            let raw = format!(
                "{method} {path} HTTP/1.1\r\nhost: localhost:3000\r\norigin: http://localhost:3000\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let answer = server.raw(raw).await;
            assert!(!answer.starts_with("HTTP/1.1 200"), "{method} {path}: {answer}");
            assert!(!answer.contains("set-cookie"), "{method} {path}: {answer}");
        }
    }
    assert_eq!(service.requests().len(), asked);
}

#[tokio::test]
async fn captcha_bypass_by_another_content_type_or_method_is_impossible() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha").start();
    let caller = server.anonymous();
    for (media_type, body) in [
        (
            "application/x-www-form-urlencoded",
            "email=ada%40example.com&password=password1234",
        ),
        (
            "text/plain",
            r#"{"email":"ada@example.com","password":"password1234"}"#,
        ),
        ("multipart/form-data; boundary=a", "--a--"),
        ("application/json", "{"),
    ] {
        let call = caller
            .call("POST", "/api/auth/sign-in/email")
            .body(media_type, body);
        assert_text(
            &call.header("origin", "http://localhost:3000").send().await,
            400,
            MISSING,
        );
    }
    for name in [
        "x-http-method-override",
        "x-http-method",
        "x-original-url",
        "x-rewrite-url",
    ] {
        assert_text(&sign_in(&caller).header(name, "/ok").send().await, 400, MISSING);
    }
    assert!(service.requests().is_empty());
}

#[tokio::test]
async fn other_routes_need_no_captcha() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha").start();
    let caller = server.anonymous();
    for path in [
        "/ok?x=/sign-in/email",
        "/get-session?callbackURL=/sign-up/email",
        "/error?error=/sign-in/email",
    ] {
        assert_eq!(caller.get(path).send().await.status, 200, "{path}");
    }
    let preflight = caller
        .call("OPTIONS", "/api/auth/sign-in/email")
        .header("origin", "http://localhost:5173")
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "content-type,x-captcha-response",
        );
    let answer = preflight.send().await;
    assert_eq!(answer.status, 204);
    let allowed = answer.header("access-control-allow-headers");
    assert_eq!(allowed, Some("content-type,x-captcha-response"));
}

/// Better Auth searches for `/sign-in/email` in the whole URL.
#[tokio::test]
async fn a_route_whose_path_begins_with_that_of_a_protected_one_needs_no_captcha() {
    let service = MockService::captcha();
    let start = |endpoints: &str| {
        protected(&service, "hcaptcha")
            .set("PORTCULLIS_PLUGINS__EMAIL_OTP__ENABLED", "true")
            .set("PORTCULLIS_PLUGINS__CAPTCHA__ENDPOINTS", endpoints)
            .start()
    };
    let body = json!({ "email": "ada@example.com", "otp": "000000" });
    for (endpoints, code) in [("/sign-in/email", "INVALID_OTP"), ("/sign-in/*", "")] {
        let server = start(endpoints);
        let caller = server.anonymous();
        assert_text(&sign_in(&caller).send().await, 400, MISSING);
        let answer = caller.post("/sign-in/email-otp", &body).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{answer}");
    }
    assert!(service.requests().is_empty());
}

/// Text messages cost money, and Better Auth's default endpoints cover these routes as well.
#[tokio::test]
async fn by_default_a_code_or_a_message_that_resets_a_password_needs_a_captcha() {
    let service = MockService::captcha();
    let server = protected(&service, "hcaptcha")
        .set("PORTCULLIS_PLUGINS__EMAIL_OTP__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__ENABLED", "true")
        .start();
    let caller = server.anonymous();
    let by_mail = json!({ "email": "ada@example.com" });
    for (path, body) in [
        (
            "/sign-in/email-otp",
            &json!({ "email": "ada@example.com", "otp": "000000" }),
        ),
        ("/email-otp/request-password-reset", &by_mail),
        ("/forget-password/email-otp", &by_mail),
        (
            "/phone-number/request-password-reset",
            &json!({ "phoneNumber": "+4915112345678" }),
        ),
    ] {
        assert_text(&caller.post(path, body).send().await, 400, MISSING);
        let guess = caller.post(path, body).header(HEADER, "guessed");
        assert_text(&guess.send().await, 403, REJECTED);
        let asked = service.requests().len();
        let solved = caller.post(path, body).header(HEADER, "solved").send().await;
        assert!(!solved.body.contains("aptcha"), "{path}: {solved}");
        assert_eq!(service.requests().len(), asked + 1, "{path}");
    }
}
