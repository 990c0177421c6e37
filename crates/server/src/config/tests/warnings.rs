//! Settings that are dangerous in production: refused, or valid with a warning.

use super::*;

fn warnings(file: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let config = load(file, environment);
    config.warnings.iter().map(ToString::to_string).collect()
}

/// A file, and the beginning of its only warning in production.
const WARNED: &[(&str, &str)] = &[
    (
        "trusted_origins = [\"https://my-app-*.vercel.app\"]",
        "portcullis.toml:1: `trusted_origins`: \"https://my-app-*.vercel.app\" may trust sites of strangers, since any customer of \"vercel.app\"",
    ),
    (
        "trusted_origins = [\"https://*-team.vercel.app\"]",
        "portcullis.toml:1: `trusted_origins`: \"https://*-team.vercel.app\" may trust sites of strangers",
    ),
    (
        "trusted_origins = [\"https://*.internal\"]",
        "portcullis.toml:1: `trusted_origins`: \"https://*.internal\" trusts every host below \"internal\"",
    ),
    (
        "trusted_origins = [\"http://app.example.com\"]",
        "portcullis.toml:1: `trusted_origins`: \"http://app.example.com\" trusts pages that are loaded over http",
    ),
    (
        "trusted_origins = [\"*.example.com\"]",
        "portcullis.toml:1: `trusted_origins`: \"*.example.com\" trusts pages that are loaded over http",
    ),
    (
        "trusted_origins = [\"null\"]",
        "portcullis.toml:1: `trusted_origins`: \"null\" trusts every page that hides its origin",
    ),
    (
        "[advanced.ip_address]\nip_address_headers = [\"x-real-ip\"]",
        "portcullis.toml:2: `advanced.ip_address.ip_address_headers` has no effect without `trusted_proxies`",
    ),
    (
        "trusted_proxies = [\"4.0.0.0/7\"]",
        "portcullis.toml:1: `trusted_proxies` holds 4.0.0.0/7, which is wider than /8",
    ),
    (
        "trusted_proxies = [\"10.0.0.0/8\", \"11.0.0.0/8\"]",
        "portcullis.toml:1: `trusted_proxies` holds 10.0.0.0/7, which is wider than /8",
    ),
    (
        "trusted_proxies = [\"2400::/12\"]",
        "portcullis.toml:1: `trusted_proxies` holds 2400::/12, which is wider than /16",
    ),
    (
        "email_and_password.min_password_length = 7",
        "portcullis.toml:1: `email_and_password.min_password_length` is 7",
    ),
    (
        "rate_limit.enabled = false",
        "portcullis.toml:1: `rate_limit.enabled` is `false`",
    ),
    (
        "advanced.use_secure_cookies = false",
        "portcullis.toml:1: `advanced.use_secure_cookies` is `false`, but `base_url` is https",
    ),
    (
        "base_url = \"http://auth.example.com\"\nadvanced.use_secure_cookies = false",
        "portcullis.toml:1: `base_url` is http: passwords and session cookies are sent unencrypted",
    ),
    (
        "delivery = { transport = \"smtp\", smtp = { host = \"mail.example.com\", from = \"a@b.c\", encryption = \"none\" } }",
        "portcullis.toml:1: `delivery.smtp.encryption` is \"none\": links in mails",
    ),
    (
        "delivery = { transport = \"webhook\", webhook = { url = \"http://hook.example.com/hidden\" } }",
        "portcullis.toml:1: `delivery.webhook.url` is http: links in messages",
    ),
];

#[test]
fn a_dangerous_setting_gives_a_warning_in_production_and_none_in_development() {
    for (file, expected) in WARNED {
        let environment = if file.contains("base_url") {
            production(&[("BETTER_AUTH_URL", "")])
        } else {
            production(&[])
        };
        let given = warnings(file, &environment);
        assert_eq!(given.len(), 1, "{file}: {given:?}");
        assert!(given[0].starts_with(expected), "{expected}: {}", given[0]);
        assert!(!given[0].contains("hidden"), "{}", given[0]);
        let development = [("PORTCULLIS_MODE", "development")];
        assert_eq!(warnings(file, &development), [""; 0], "{file}");
    }
}

#[test]
fn warnings_are_sorted_by_their_places() {
    let file =
        "rate_limit.enabled = false\ntrusted_origins = [\"http://a.example.com\", \"http://b.example.com\"]";
    let weak = [("PORTCULLIS_EMAIL_AND_PASSWORD__MIN_PASSWORD_LENGTH", "4")];
    let given = warnings(file, &production(&weak));
    assert_eq!(given.len(), 4, "{given:?}");
    for (warning, expected) in given.iter().zip([
        "portcullis.toml:1: `rate_limit.enabled`",
        "portcullis.toml:2: `trusted_origins`: \"http://a.",
        "portcullis.toml:2: `trusted_origins`: \"http://b.",
        "PORTCULLIS_EMAIL_AND_PASSWORD__MIN_PASSWORD_LENGTH: `email_and_password.min_password_length`",
    ]) {
        assert!(warning.starts_with(expected), "{expected}: {warning}");
    }
}

/// Settings that operators use for good reasons.
#[test]
fn a_safe_setting_gives_no_warning() {
    for file in [
        "",
        "trusted_origins = [\"https://app.example.com\", \"https://*.example.com\", \"myapp://\", \"http://localhost:3000\"]",
        "trusted_proxies = [\"10.0.0.0/8\", \"172.16.0.0/12\", \"192.168.0.0/16\", \"fc00::/7\", \"2606:4700::/32\", \"173.245.48.0/20\"]",
        "delivery = { transport = \"smtp\", smtp = { host = \"localhost\", from = \"a@b.c\", encryption = \"none\" } }",
        "delivery = { transport = \"smtp\", smtp = { host = \"mail.example.com\", from = \"a@b.c\" } }",
        "delivery = { transport = \"webhook\", webhook = { url = \"http://127.0.0.1:8080/hook\" } }",
        "delivery = { transport = \"webhook\", webhook = { url = \"https://hook.example.com\", secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\" } }",
        "advanced = { use_secure_cookies = false, default_cookie_attributes = { secure = true } }",
    ] {
        assert_eq!(warnings(file, &PRODUCTION), [""; 0], "{file}");
    }
    let local = production(&[("BETTER_AUTH_URL", "http://localhost:3000")]);
    assert_eq!(warnings("advanced.use_secure_cookies = false", &local), [""; 0]);
}

/// A file, and the reason why production refuses it.
const REFUSED: &[(&str, &str)] = &[
    (
        "trusted_origins = [\"https://*.vercel.app\"]",
        "`trusted_origins`: \"https://*.vercel.app\" trusts sites of strangers, since anyone can register a name below \"vercel.app\"",
    ),
    (
        "trusted_origins = [\"https://*.com\"]",
        "`trusted_origins`: \"https://*.com\" trusts sites of strangers",
    ),
    (
        "trusted_origins = [\"*.co.uk\"]",
        "`trusted_origins`: \"*.co.uk\" trusts sites of strangers",
    ),
    (
        "trusted_origins = [\"https://*example.com\"]",
        "`trusted_origins`: \"https://*example.com\" trusts sites of strangers",
    ),
    (
        "trusted_origins = [\"https://example.*\"]",
        "`trusted_origins`: \"https://example.*\" trusts every site",
    ),
    (
        "trusted_proxies = [\"0.0.0.0/0\"]",
        "`trusted_proxies` holds 0.0.0.0/0, which is every address",
    ),
    (
        "trusted_proxies = [\"0.0.0.0/1\", \"10.0.0.1\", \"128.0.0.0/1\"]",
        "`trusted_proxies` holds 0.0.0.0/0, which is every address",
    ),
    (
        "trusted_proxies = [\"0.0.0.0/1\", \"128.0.0.0/2\", \"192.0.0.0/2\"]",
        "`trusted_proxies` holds 0.0.0.0/0, which is every address",
    ),
    (
        "trusted_proxies = [\"::/0\"]",
        "`trusted_proxies` holds ::/0, which is every address",
    ),
    (
        "trusted_proxies = [\"::/1\", \"8000::/1\"]",
        "`trusted_proxies` holds ::/0, which is every address",
    ),
    (
        "trusted_proxies = [\"2000::/3\"]",
        "`trusted_proxies` holds 2000::/3, which is every address",
    ),
    (
        "delivery = { transport = \"webhook\", webhook = { url = \"https://h/\", secret = \"x\" } }",
        "`delivery.webhook.secret` must be a key of at least 24 bytes in production, but has 1",
    ),
    (
        "delivery = { transport = \"webhook\", webhook = { url = \"https://h/\", secret = \"whsec_aGlkZGVuaGlkZGVuaGlkZGVuaGlkZGU=\" } }",
        "`delivery.webhook.secret` must be a key of at least 24 bytes in production, but has 23",
    ),
];

#[test]
fn settings_that_are_never_safe_are_refused_in_production_and_accepted_in_development() {
    for (line, expected) in REFUSED {
        let problems = refused(line, &PRODUCTION);
        assert_eq!(problems.len(), 1, "{line}: {problems:?}");
        let whole = format!("portcullis.toml:1: {expected}");
        assert!(problems[0].starts_with(&whole), "{whole}: {}", problems[0]);
        assert!(!problems[0].contains("aGlk"), "{}", problems[0]);
        load(line, &[]);
    }
}

#[test]
fn a_secret_that_is_not_random_is_refused_in_production() {
    for secret in [
        "abcabcabcabcabcabcabcabcabcabcabcabc",
        "0123456789012345678901234567890123456789",
        "qwertyuiopasdfghjklzxcvbnm1234567890",
        "change-me-please-change-me-to-a-random-one",
        "my-super-secret-key-that-is-long-enough",
    ] {
        let problems = refused("", &production(&[("BETTER_AUTH_SECRET", secret)]));
        assert_eq!(problems.len(), 1, "{secret}: {problems:?}");
        assert!(
            problems[0].starts_with("BETTER_AUTH_SECRET: `secret` ")
                && problems[0].contains("portcullis secret"),
            "{}",
            problems[0]
        );
        assert!(!problems[0].contains(secret), "{}", problems[0]);
        load("", &[("BETTER_AUTH_SECRET", secret)]);
        let replaced: &'static str = format!("{GOOD_SECRET};{secret}").leak();
        let mut both = production(&[("BETTER_AUTH_SECRET", "")]);
        both.push(("PORTCULLIS_SECRETS", replaced));
        let problems = refused("", &both);
        assert!(problems[0].contains("`secrets`: number 2"), "{}", problems[0]);
    }
}
