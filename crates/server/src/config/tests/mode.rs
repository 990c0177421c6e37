//! Development and production, and what each requires.

use super::*;

#[test]
fn the_mode_is_development_only_if_no_other_machine_can_reach_the_server() {
    for (base_url, bind, is_development) in [
        ("", "", true),
        ("", "127.0.0.1:80", true),
        ("", "[::1]:80", true),
        ("", "127.0.0.1:80,127.0.0.2:80", true),
        ("http://localhost:3000", "127.0.0.1:3912", true),
        ("http://app.localhost", "", true),
        ("https://127.0.0.1", "", true),
        ("http://[::1]:3000", "", true),
        ("", "0.0.0.0:80", false),
        ("", "[::]:80", false),
        ("", "127.0.0.1:80,10.0.0.1:80", false),
        ("", "unix:/run/portcullis", false),
        ("http://localhost:3000", "0.0.0.0:80", false),
        ("https://auth.example.com", "127.0.0.1:80", false),
        ("http://localhost.example.com", "", false),
        ("http://10.0.0.1", "", false),
    ] {
        let mut environment = vec![("BETTER_AUTH_URL", base_url), ("PORTCULLIS_BIND", bind)];
        if is_development {
            assert_eq!(
                load("", &environment).mode,
                Mode::Development,
                "{base_url} {bind}"
            );
        } else {
            let problems = refused("", &environment);
            assert_eq!(problems.len(), 1, "{base_url} {bind}: {problems:?}");
            assert!(problems[0].starts_with("`mode` must be set"), "{}", problems[0]);
            assert_eq!(problems[0].contains("Unix socket"), bind.starts_with("unix:"));
            environment.push(("PORTCULLIS_MODE", "development"));
            assert_eq!(load("", &environment).mode, Mode::Development);
        }
    }
}

#[test]
fn production_is_accepted_with_all_required_settings() {
    let config = load("", &PRODUCTION);
    assert_eq!(config.mode, Mode::Production);
    assert!(config.http.cookies.session_token.attributes.secure);
    assert!(config.secrets.is_some() && config.database.url.is_some());

    let plain = production(&[
        ("BETTER_AUTH_URL", "http://auth.internal"),
        ("PORTCULLIS_ADVANCED__USE_SECURE_COOKIES", "false"),
    ]);
    assert!(!load("", &plain).http.cookies.session_token.attributes.secure);
}

#[test]
fn production_is_refused_for_each_missing_or_weak_setting() {
    for (change, expected) in [
        (("BETTER_AUTH_URL", ""), "`base_url` is required in production"),
        (
            ("BETTER_AUTH_URL", "http://auth.example.com"),
            "BETTER_AUTH_URL: `base_url` must be https",
        ),
        (("BETTER_AUTH_SECRET", ""), "`secret` is required in production"),
        (
            ("BETTER_AUTH_SECRET", "short"),
            "BETTER_AUTH_SECRET: `secret` must have at least 32 characters",
        ),
        (
            ("BETTER_AUTH_SECRET", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
            "BETTER_AUTH_SECRET: `secret` has too few different characters",
        ),
        (
            ("BETTER_AUTH_SECRET", "better-auth-secret-12345678901234567890"),
            "BETTER_AUTH_SECRET: `secret` is a published example",
        ),
        (("DATABASE_URL", ""), "`database.url` is required in production"),
    ] {
        let problems = refused("", &production(&[change]));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with(expected), "{}", problems[0]);
    }
    assert_eq!(refused("", &[("PORTCULLIS_MODE", "production")]).len(), 3);
}

#[test]
fn production_refuses_patterns_that_trust_every_site() {
    for pattern in [
        "*",
        "**",
        "*:*",
        "*.*",
        "https://*",
        "https://**",
        "http*://*:3000",
        "*://*",
    ] {
        let problems = refused("", &production(&[("BETTER_AUTH_TRUSTED_ORIGINS", pattern)]));
        let expected =
            format!("BETTER_AUTH_TRUSTED_ORIGINS: `trusted_origins`: \"{pattern}\" trusts every site");
        assert_eq!(problems.len(), 1, "{pattern}: {problems:?}");
        assert!(problems[0].starts_with(&expected), "{}", problems[0]);
        load("", &[("BETTER_AUTH_TRUSTED_ORIGINS", pattern)]);
    }
    for pattern in [
        "*.example.com",
        "https://*.example.com",
        "myapp://",
        "exp://*:*/**",
    ] {
        load("", &production(&[("BETTER_AUTH_TRUSTED_ORIGINS", pattern)]));
    }
}
