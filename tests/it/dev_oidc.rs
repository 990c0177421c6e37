//! The provider of development mode: `/dev/oidc/…`.

use portcullis_testkit::{Answer, Call, Caller, TestServer};
use serde_json::json;

const HOST: &str = "localhost:3000";
const ORIGIN: &str = "http://localhost:3000";
const ADA: &str = "name=Ada+Lovelace&email=ada%40example.com&emailVerified=true";
const START: &str = "/dev/oidc/start";
const FORM: &str = "application/x-www-form-urlencoded";

/// A request of a page of this server, as a browser sends it.
fn own<'a>(browser: &'a Caller, method: &str, path: &str) -> Call<'a> {
    browser
        .call(method, path)
        .header("host", HOST)
        .header("origin", ORIGIN)
}

/// Opens a URL of the server.
async fn open(browser: &Caller, url: &str) -> Answer {
    let path = url.strip_prefix(ORIGIN).unwrap_or(url);
    browser.call("GET", path).header("host", HOST).send().await
}

fn location(answer: &Answer) -> String {
    answer.header("location").unwrap().to_owned()
}

/// Starts a sign-in on the page at the root, and returns the path of the provider's page.
async fn start(browser: &Caller) -> String {
    let answer = own(browser, "POST", START).body(FORM, "").send().await;
    assert_eq!(answer.status, 303, "{answer}");
    let url = location(&answer);
    assert!(
        url.starts_with("http://localhost:3000/dev/oidc/authorize?"),
        "{url}"
    );
    url.strip_prefix(ORIGIN).unwrap().to_owned()
}

/// Sends the form of the provider's page, and returns the URL to which the browser is sent.
async fn choose(browser: &Caller, page: &str, form: &str) -> String {
    let answer = own(browser, "POST", page).body(FORM, form).send().await;
    assert_eq!(answer.status, 303, "{answer}");
    location(&answer)
}

fn parameter(url: &str, name: &str) -> String {
    let query = url.split_once('?').unwrap().1;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).unwrap().1.to_owned()
}

async fn is_signed_in(browser: &Caller) -> bool {
    let session = browser.get("/get-session").send().await;
    session.body != "null"
}

#[tokio::test]
async fn a_developer_signs_in_from_the_page_at_the_root_as_a_person_of_their_choice() {
    let server = TestServer::start();
    let browser = server.anonymous();
    let root = open(&browser, "/").await;
    assert!(
        root.body
            .contains(r#"<form method="post" action="/dev/oidc/start">"#),
        "{root}"
    );
    assert!(!root.body.contains("You are signed in"), "{root}");

    let page = start(&browser).await;
    let asked = open(&browser, &page).await;
    assert_eq!(
        (asked.status, asked.header("cache-control")),
        (200, Some("no-store"))
    );
    assert!(
        asked.body.contains("Continue as Ada Lovelace (ada@example.com)"),
        "{asked}"
    );
    let policy = asked.header("content-security-policy").unwrap();
    assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");

    let callback = choose(&browser, &page, ADA).await;
    assert!(
        callback.starts_with("http://localhost:3000/api/auth/callback/dev-oidc?code="),
        "{callback}"
    );
    let returned = open(&browser, &callback).await;
    assert_eq!(
        (returned.status, location(&returned).as_str()),
        (302, "/"),
        "{returned}"
    );
    let root = open(&browser, "/").await;
    let words = "You are signed in as <strong>Ada Lovelace</strong> (ada@example.com)";
    assert!(root.body.contains(words), "{root}");
    let accounts = browser.get("/list-accounts").send().await;
    assert!(accounts.body.contains(r#""providerId":"dev-oidc""#), "{accounts}");
}

#[tokio::test]
async fn a_developer_who_cancels_returns_to_the_root_with_the_error() {
    let server = TestServer::start();
    let browser = server.anonymous();
    let page = start(&browser).await;
    let callback = choose(&browser, &page, "cancel=true&name=&email=").await;
    let returned = open(&browser, &callback).await;
    assert_eq!(location(&returned), "/?error=access_denied");
    assert!(!is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_person_needs_a_name_and_an_address() {
    let server = TestServer::start();
    let browser = server.anonymous();
    let page = start(&browser).await;
    for (form, words) in [
        ("name=&email=", "Type a name."),
        ("name=+&email=a%40example.com", "Type a name."),
        ("name=Ada&email=ada", "Type an e-mail address"),
    ] {
        let answer = own(&browser, "POST", &page).body(FORM, form).send().await;
        assert_eq!(answer.status, 200, "{form}: {answer}");
        assert!(answer.body.contains(words), "{form}: {answer}");
    }
}

#[tokio::test]
async fn an_unverified_address_is_not_linked_to_the_user_who_has_it() {
    let server = TestServer::start();
    server.signed_up("ada").await;
    let browser = server.anonymous();
    let page = start(&browser).await;
    let form = "name=Mallory&email=ada%40example.com";
    let returned = open(&browser, &choose(&browser, &page, form).await).await;
    assert_eq!(location(&returned), "/?error=account_not_linked");
    assert!(!is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_code_is_used_once() {
    let server = TestServer::start();
    let browser = server.anonymous();
    let page = start(&browser).await;
    let callback = choose(&browser, &page, ADA).await;
    open(&browser, &callback).await;
    assert!(is_signed_in(&browser).await);

    let again = server.anonymous();
    let state = parameter(&start(&again).await, "state");
    let code = parameter(&callback, "code");
    let issuer = parameter(&callback, "iss");
    let used = format!("/api/auth/callback/dev-oidc?code={code}&state={state}&iss={issuer}");
    assert_eq!(location(&open(&again, &used).await), "/?error=invalid_code");
    assert!(!is_signed_in(&again).await);
}

/// An attacker must not sign a visitor in with a code of the attacker's own sign-in.
#[tokio::test]
async fn a_code_of_another_sign_in_is_rejected_because_its_verifier_is_another_one() {
    let server = TestServer::start();
    let (attacker, victim) = (server.anonymous(), server.anonymous());
    let stolen = choose(&attacker, &start(&attacker).await, ADA).await;
    let own = choose(&victim, &start(&victim).await, ADA).await;
    let (code, injected) = (parameter(&own, "code"), parameter(&stolen, "code"));
    let mixed = own.replace(&code, &injected);
    assert_eq!(location(&open(&victim, &mixed).await), "/?error=invalid_code");
    assert!(!is_signed_in(&victim).await);
}

#[tokio::test]
async fn requests_that_this_server_did_not_make_are_answered_with_404() {
    let server = TestServer::start();
    let browser = server.anonymous();
    let page = start(&browser).await;
    let challenge = parameter(&page, "code_challenge");
    for (part, replacement) in [
        ("client_id=portcullis-development", "client_id=other"),
        ("callback%2Fdev-oidc", "callback%2Fgithub"),
        (
            "redirect_uri=http%3A%2F%2Flocalhost%3A3000",
            "redirect_uri=https%3A%2F%2Fevil.test",
        ),
        ("code_challenge_method=S256", "code_challenge_method=plain"),
        (&challenge, ""),
    ] {
        let foreign = page.replace(part, replacement);
        assert_ne!(foreign, page, "{part}");
        assert_eq!(open(&browser, &foreign).await.status, 404, "{foreign}");
        let sent = own(&browser, "POST", &foreign).body(FORM, ADA).send().await;
        assert_eq!(sent.status, 404, "{foreign}: {sent}");
    }
}

#[tokio::test]
async fn pages_of_other_origins_cannot_send_the_forms() {
    let server = TestServer::start();
    let browser = server.anonymous();
    let page = start(&browser).await;
    for caller in [&browser, &server.anonymous()] {
        for path in [START, &page] {
            // The second one is trusted.
            for origin in ["https://evil.test", "http://localhost:5173", "null"] {
                let sent = own(caller, "POST", path).header("origin", origin).body(FORM, ADA);
                assert_eq!(sent.send().await.status, 403, "{origin} {path}");
            }
            for site in ["cross-site", "same-site"] {
                let sent = own(caller, "POST", path)
                    .header("sec-fetch-site", site)
                    .body(FORM, ADA);
                assert_eq!(sent.send().await.status, 403, "{site} {path}");
            }
        }
    }
}

#[tokio::test]
async fn other_hosts_and_forwarded_requests_are_answered_with_404() {
    let server = TestServer::start();
    let browser = server.anonymous();
    let page = start(&browser).await;
    for (name, value) in [
        ("host", "evil.test"),
        ("host", "localhost.evil.test"),
        ("host", "192.168.0.7:3000"),
        ("x-forwarded-for", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7"),
    ] {
        for (method, path) in [("POST", START), ("GET", &page), ("POST", &page)] {
            let call = own(&browser, method, path).header(name, value);
            let answer = call.body(FORM, ADA).send().await;
            assert_eq!(answer.status, 404, "{value} {method} {path}");
        }
    }
    let root = browser
        .call("GET", "/")
        .header("host", "127.0.0.1:3000")
        .send()
        .await;
    assert!(
        !root.body.contains("<form"),
        "cookies of localhost are not sent to 127.0.0.1: {root}"
    );
    assert!(
        root.body.contains("open <code>http://localhost:3000</code>"),
        "{root}"
    );
}

#[tokio::test]
async fn the_provider_does_not_exist_in_production_or_if_it_is_disabled() {
    let production = TestServer::with()
        .set("PORTCULLIS_MODE", "production")
        .set("BETTER_AUTH_URL", "https://auth.example.com")
        .set("BETTER_AUTH_SECRET", "Yx7mQ2vT9sLk4RwZ8bNc3HfJ6dGp1KaE");
    let disabled = TestServer::with().set("PORTCULLIS_DEV__OIDC", "false");
    for (server, origin) in [
        (production.start(), "https://auth.example.com"),
        (disabled.start(), ORIGIN),
    ] {
        let browser = server.anonymous();
        for (method, path) in [
            ("POST", START),
            ("GET", "/dev/oidc/authorize"),
            ("POST", "/dev/oidc/authorize"),
        ] {
            let call = own(&browser, method, path).header("origin", origin);
            assert_eq!(call.body(FORM, ADA).send().await.status, 404, "{method} {path}");
        }
        assert!(!open(&browser, "/").await.body.contains("development provider"));
        let body = json!({ "provider": "dev-oidc" });
        let call = browser.post("/sign-in/social", &body).header("origin", origin);
        assert_eq!(call.send().await.json()["code"], "PROVIDER_NOT_FOUND");
    }
}
