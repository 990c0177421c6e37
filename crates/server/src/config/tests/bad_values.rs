//! Values that are refused.

use super::*;

/// A file, and the key that the refusal names.
const BAD_VALUES: &[(&str, &str)] = &[
    ("mode = \"staging\"", "mode"),
    ("mode = true", "mode"),
    ("bind = []", "bind"),
    ("bind = [3000]", "bind"),
    ("bind = \"3000\"", "bind"),
    ("port = 65536", "port"),
    ("port = \"http\"", "port"),
    ("bind = [\"unix:relative\"]", "bind"),
    ("bind = [\"example.com:80\"]", "bind"),
    ("base_url = \"localhost:3000\"", "base_url"),
    ("base_url = \"http://user@localhost\"", "base_url"),
    ("base_url = \"http://localhost?x=1\"", "base_url"),
    ("base_url = 3000", "base_url"),
    (
        "default_redirect_url = \"app.example.com\"",
        "default_redirect_url",
    ),
    ("default_redirect_url = \"//evil.test\"", "default_redirect_url"),
    (
        "on_api_error.error_url = \"javascript:alert(1)\"",
        "on_api_error.error_url",
    ),
    (
        "session_cache.enabled = true\ndatabase.url = \"postgres://user@host/name?pgbouncer=true\"",
        "session_cache.enabled",
    ),
    (
        "session_cache.listen_url = \"mysql://host/name\"",
        "session_cache.listen_url",
    ),
    ("session_cache.max_entries = 0", "session_cache.max_entries"),
    ("base_path = \"api\"", "base_path"),
    ("base_path = \"/a b\"", "base_path"),
    ("base_path = \"//a\"", "base_path"),
    ("secret = \"\"", "secret"),
    ("secret = 5", "secret"),
    ("trusted_origins = [\"example.com\"]", "trusted_origins"),
    ("trusted_origins = [\"https://example.com/\"]", "trusted_origins"),
    ("trusted_origins = [\"https://Example.com\"]", "trusted_origins"),
    (
        "trusted_origins = [\"https://*.example.com/\"]",
        "trusted_origins",
    ),
    (
        "trusted_origins = [\"https://app.example.com:443\"]",
        "trusted_origins",
    ),
    ("trusted_origins = [\"MYAPP://\"]", "trusted_origins"),
    (
        "advanced.ip_address.ip_address_headers = []",
        "advanced.ip_address.ip_address_headers",
    ),
    (
        "advanced.ip_address.ip_address_headers = [\"Forwarded\"]",
        "advanced.ip_address.ip_address_headers",
    ),
    (
        "advanced.ip_address.ip_address_headers = [\"x real ip\"]",
        "advanced.ip_address.ip_address_headers",
    ),
    ("trusted_proxies = [\"10.0.0.0/33\"]", "trusted_proxies"),
    ("trusted_proxies = [\"proxy\"]", "trusted_proxies"),
    ("session = 5", "session"),
    ("session.expires_in = 0", "session.expires_in"),
    ("session.expires_in = -1", "session.expires_in"),
    ("session.expires_in = 1.5", "session.expires_in"),
    (
        "session.expires_in = 99999999999999999999999",
        "session.expires_in",
    ),
    (
        "email_and_password.enabled = \"true\"",
        "email_and_password.enabled",
    ),
    (
        "email_and_password.min_password_length = 129",
        "email_and_password.min_password_length",
    ),
    (
        "email_and_password.max_password_length = 5000",
        "email_and_password.max_password_length",
    ),
    ("password.argon2.memory = 19455", "password.argon2.memory"),
    ("password.argon2.passes = 1", "password.argon2.passes"),
    ("password.argon2.lanes = 0", "password.argon2.lanes"),
    ("password.argon2.passes = 65", "password.argon2.passes"),
    ("password.argon2.memory = 1048577", "password.argon2.memory"),
    ("session.update_age = 604801", "session.expires_in"),
    ("session.expires_in = 86399", "session.update_age"),
    ("trusted_proxies = [\"::ffff:10.0.0.0/104\"]", "trusted_proxies"),
    (
        "limits.request_timeout = 1\npassword.refusal_floor_milliseconds = 1000",
        "limits.request_timeout",
    ),
    ("disabled_paths = [\"ok\"]", "disabled_paths"),
    ("disabled_paths = [\"/ok/\"]", "disabled_paths"),
    ("disabled_paths = [\"//ok\"]", "disabled_paths"),
    ("disabled_paths = [\"/o%6b\"]", "disabled_paths"),
    ("disabled_paths = [\"/ok?x\"]", "disabled_paths"),
    ("disabled_paths = [\"/api/auth/ok\"]", "disabled_paths"),
    ("rate_limit.enabled = 1", "rate_limit.enabled"),
    ("rate_limit.window = 0", "rate_limit.window"),
    ("rate_limit.max = 0", "rate_limit.max"),
    (
        "rate_limit = { storage = \"database\", max = 1001 }",
        "rate_limit.max",
    ),
    ("rate_limit.storage = \"redis\"", "rate_limit.storage"),
    ("rate_limit.storage = \"disk\"", "rate_limit.storage"),
    ("rate_limit.failed_sign_ins = 101", "rate_limit.failed_sign_ins"),
    (
        "rate_limit.failed_sign_in_window = 0",
        "rate_limit.failed_sign_in_window",
    ),
    (
        "rate_limit.known_address_lifetime = 34560001",
        "rate_limit.known_address_lifetime",
    ),
    ("delivery.transport = \"pigeon\"", "delivery.transport"),
    ("database.url = \"mysql://u:hidden@h/d\"", "database.url"),
    ("log.level = \"loud\"", "log.level"),
    ("plugins.jwt = true", "plugins.jwt"),
    ("plugins.mcp = {}", "plugins.mcp"),
    (
        "plugins.two_factor.totp_options.digits = 7",
        "plugins.two_factor.totp_options.digits",
    ),
    (
        "plugins.username.min_username_length = 0",
        "plugins.username.min_username_length",
    ),
    ("app_name = \"\"", "app_name"),
    ("app_name = 5", "app_name"),
    ("secrets = []", "secrets"),
    ("secrets = \"one\"", "secrets"),
    ("secrets = [5]", "secrets"),
    ("secrets = [\"\"]", "secrets"),
    (
        "email_and_password.reset_password_token_expires_in = 0",
        "email_and_password.reset_password_token_expires_in",
    ),
    (
        "email_verification.expires_in = 34560001",
        "email_verification.expires_in",
    ),
    (
        "email_verification.send_on_sign_up = 1",
        "email_verification.send_on_sign_up",
    ),
    (
        "user.delete_user.delete_token_expires_in = 0",
        "user.delete_user.delete_token_expires_in",
    ),
    ("user.change_email = true", "user.change_email"),
    ("session.fresh_age = -1", "session.fresh_age"),
    ("session.cookie_cache.max_age = 0", "session.cookie_cache.max_age"),
    (
        "session.cookie_cache.strategy = \"jws\"",
        "session.cookie_cache.strategy",
    ),
    ("session.cookie_cache.version = 2", "session.cookie_cache.version"),
    (
        "session.cookie_cache.refresh_cache = true",
        "session.cookie_cache.refresh_cache",
    ),
    (
        "session.cookie_cache = { enabled = true, max_age = 604801 }",
        "session.cookie_cache.max_age",
    ),
    (
        "session.disable_session_refresh = true",
        "session.disable_session_refresh",
    ),
    ("logger.level = \"debug\"", "logger.level"),
    ("database_hooks = true", "database_hooks"),
    ("secondary_storage = true", "secondary_storage"),
    (
        "social_providers.github.verify_id_token = \"x\"\nsocial_providers.github.enabled = false",
        "social_providers.github.verify_id_token",
    ),
];

#[test]
fn each_bad_value_is_refused_with_its_key() {
    for (file, key) in BAD_VALUES {
        let problems = refused(file, &[]);
        assert_eq!(problems.len(), 1, "{file}: {problems:?}");
        assert!(problems[0].starts_with("portcullis.toml:"), "{}", problems[0]);
        assert!(problems[0].contains(&format!("`{key}`")), "{}", problems[0]);
        assert!(!problems[0].contains("hidden"), "{}", problems[0]);
    }
}
