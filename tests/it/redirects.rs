//! Open redirects: the attacks of GHSA-8jhw-6pjj-8723, GHSA-hjpm-7mrm-26w8, GHSA-vp58-j275-797x and
//! GHSA-36rg-gfq2-3h56, in every redirect parameter of every route. New routes are included automatically.

use portcullis_http::{Route, routes};
use portcullis_testkit::{Answer, Caller, TestServer, percent_encoded};
use serde_json::json;

/// Each redirect parameter, with the code of its rejection.
const INPUTS: [(&str, &str); 4] = [
    ("callbackURL", "INVALID_CALLBACKURL"),
    ("redirectTo", "INVALID_REDIRECTURL"),
    ("errorCallbackURL", "INVALID_ERRORCALLBACKURL"),
    ("newUserCallbackURL", "INVALID_NEWUSERCALLBACKURL"),
];

const TRUSTED: &[&str] = &[
    "/ok",
    "/a?b=c",
    "https://a.example.com",
    "HTTPS://A.EXAMPLE.COM",
    "https://a.example.com/x?y=z#f",
    "http://localhost:5173",
    "http://localhost:3000/x",
    "https://ａ.example.com",
    "/a/../../x",
    "/@evil.test",
    "",
];

const UNTRUSTED: &[&str] = &[
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "/\\/evil.test",
    "\\\\evil.test",
    "/%2f/evil.test",
    "/%5cevil.test",
    "/\t/evil.test",
    "/\n//evil.test",
    "https:evil.test",
    "https:/evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://localhost:5173@evil.test",
    "https://a.example.com@evil.test",
    "http://localhost:3000.evil.test",
    "http://localhost:30000",
    "https://a.example.com.evil.test",
    "https://a.example.com:8443",
    "http://a.example.com",
    "https://example.com",
    "https://evil.test/.example.com",
    "https://evil.test?.example.com",
    "https://evil.test#.example.com",
    "https://evil.test\\.example.com",
    "https://evil.test/%2e.example.com",
    "https://evil.test%2f.example.com",
    "https://evil.test%00.example.com",
    "https://[::1].example.com",
    "https://xn--.example.com",
    "/a b",
    "/é",
    "/a#frag",
    "/x;y",
    "/a%0d%0aX:y",
    "/x%00",
    "ok",
    ".",
    "https://evil.test",
    " https://evil.test",
    "https://evil.test\u{0}.example.com",
    "http://localhost:3000\\@evil.test",
    "http://localhost:3000\\.evil.test",
    "http://localhost:3000/\\evil.test",
    "http://localhost:3000/?x=\\",
    "http:\\\\localhost:3000",
    "https://a.example.com\\@evil.test",
    "/ok\\",
    "/ok?x=\\",
    "http://localhost:3000%5c@evil.test",
    "http://localhost:3000%5C%40evil.test",
    "http://localhost:3000%2f@evil.test",
    "https://evil.test%5c.example.com",
    "/%5c@evil.test",
    "%5c%5cevil.test",
];

/// The pages of a magic link have one code, as in Better Auth.
fn code_of(route: &Route, code: &'static str) -> &'static str {
    let is_link = (route.method, route.path) == ("GET", "/magic-link/verify");
    if is_link && code != "INVALID_REDIRECTURL" {
        "INVALID_CALLBACKURL"
    } else {
        code
    }
}

async fn in_body(caller: &Caller, path: &str, input: &str, url: &str) -> Answer {
    caller
        .call("POST", path)
        .body("application/json", json!({ (input): url }).to_string())
        .send()
        .await
}

async fn in_query(caller: &Caller, method: &str, path: &str, query: String) -> Answer {
    // Routes that mails link to would reject a request without a token.
    let call = caller.call(method, &format!("{path}?token=x&{query}"));
    if method == "GET" {
        call.send().await
    } else {
        call.body("application/json", "{}").send().await
    }
}

#[tokio::test]
async fn untrusted_urls_are_rejected_in_every_parameter_of_every_route() {
    let server = TestServer::with_all_features();
    let caller = server.anonymous();
    let below = routes().filter(|route| route.full_path("/x") != route.path);
    // Routes that answer any method, and those for services, ignore these parameters.
    let is_for_services = |route: &Route| !route.is_public() && !route.needs_session();
    let reads = below.filter(|route| route.method != "ANY" && !is_for_services(route));
    for route in reads {
        let path = route.full_path("/api/auth");
        for (input, code) in INPUTS {
            for url in UNTRUSTED {
                let mut answers = vec![
                    in_query(
                        &caller,
                        route.method,
                        &path,
                        format!("{input}={}", percent_encoded(url)),
                    )
                    .await,
                ];
                if route.method == "POST" {
                    answers.push(in_body(&caller, &path, input, url).await);
                }
                for answer in answers {
                    let refused = (answer.status, answer.code());
                    let by_us = (403, code_of(route, code).to_owned());
                    // A control character is rejected before the URL is checked.
                    let unreadable = (400, "VALIDATION_ERROR".to_owned());
                    assert!(
                        [by_us, unreadable].contains(&refused),
                        "{path} {input}={url:?}: {answer}"
                    );
                    assert_eq!(answer.header("location"), None, "{path} {input}={url:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn trusted_urls_are_accepted_in_every_parameter_of_every_route() {
    let server = TestServer::with_all_features();
    let caller = server.anonymous();
    for route in routes().filter(|route| route.full_path("/x") != route.path) {
        let path = route.full_path("/api/auth");
        for (input, _) in INPUTS {
            for url in TRUSTED {
                let answer = in_query(
                    &caller,
                    route.method,
                    &path,
                    format!("{input}={}", percent_encoded(url)),
                )
                .await;
                assert_ne!(answer.status, 403, "{path} {input}={url:?}: {answer}");
                if route.method == "POST" {
                    let answer = in_body(&caller, &path, input, url).await;
                    assert_ne!(answer.status, 403, "{path} {input}={url:?}: {answer}");
                }
            }
        }
    }
}

#[tokio::test]
async fn duplicate_parameters_and_double_encoding_do_not_bypass_the_check() {
    let server = TestServer::with_all_features();
    let caller = server.anonymous();
    let evil = percent_encoded("https://evil.test");
    for (input, code) in INPUTS {
        let twice = in_query(
            &caller,
            "POST",
            "/api/auth/sign-in/email",
            format!("{input}=/ok&{input}={evil}"),
        )
        .await;
        assert_eq!(
            (twice.status, twice.code().as_str()),
            (400, "VALIDATION_ERROR"),
            "{input}"
        );

        for url in UNTRUSTED {
            let encoded = percent_encoded(&percent_encoded(url));
            let path = "/api/auth/sign-in/email";
            let answer = in_query(&caller, "POST", path, format!("{input}={encoded}")).await;
            let actual = (answer.status, answer.code());
            assert_eq!(actual, (403, code.to_owned()), "{input}={url:?}");
        }

        for url in ["https://evil.test", "http://localhost:3000\\@evil.test"] {
            let path = format!("/api/auth/sign-in/email?{input}={}", percent_encoded(url));
            let body = json!({ (input): "/ok" }).to_string();
            let call = caller.call("POST", &path).body("application/json", body);
            let both = call.send().await;
            assert_eq!(
                (both.status, both.code().as_str()),
                (403, code),
                "{input}={url:?}"
            );
        }
    }
}

/// The code `INVALID_CALLBACKURL` and its message are Better Auth's.
#[tokio::test]
async fn the_error_is_better_auths() {
    let server = TestServer::with_all_features();
    let answer = in_body(
        &server.anonymous(),
        "/api/auth/sign-in/email",
        "callbackURL",
        "https://evil.test",
    )
    .await;
    assert_eq!(
        answer.body,
        "{\"code\":\"INVALID_CALLBACKURL\",\"message\":\"Invalid callbackURL\"}"
    );
}
