//! `advanced`: the names and attributes of cookies, in every answer that sets or clears one.

use std::collections::BTreeSet;

use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const PASSWORD: &str = "password1234";
const DOMAIN: &str = "Domain=example.com";

/// A server at `https://auth.example.com` with the session cookie cache and every feature that sets cookies.
pub(super) fn secure(file: &str) -> TestServerBuilder {
    let base = r#"
        mode = "development"
        base_url = "https://auth.example.com"
        trusted_origins = ["http://localhost:3000"]
        email_verification = { send_on_sign_up = true, auto_sign_in_after_verification = true }
        session.cookie_cache.enabled = true
        user.delete_user.enabled = true
        user.change_email = { enabled = true, update_email_without_verification = true }
    "#;
    TestServer::with()
        .without("BETTER_AUTH_URL")
        .without("BETTER_AUTH_TRUSTED_ORIGINS")
        .file(&format!("{base}\n{file}"))
}

pub(super) fn ada(remembered: bool) -> Value {
    json!({ "name": "Ada", "email": "ada@example.com", "password": PASSWORD, "rememberMe": remembered })
}

/// The attributes of a `Set-Cookie` line, without `Max-Age`.
pub(super) fn attributes(line: &str) -> BTreeSet<&str> {
    line.split("; ")
        .skip(1)
        .filter(|part| !part.starts_with("Max-Age="))
        .collect()
}

fn name(line: &str) -> &str {
    line.split('=').next().unwrap()
}

pub(super) async fn post(caller: &Caller, path: &str, body: Value) -> Answer {
    let answer = caller.post(path, &body).send().await;
    assert_eq!(answer.status, 200, "{path}: {answer}");
    answer
}

/// An answer of every route that sets or clears cookies, by its path.
async fn every_answer(server: &TestServer) -> Vec<(&'static str, Answer)> {
    let caller = server.anonymous();
    let mut answers = vec![
        (
            "/sign-up/email",
            post(&caller, "/sign-up/email", ada(false)).await,
        ),
        (
            "/update-user",
            post(&caller, "/update-user", json!({ "name": "A" })).await,
        ),
        ("/sign-out", post(&caller, "/sign-out", json!({})).await),
        ("/sign-in/email", post(&caller, "/sign-in/email", ada(true)).await),
    ];
    let message = server.mailbox.next("ada@example.com").await;
    let verified = server.anonymous().call("GET", &message.path()).send().await;
    answers.push(("/verify-email", verified));
    // The verification of the address has ended the earlier session.
    post(&caller, "/sign-in/email", ada(true)).await;
    let read = caller.get("/get-session?disableCookieCache=true").send().await;
    answers.push(("/get-session", read));
    let body =
        json!({ "currentPassword": PASSWORD, "newPassword": "password5678", "revokeOtherSessions": true });
    answers.push(("/change-password", post(&caller, "/change-password", body).await));
    server.execute(r#"update "user" set "emailVerified" = false"#);
    let body = json!({ "newEmail": "new@example.com" });
    answers.push(("/change-email", post(&caller, "/change-email", body).await));
    let stale = caller.cookies();
    answers.push(("/delete-user", post(&caller, "/delete-user", json!({})).await));
    let gone = caller
        .get("/get-session?disableCookieCache=true")
        .header("cookie", &stale);
    answers.push(("/get-session after deletion", gone.send().await));
    answers
}

/// The expected name and attributes of a cookie.
type Look<'a> = (&'a str, BTreeSet<&'a str>);

/// Asserts that every cookie of every answer is one of `looks`, and that each of these is set and cleared. With a domain, a
/// cookie of the same name that only the host receives is cleared in addition.
async fn assert_everywhere(file: &str, looks: &[Look<'_>]) {
    let server = secure(file).start();
    let mut seen = BTreeSet::new();
    for (path, answer) in every_answer(&server).await {
        assert!(answer.cookies().count() > 0, "{path} sets no cookie: {answer}");
        for line in answer.cookies() {
            let look = looks.iter().find(|(full, _)| name(line) == *full);
            let (full, expected) = look.unwrap_or_else(|| panic!("{path}: unexpected cookie: {line}"));
            let is_cleared = line.contains("Max-Age=0");
            if is_cleared && expected.contains(DOMAIN) && attributes(line) == without_domain(expected) {
                continue;
            }
            assert_eq!(&attributes(line), expected, "{path}: {line}");
            seen.insert((*full, is_cleared));
        }
    }
    for (full, _) in looks {
        assert!(seen.contains(&(*full, false)), "{full} is never set");
        assert!(seen.contains(&(*full, true)), "{full} is never cleared");
    }
}

fn without_domain<'a>(attributes: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let mut rest = attributes.clone();
    rest.remove(DOMAIN);
    rest
}

/// Asserts that all three cookies have this prefix and these attributes in every answer.
pub(super) async fn assert_alike(file: &str, prefix: &str, all: &BTreeSet<&str>) {
    let names = ["session_token", "session_data", "dont_remember"].map(|key| format!("{prefix}.{key}"));
    let looks: Vec<_> = names.iter().map(|full| (full.as_str(), all.clone())).collect();
    assert_everywhere(file, &looks).await;
}

#[tokio::test]
async fn over_https_every_cookie_is_secure_and_has_the_prefix() {
    let all = BTreeSet::from(["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]);
    assert_alike("", "__Secure-better-auth", &all).await;
}

#[tokio::test]
async fn without_secure_cookies_no_cookie_has_prefix_or_attribute() {
    let all = BTreeSet::from(["Path=/", "HttpOnly", "SameSite=Lax"]);
    assert_alike("advanced.use_secure_cookies = false", "better-auth", &all).await;
}

#[tokio::test]
async fn prefix_default_attributes_and_domain_apply_to_every_cookie() {
    let file = r#"
        [advanced]
        cookie_prefix = "acme"
        cross_sub_domain_cookies = { enabled = true, domain = "example.com" }
        default_cookie_attributes = { path = "/api", same_site = "none", partitioned = true, http_only = false }
    "#;
    let all = BTreeSet::from([
        "Domain=example.com",
        "Path=/api",
        "Secure",
        "SameSite=None",
        "Partitioned",
    ]);
    assert_alike(file, "__Secure-acme", &all).await;
}

#[tokio::test]
async fn a_cookies_own_name_and_attributes_do_not_change_the_others() {
    let file = r#"
        [advanced.default_cookie_attributes]
        same_site = "strict"
        [advanced.cookies.session_token]
        name = "ticket"
        attributes = { same_site = "none", domain = "example.com" }
        [advanced.cookies.session_data]
        name = "copy"
        attributes = { path = "/api/auth" }
        [advanced.cookies.dont_remember]
        name = "brief"
        attributes = { http_only = false }
    "#;
    assert_everywhere(
        file,
        &[
            (
                "__Secure-ticket",
                BTreeSet::from([
                    "Domain=example.com",
                    "Path=/",
                    "HttpOnly",
                    "Secure",
                    "SameSite=None",
                ]),
            ),
            (
                "__Secure-copy",
                BTreeSet::from(["Path=/api/auth", "HttpOnly", "Secure", "SameSite=Strict"]),
            ),
            (
                "__Secure-brief",
                BTreeSet::from(["Path=/", "Secure", "SameSite=Strict"]),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn the_domain_defaults_to_the_host_of_the_base_url() {
    let server = secure("advanced.cross_sub_domain_cookies.enabled = true").start();
    let answer = post(&server.anonymous(), "/sign-up/email", ada(false)).await;
    assert_eq!(answer.cookies().count(), 3);
    assert!(
        answer
            .cookies()
            .all(|line| line.contains("; Domain=auth.example.com;")),
        "{answer}"
    );
}

/// A long session cookie cache is split into several cookies.
#[tokio::test]
async fn parts_of_the_session_cookie_cache_have_its_name_and_attributes() {
    let file = r#"advanced.cookies.session_data = { name = "copy", attributes = { path = "/api" } }"#;
    let server = secure(file).start();
    let caller = server.anonymous();
    post(&caller, "/sign-up/email", ada(true)).await;
    let long = json!({ "name": "🔑".repeat(256), "image": format!("/{}", "x".repeat(2000)) });
    post(&caller, "/update-user", long).await;
    let set = caller.get("/get-session").send().await;
    let cleared = post(&caller, "/sign-out", json!({})).await;
    for answer in [set, cleared] {
        let pieces: Vec<_> = answer
            .cookies()
            .filter(|line| line.starts_with("__Secure-copy."))
            .collect();
        assert!(pieces.len() > 1, "{answer}");
        let all = BTreeSet::from(["Path=/api", "HttpOnly", "Secure", "SameSite=Lax"]);
        assert!(pieces.iter().all(|line| attributes(line) == all), "{pieces:?}");
    }
}

#[tokio::test]
async fn each_cookie_has_the_max_age_of_its_setting_or_none() {
    let file = r"
        session.expires_in = 100000
        session.cookie_cache.max_age = 50
        advanced.default_cookie_attributes.max_age = 70
    ";
    let server = secure(file).start();
    let caller = server.anonymous();
    let remembered = post(&caller, "/sign-up/email", ada(true)).await;
    assert_eq!(
        ages(&remembered),
        ["session_token Max-Age=100000", "session_data Max-Age=50"]
    );
    let brief = post(&caller, "/sign-in/email", ada(false)).await;
    assert_eq!(
        ages(&brief),
        ["session_token ", "dont_remember Max-Age=70", "session_data "]
    );
}

/// The cookies that `answer` sets, each with its `Max-Age`.
fn ages(answer: &Answer) -> Vec<String> {
    let set = answer.cookies().filter(|line| !line.contains("Max-Age=0"));
    set.map(|line| {
        let age = line.split("; ").find(|part| part.starts_with("Max-Age="));
        let (_, key) = name(line).rsplit_once('.').unwrap();
        format!("{key} {}", age.unwrap_or_default())
    })
    .collect()
}

/// A change of a cookie's name signs all users out and makes no request fail.
#[tokio::test]
async fn a_cookie_with_an_old_name_is_ignored() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let cookies = ada.cookies();
    let renamed = TestServer::with()
        .set("PORTCULLIS_ADVANCED__COOKIE_PREFIX", "acme")
        .replica_of(&server)
        .start();
    let caller = renamed.anonymous();
    let read = caller.get("/get-session").header("cookie", &cookies).send().await;
    assert_eq!((read.status, read.body.as_str()), (200, "null"));
    let translated = cookies.replace("better-auth", "acme");
    let read = caller
        .get("/get-session")
        .header("cookie", &translated)
        .send()
        .await;
    assert_eq!(read.json()["user"]["name"], "ada");
}

/// A key below `advanced`, an invalid value, and the reason in the error.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "cross_sub_domain_cookies.domain",
        "\"com\"",
        "below which anyone can register a host",
    ),
    (
        "cross_sub_domain_cookies.domain",
        "\"co.uk\"",
        "the host of `base_url` is",
    ),
    (
        "cross_sub_domain_cookies.domain",
        "\"example.org\"",
        "the host of `base_url` is",
    ),
    (
        "cross_sub_domain_cookies.domain",
        "\"app.example.com\"",
        "the host of `base_url` is",
    ),
    (
        "cross_sub_domain_cookies.domain",
        "\"example.com; Path=/x\"",
        "the host of `base_url` is",
    ),
    (
        "default_cookie_attributes.domain",
        "\"com\"",
        "below which anyone can register a host",
    ),
    (
        "cookies.session_token.attributes.domain",
        "\"example.org\"",
        "the host of `base_url` is",
    ),
    (
        "default_cookie_attributes.secure",
        "false",
        "begins with `__Secure-`",
    ),
    (
        "cookies.session_data.attributes.path",
        "\"/app\"",
        "browsers would not send the cookie to them",
    ),
    ("default_cookie_attributes.same_site", "\"loose\"", "must be"),
    ("cookie_prefix", "\"a b\"", "is not valid in the name of a cookie"),
    (
        "cookies.session_token.name",
        "\"__host-token\"",
        "must spell its prefix `__Host-`",
    ),
    (
        "cookies.session_token.name",
        "\"better-auth.session_data\"",
        "is the name of two cookies",
    ),
    (
        "cookies.session_token.attributes.max_age",
        "5",
        "`session.expires_in` sets the lifetime",
    ),
];

#[test]
fn settings_that_browsers_would_reject_are_errors_that_name_the_key() {
    for (key, value, reason) in REFUSED {
        let file = format!("advanced.cross_sub_domain_cookies.enabled = true\nadvanced.{key} = {value}");
        let message = secure(&file)
            .refusal()
            .unwrap_or_else(|| panic!("{key} = {value} is accepted"));
        assert!(
            message.contains(&format!("`advanced.{key}`")) && message.contains(reason),
            "{message}"
        );
    }
}

#[test]
fn a_public_suffix_is_rejected_as_cookie_domain_even_for_a_host_below_it() {
    for (host, domain) in [
        ("mine.vercel.app", "vercel.app"),
        ("mine.co.uk", "co.uk"),
        ("a.github.io", "github.io"),
    ] {
        let message = TestServer::with()
            .set("PORTCULLIS_MODE", "development")
            .set("BETTER_AUTH_URL", &format!("https://{host}"))
            .set("PORTCULLIS_ADVANCED__CROSS_SUB_DOMAIN_COOKIES__ENABLED", "true")
            .set("PORTCULLIS_ADVANCED__CROSS_SUB_DOMAIN_COOKIES__DOMAIN", domain)
            .refusal();
        let message = message.unwrap_or_else(|| panic!("{domain} is accepted"));
        assert!(
            message.contains("below which anyone can register a host"),
            "{message}"
        );
    }
}
