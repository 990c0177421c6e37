//! The length of response heads. nginx with default settings answers 502 if a head exceeds 4 KiB, although the request
//! has been processed.

use portcullis_testkit::{Answer, TestServer};
use serde_json::{Value, json};

const MOST: usize = 4096;
/// Headers that Better Auth does not send.
const OWN: &[&str] = &[
    "cache-control",
    "content-length",
    "vary",
    "x-content-type-options",
    "x-request-id",
];
const STRATEGIES: [&str; 3] = ["compact", "jwt", "jwe"];

fn line((name, value): &(String, String)) -> usize {
    name.len() + value.len() + 4
}

/// The length of the head, with a `connection` header.
fn length(answer: &Answer) -> usize {
    "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".len() + answer.headers.iter().map(line).sum::<usize>()
}

/// The length of the head without the headers that Better Auth does not send.
fn length_of_better_auths(answer: &Answer) -> usize {
    let own = answer
        .headers
        .iter()
        .filter(|(name, _)| OWN.contains(&name.as_str()));
    length(answer) - own.map(line).sum::<usize>()
}

/// A server with everything that adds to response heads.
fn server(strategy: &str) -> TestServer {
    TestServer::with()
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__STRATEGY", strategy)
        .start()
}

fn picture(length: usize) -> Value {
    json!(format!("https://example.com/{}", "x".repeat(length)))
}

fn has_cache(answer: &Answer) -> bool {
    let mut lines = answer.cookies();
    lines.any(|line| line.starts_with("better-auth.session_data") && !line.contains("=;"))
}

#[tokio::test]
async fn no_request_that_changes_something_has_a_response_head_above_4_kib() {
    for strategy in STRATEGIES {
        let server = server(strategy);
        let mut with_cache = 0;
        for (index, length_of_url) in [0, 1000, 1500, 1700, 2000].into_iter().enumerate() {
            let email = format!("user-{index}@example.com");
            let caller = server.anonymous();
            let person = json!({
                "name": "Ada", "email": email, "password": "password1234", "image": picture(length_of_url),
            });
            let again = json!({ "email": email, "password": "password1234" });
            for (path, body) in [("/sign-up/email", &person), ("/sign-in/email", &again)] {
                let answer = caller.post(path, body).send().await;
                let length = length(&answer);
                assert_eq!(answer.status, 200, "{answer}");
                assert!(length <= MOST, "{strategy} {path} {length_of_url}: {length}");
                with_cache += usize::from(has_cache(&answer));
            }
            // The next read sends the session cookie cache.
            let answer = caller.get("/get-session").send().await;
            assert!(answer.body.contains(&email), "{answer}");
        }
        assert!((2..10).contains(&with_cache), "{strategy}: {with_cache}");
    }
}

/// A client must not keep the session cookie cache of a user that has changed.
#[tokio::test]
async fn a_cache_that_does_not_fit_is_cleared_and_sent_by_the_next_read() {
    let server = server("compact");
    let ada = server.signed_up("ada").await;
    assert!(ada.cookies().contains("session_data"));
    let answer = ada
        .post("/update-user", &json!({ "image": picture(2000) }))
        .send()
        .await;
    assert!(!ada.cookies().contains("session_data"), "{answer}");
    assert!(length(&answer) <= MOST, "{answer}");
    let answer = ada.get("/get-session").send().await;
    assert_eq!(answer.json()["user"]["image"], picture(2000));
    assert!(has_cache(&answer), "{answer}");
}

/// All lengths from a head that is short to one that is too long also in Better Auth.
#[tokio::test]
async fn a_read_has_a_head_within_4_kib_whenever_better_auths_has() {
    for strategy in STRATEGIES {
        let server = server(strategy);
        let ada = server.signed_up("ada").await;
        let read = async |length: usize| {
            let picture = picture(length);
            let picture = picture.as_str().unwrap();
            server.execute(&format!(r#"update "user" set image = '{picture}'"#));
            ada.get("/get-session?disableCookieCache=true").send().await
        };
        let (mut without_cache, mut long) = (0, 0);
        for length_of_url in (1300..2300).step_by(4) {
            let answer = read(length_of_url).await;
            let length = length(&answer);
            if has_cache(&answer) {
                let is_justified = length <= MOST || length_of_better_auths(&answer) > MOST;
                assert!(is_justified, "{strategy} {length_of_url}: {length}");
                long += usize::from(length > MOST);
            } else {
                without_cache += 1;
                assert!(length <= MOST, "{strategy} {length_of_url}: {length}");
            }
        }
        // The cache is left out only if the head would fit without the headers that Better Auth does not send.
        assert!(
            (1..40).contains(&without_cache),
            "{strategy}: {without_cache}, {long} too long"
        );
        assert!(long > 0, "{strategy}");
    }
}
