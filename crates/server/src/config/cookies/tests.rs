//! Names and attributes of cookies.

use chrono::TimeDelta;

use super::*;
use crate::config::{
    environment,
    tests::{PRODUCTION, inputs, load, production, refused},
};

const SECURE: (&str, &str) = ("BETTER_AUTH_URL", "https://auth.localhost");

/// The cookies of every deployment. Those of features' tokens have tests of their own.
fn cookies(file: &str, environment: &[(&str, &str)]) -> CookieOptions {
    CookieOptions {
        tokens: Vec::new(),
        ..load(file, environment).http.cookies
    }
}

#[test]
fn cookies_have_the_defaults_of_better_auth() {
    assert_eq!(cookies("", &[]), CookieOptions::new(false));
    assert_eq!(cookies("", &[SECURE]), CookieOptions::new(true));
}

#[test]
fn cookies_of_tokens_have_the_prefix_and_the_attributes_of_all_cookies() {
    let prefix = ("PORTCULLIS_ADVANCED__COOKIE_PREFIX", "mine");
    let same_site = (
        "PORTCULLIS_ADVANCED__DEFAULT_COOKIE_ATTRIBUTES__SAME_SITE",
        "strict",
    );
    let mut settings = Settings::default();
    environment::read(&inputs("", &[prefix, same_site]), &mut settings);
    let base_url = "https://auth.localhost".parse().unwrap();
    let site = Site {
        mode: Mode::Production,
        base_url: &base_url,
        base_path: "/api/auth",
        is_secure: true,
    };
    let kinds = ["challenge", "device"].map(TokenKind::new);
    let tokens = read(&mut settings, &site, &kinds).tokens;
    assert!(tokens.iter().map(|token| token.kind).eq(kinds));
    for (token, name) in tokens
        .iter()
        .zip(["__Secure-mine.challenge", "__Secure-mine.device"])
    {
        assert_eq!(token.cookie.name.as_str(), name);
        assert_eq!(token.cookie.attributes.same_site, Some(SameSite::Strict));
        assert!(token.cookie.attributes.secure);
    }
    assert!(settings.finish().is_ok());
}

#[test]
fn cookies_of_sign_ins_with_providers_have_keys_of_their_own() {
    let file = r#"
[advanced.cookies.state]
name = "st"
attributes = { same_site = "none", path = "/api" }
[advanced.cookies.account_data]
name = "__Host-account"
[advanced.cookies.oauth_state.attributes]
http_only = false
"#;
    let mut settings = Settings::default();
    let inputs = inputs(file, &[]);
    crate::config::file::read(inputs.file.as_ref().unwrap(), &mut settings);
    let base_url = "https://auth.localhost".parse().unwrap();
    let site = Site {
        mode: Mode::Production,
        base_url: &base_url,
        base_path: "/api/auth",
        is_secure: true,
    };
    let kinds = [
        "state",
        "state_earlier",
        "oauth_state",
        "oauth_state_earlier",
        "account_data",
    ];
    let tokens = read(&mut settings, &site, &kinds.map(TokenKind::new)).tokens;
    let names = [
        "__Secure-st",
        "__Secure-st_earlier",
        "__Secure-better-auth.oauth_state",
        "__Secure-better-auth.oauth_state_earlier",
        "__Host-account",
    ];
    let cookies = tokens.iter().map(|token| &token.cookie);
    assert!(cookies.clone().map(|cookie| cookie.name.as_str()).eq(names));
    let is_http_only = cookies.clone().map(|cookie| cookie.attributes.http_only);
    assert!(is_http_only.eq([true, true, false, false, true]));
    for cookie in cookies.take(2) {
        assert_eq!(cookie.attributes.same_site, Some(SameSite::None));
        assert_eq!(cookie.attributes.path.as_ref().unwrap().as_str(), "/api");
    }
    assert!(settings.finish().is_ok());
}

#[test]
fn the_cookie_of_a_token_must_not_have_the_name_of_another_cookie() {
    let mut settings = Settings::default();
    let base_url = "https://auth.localhost".parse().unwrap();
    let site = Site {
        mode: Mode::Production,
        base_url: &base_url,
        base_path: "/api/auth",
        is_secure: true,
    };
    let kind = TokenKind::new("session_data");
    read(&mut settings, &site, &[kind]);
    let problems = settings.finish().unwrap_err().to_string();
    assert!(problems.contains("is the name of two cookies"), "{problems}");
}

#[test]
fn attributes_of_one_cookie_override_those_of_all_cookies() {
    let file = r#"
[advanced]
cookie_prefix = "mine"
default_cookie_attributes = { same_site = "strict", http_only = false, path = "/api", max_age = 60 }
[advanced.cookies.session_token]
name = "tok"
attributes = { same_site = "none", partitioned = true, http_only = true, path = "/" }
[advanced.cookies.dont_remember.attributes]
max_age = 120
"#;
    let cookies = cookies(file, &[SECURE]);
    let token = &cookies.session_token;
    assert_eq!(token.name.as_str(), "__Secure-tok");
    assert_eq!(token.attributes.same_site, Some(SameSite::None));
    assert!(token.attributes.partitioned && token.attributes.http_only && token.attributes.secure);
    assert_eq!(token.attributes.path.as_ref().unwrap().as_str(), "/");
    let data = &cookies.session_data;
    assert_eq!(data.name.as_str(), "__Secure-mine.session_data");
    assert_eq!(data.attributes.same_site, Some(SameSite::Strict));
    assert!(!data.attributes.http_only && !data.attributes.partitioned);
    assert_eq!(data.attributes.path.as_ref().unwrap().as_str(), "/api");
    assert_eq!(data.attributes.max_age, Some(TimeDelta::seconds(60)));
    assert_eq!(
        cookies.dont_remember.attributes.max_age,
        Some(TimeDelta::seconds(120))
    );
}

#[test]
fn cookies_are_shared_with_the_configured_domain_or_the_host() {
    let domain = |file: &str, base_url| {
        let environment = production(&[("BETTER_AUTH_URL", base_url)]);
        let cookies = cookies(file, &environment);
        let domain = cookies.session_token.attributes.domain;
        domain.map(|domain| domain.as_str().to_owned())
    };
    let host = "https://auth.example.com";
    assert_eq!(domain("", host), None);
    let shared = "advanced.cross_sub_domain_cookies.enabled = true\n";
    assert_eq!(domain(shared, host).unwrap(), "auth.example.com");
    let given = "advanced.cross_sub_domain_cookies = { enabled = true, domain = \"example.com\" }\n";
    assert_eq!(domain(given, host).unwrap(), "example.com");
    assert_eq!(domain(&given.replace("true", "false"), host), None);
    let of_all = format!("{given}advanced.default_cookie_attributes.domain = \".auth.example.com\"");
    assert_eq!(domain(&of_all, host).unwrap(), ".auth.example.com");
}

/// A file, and the problem that it causes. The deployment is at `https://auth.example.com`.
const REFUSED: &[(&str, &str)] = &[
    (
        "advanced.cross_sub_domain_cookies = { enabled = true, domain = \"com\" }",
        "`advanced.cross_sub_domain_cookies.domain` is \"com\", below which anyone can register a host",
    ),
    (
        "advanced.cross_sub_domain_cookies = { enabled = true, domain = \"example.org\" }",
        "`advanced.cross_sub_domain_cookies.domain` is \"example.org\", but the host of `base_url` is \"auth.example.com\"",
    ),
    (
        "advanced.default_cookie_attributes.domain = \"app.example.com\"",
        "`advanced.default_cookie_attributes.domain` is \"app.example.com\", but the host",
    ),
    (
        "advanced.default_cookie_attributes.secure = false",
        "`advanced.default_cookie_attributes.secure` is `false`, but the name begins with `__Secure-`",
    ),
    (
        "advanced.cookies.session_data.attributes.secure = false",
        "`advanced.cookies.session_data.attributes.secure` is `false`, but the name begins with `__Secure-`",
    ),
    (
        "advanced.use_secure_cookies = false\nadvanced.default_cookie_attributes.same_site = \"none\"",
        "`advanced.default_cookie_attributes.same_site` is `none`, which needs `secure = true`",
    ),
    (
        "advanced.use_secure_cookies = false\nadvanced.cookies.session_token.attributes.partitioned = true",
        "`advanced.cookies.session_token.attributes.partitioned` is `true`, which needs `secure = true`",
    ),
    (
        "advanced.default_cookie_attributes.path = \"/app\"",
        "`advanced.default_cookie_attributes.path` is \"/app\", but the endpoints are below /api/auth",
    ),
    (
        "advanced.cookies.session_token.attributes.path = \"/ap\"",
        "`advanced.cookies.session_token.attributes.path` is \"/ap\", but the endpoints",
    ),
    (
        "advanced.cookie_prefix = \"a b\"",
        "`advanced.cookie_prefix` is not valid in the name of a cookie",
    ),
    (
        "advanced.cookies.session_token.name = \"__host-tok\"",
        "`advanced.cookies.session_token.name` must spell its prefix `__Host-`",
    ),
    (
        "advanced.cookie_prefix = \"__SECURE-acme\"",
        "`advanced.cookie_prefix` must spell its prefix `__Secure-`",
    ),
    (
        "advanced.cookies.session_token.name = \"__Host-\"",
        "`advanced.cookies.session_token.name` must have a name after `__Host-`",
    ),
    (
        "advanced.cookies.session_token.name = \"__Host-tok\"\nadvanced.cookies.session_token.attributes.path = \"/api\"",
        "`advanced.cookies.session_token.attributes.path` must be \"/\" with the name \"__Host-tok\"",
    ),
    (
        "advanced.cookies.session_token.name = \"__Host-tok\"\nadvanced.default_cookie_attributes.path = \"/api/auth\"",
        "`advanced.default_cookie_attributes.path` must be \"/\" with the name \"__Host-tok\"",
    ),
    (
        "advanced.cookies.session_token.name = \"__Host-tok\"\nadvanced.cookies.session_token.attributes.domain = \"example.com\"",
        "`advanced.cookies.session_token.attributes.domain` must be left out with the name \"__Host-tok\"",
    ),
    (
        "advanced.cookies.session_token.name = \"__Host-tok\"\nadvanced.cross_sub_domain_cookies.enabled = true",
        "`advanced.cross_sub_domain_cookies.enabled` must be left out with the name \"__Host-tok\"",
    ),
    (
        "advanced.cookies.session_token.name = \"__Host-tok\"\nadvanced.use_secure_cookies = false",
        "`advanced.cookies.session_token.name`: browsers reject the name \"__Host-tok\" without `Secure`",
    ),
    (
        "advanced.cookies.session_token.name = \"__Secure-tok\"\nadvanced.use_secure_cookies = false",
        "`advanced.cookies.session_token.name`: browsers reject the name \"__Secure-tok\" without `Secure`",
    ),
    (
        "advanced.cookies.session_token.name = \"__Host-tok\"\nadvanced.cookies.session_token.attributes.secure = false",
        "`advanced.cookies.session_token.attributes.secure` must be `true` with the name \"__Host-tok\"",
    ),
    (
        "advanced.cookies.session_token.name = \"a\"\nadvanced.cookies.session_data.name = \"a\"",
        "`advanced.cookies.session_token.name` is the name of two cookies",
    ),
    (
        "advanced.cookies.dont_remember.name = \"better-auth.session_data\"",
        "`advanced.cookies.dont_remember.name` is the name of two cookies",
    ),
    (
        "advanced.cookies.session_token.attributes.max_age = 5",
        "`advanced.cookies.session_token.attributes.max_age` is not supported: `session.expires_in`",
    ),
    (
        "advanced.default_cookie_attributes.same_site = \"Lax\"",
        "`advanced.default_cookie_attributes.same_site` must be \"strict\" or \"lax\" or \"none\"",
    ),
    (
        "advanced.disable_csrf_check = true",
        "`advanced.disable_csrf_check` is not supported: it would let any site act",
    ),
];

#[test]
fn cookies_that_browsers_would_reject_are_refused_once_with_the_reason() {
    for (file, expected) in REFUSED {
        let problems = refused(file, &PRODUCTION);
        assert_eq!(problems.len(), 1, "{file}: {problems:?}");
        assert!(problems[0].contains(expected), "{expected}: {}", problems[0]);
    }
}

#[test]
fn a_cookie_name_with_a_prefix_stays_unchanged() {
    let file = "advanced.cookies.session_token.name = \"__Host-session\"\nadvanced.cookies.session_data.name = \"__Secure-copy\"";
    let own = cookies(file, &PRODUCTION);
    assert_eq!(own.session_token.name.as_str(), "__Host-session");
    assert_eq!(own.session_data.name.as_str(), "__Secure-copy");
    assert_eq!(
        own.dont_remember.name.as_str(),
        "__Secure-better-auth.dont_remember"
    );
    let all = cookies("advanced.cookie_prefix = \"__Host-acme\"", &PRODUCTION);
    for (cookie, key) in [
        (&all.session_token, "session_token"),
        (&all.session_data, "session_data"),
        (&all.dont_remember, "dont_remember"),
    ] {
        assert_eq!(cookie.name.as_str(), format!("__Host-acme.{key}"));
        assert!(cookie.attributes.secure && cookie.attributes.domain.is_none());
    }
}

/// Without https, a developer can use the names of production: browsers accept secure cookies from localhost.
#[test]
fn a_cookie_name_with_a_prefix_is_accepted_over_http_if_the_cookie_is_secure() {
    let file =
        "advanced = { cookie_prefix = \"__Host-acme\", default_cookie_attributes = { secure = true } }";
    let cookies = cookies(file, &[]);
    assert_eq!(cookies.session_token.name.as_str(), "__Host-acme.session_token");
    assert!(cookies.session_token.attributes.secure);
}

#[test]
fn cookies_may_be_secure_without_the_prefix() {
    let file = "advanced.use_secure_cookies = false\nadvanced.default_cookie_attributes = { secure = true, same_site = \"none\", partitioned = true }";
    let cookies = cookies(file, &PRODUCTION);
    assert_eq!(cookies.session_token.name.as_str(), "better-auth.session_token");
    assert!(cookies.session_token.attributes.secure);
}
