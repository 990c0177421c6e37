//! Values that are passed on unchanged.

use portcullis_application::ports::Encoding;
use portcullis_persistence::PoolOptions;

use super::*;

#[test]
fn options_of_the_database_are_read() {
    let file = "[database]\npool_size = 7\nacquire_timeout = 2\noperation_timeout = 9";
    let expected = PoolOptions {
        size: 7,
        acquire: Duration::from_secs(2),
        operation: Duration::from_secs(9),
    };
    assert_eq!(load(file, &[]).database.options.pool, expected);
}

#[test]
fn limits_are_read() {
    let file = r"
[limits]
body = 1025
head = 1026
name = 11
url = 102
text = 103
user_agent = 104
request_timeout = 12
drain_timeout = 0
workers = 3
";
    let http = load(file, &[]).http;
    let expected = Limits {
        body: 1025,
        head: 1026,
        request: Duration::from_secs(12),
        providers: Duration::from_secs(40),
        checks: Duration::ZERO,
        name: 11,
        url: 102,
        text: 103,
        user_agent: 104,
    };
    assert_eq!(http.limits, expected);
    assert_eq!((http.drain, http.workers), (Duration::ZERO, 3));
}

#[test]
fn limits_of_hashing_are_read() {
    let hasher = load("password = { hashing_permits = 2, hashing_queue = 5 }", &[]).password;
    assert_eq!((hasher.permits, hasher.queue), (2, 5));
}

#[test]
fn a_password_reset_may_keep_sessions_and_sign_up_may_be_disabled() {
    let config = load(
        "[email_and_password]\nrevoke_sessions_on_password_reset = false\ndisable_sign_up = true",
        &[],
    );
    assert!(!config.password_reset.revokes_sessions);
    assert!(!config.sign_up.enabled && config.sign_in.enabled);
}

#[test]
fn data_that_a_node_server_must_read_is_written_in_its_format() {
    let config = load("compatibility.shared_database = true\n[plugins.jwt]", &[]);
    assert_eq!(config.password.scheme, Scheme::Scrypt);
    assert!(config.database.options.shared_database);
    assert!(config.email_verification.accepts_foreign_links);
    assert!(!config.jwt.unwrap().re_encrypts);
}

#[test]
fn the_strategy_of_the_session_cookie_cache_is_read() {
    for (strategy, encoding) in [
        ("compact", Encoding::Compact),
        ("jwt", Encoding::Jwt),
        ("jwe", Encoding::Jwe),
    ] {
        let file = format!("session.cookie_cache = {{ enabled = true, strategy = \"{strategy}\" }}");
        assert_eq!(load(&file, &[]).session_cookie_cache.unwrap().encoding, encoding);
    }
}

#[test]
fn options_of_templates_are_read() {
    let file =
        "app_name = \"Castle\"\n[delivery]\ntemplates = \"mails\"\nlogo_url = \"https://castle.test/l.png\"";
    let templates = load(file, &[]).delivery.templates;
    assert_eq!(templates.app_name, "Castle");
    assert_eq!(templates.folder, Some("mails".into()));
    assert_eq!(templates.logo_url.as_deref(), Some("https://castle.test/l.png"));
}
