//! JWTs and bearer tokens.

use chrono::TimeDelta;
use portcullis_application::jwt::{EndedKeys, Subject};
use portcullis_domain::jwt::Algorithm;

use crate::config::tests::{load, refused};

#[test]
fn a_plugin_is_enabled_by_its_section_unless_enabled_is_false() {
    for (file, environment, is_on) in [
        ("", vec![], false),
        ("[plugins.jwt]", vec![], true),
        ("plugins.jwt = {}", vec![], true),
        ("[plugins.jwt.jwks]", vec![], true),
        ("[plugins.jwt]\nenabled = false", vec![], false),
        ("", vec![("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")], true),
        ("", vec![("PORTCULLIS_PLUGINS__JWT__JWT__ISSUER", "me")], true),
        (
            "[plugins.jwt]",
            vec![("PORTCULLIS_PLUGINS__JWT__ENABLED", "false")],
            false,
        ),
        ("[plugins.bearer]", vec![], false),
    ] {
        let config = load(file, &environment);
        assert_eq!(config.jwt.is_some(), is_on, "{file} {environment:?}");
    }
    let bearer = |file| load(file, &[]).bearer;
    assert_eq!(bearer(""), None);
    assert_eq!(bearer("plugins.bearer.enabled = false"), None);
    assert!(!bearer("[plugins.bearer]").unwrap().require_signature);
    assert!(
        bearer("plugins.bearer.require_signature = true")
            .unwrap()
            .require_signature
    );
}

#[test]
fn jwt_options_have_the_defaults_of_better_auth() {
    let config = load("base_url = \"http://localhost:3000/auth\"\n[plugins.jwt]", &[]);
    let jwt = config.jwt.unwrap();
    assert_eq!((jwt.algorithm, jwt.modulus_length), (Algorithm::EdDsa, 2048));
    assert_eq!(
        (jwt.rotation.interval, jwt.rotation.grace),
        (None, TimeDelta::days(30))
    );
    assert!(jwt.encrypts_private_keys && jwt.re_encrypts && jwt.sets_header);
    assert_eq!(jwt.claims.issuer, "http://localhost:3000");
    assert_eq!(jwt.claims.audience, ["http://localhost:3000"]);
    assert_eq!(jwt.claims.expires_in, TimeDelta::minutes(15));
    assert_eq!((jwt.claims.payload, jwt.claims.subject), (None, Subject::Id));
    assert_eq!(config.jwks_path, "/jwks");
}

#[test]
fn jwt_options_are_read() {
    let file = r#"
[user.additional_fields.plan]
type = "string"
required = false
[plugins.jwt]
disable_setting_jwt_header = true
[plugins.jwt.jwks]
disable_private_key_encryption = true
rotation_interval = 86400
grace_period = 3600
jwks_path = "/.well-known/jwks.json"
key_pair_config = { alg = "PS256", modulus_length = 3072 }
[plugins.jwt.jwt]
issuer = "https://auth.example.com"
audience = ["api", "admin"]
expiration_time = 60
payload = ["email", "plan"]
subject = "email"
"#;
    let config = load(file, &[]);
    let jwt = config.jwt.unwrap();
    assert_eq!((jwt.algorithm, jwt.modulus_length), (Algorithm::Ps256, 3072));
    assert_eq!(jwt.rotation.interval, Some(TimeDelta::days(1)));
    assert_eq!(jwt.rotation.grace, TimeDelta::hours(1));
    assert!(!jwt.encrypts_private_keys && !jwt.sets_header);
    assert_eq!(jwt.claims.issuer, "https://auth.example.com");
    assert_eq!(jwt.claims.audience, ["api", "admin"]);
    assert_eq!(jwt.claims.expires_in, TimeDelta::minutes(1));
    assert_eq!(jwt.claims.payload.unwrap(), ["email", "plan"]);
    assert_eq!(jwt.claims.subject, Subject::Email);
    assert_eq!(config.jwks_path, "/.well-known/jwks.json");
}

#[test]
fn a_jwt_payload_may_be_empty() {
    let jwt = load("plugins.jwt.jwt.payload = []", &[]).jwt.unwrap();
    assert_eq!(jwt.claims.payload, Some(Vec::new()));
}

const TIME: &str = "must be a whole number of seconds, or a text such as \"15m\"";
/// A line below `plugins.jwt`, the key that the refusal names, and the reason.
const REFUSED: &[(&str, &str, &str)] = &[
    ("jwt.expiration_time = 0", "jwt.expiration_time", TIME),
    ("jwt.expiration_time = -5", "jwt.expiration_time", TIME),
    ("jwt.expiration_time = \"15m ago\"", "jwt.expiration_time", TIME),
    ("jwt.expiration_time = \"401d\"", "jwt.expiration_time", TIME),
    ("jwt.expiration_time = true", "jwt.expiration_time", TIME),
    (
        "jwt.subject = \"name\"",
        "jwt.subject",
        "must be \"id\" or \"email\"",
    ),
    (
        "jwt.payload = [\"emial\"]",
        "jwt.payload",
        ": \"emial\" is not a field of users that clients can read: did you mean email?",
    ),
    (
        "jwt.define_payload = \"x\"",
        "jwt.define_payload",
        "is not supported: `plugins.jwt.jwt.payload`",
    ),
    (
        "jwks.jwks_path = \"jwks\"",
        "jwks.jwks_path",
        ": \"jwks\" is not a path",
    ),
    (
        "jwks.jwks_path = \"/token\"",
        "jwks.jwks_path",
        ": \"/token\" is the path of another endpoint",
    ),
    (
        "jwks.jwks_path = \"/reset-password/x\"",
        "jwks.jwks_path",
        ": \"/reset-password/x\" is the path of another endpoint",
    ),
    (
        "jwks.jwks_path = \"/:any\"",
        "jwks.jwks_path",
        ": \"/:any\" must not contain a colon",
    ),
    (
        "jwks.jwks_path = \"/api/auth/x\"",
        "jwks.jwks_path",
        ": \"/api/auth/x\" must not begin with the base path",
    ),
    (
        "jwks.remote_url = \"https://x\"",
        "jwks.remote_url",
        "is not supported yet",
    ),
    (
        "jwks.rotation_interval = 0",
        "jwks.rotation_interval",
        "must be a whole number of seconds",
    ),
    (
        "jwks.key_pair_config.alg = \"HS256\"",
        "jwks.key_pair_config.alg",
        "must be \"EdDSA\" or",
    ),
    (
        "jwks.key_pair_config.modulus_length = 1024",
        "jwks.key_pair_config.modulus_length",
        "must be a whole number of bits from 2048",
    ),
    (
        "jwks.key_pair_config.modulus_length = 4097",
        "jwks.key_pair_config.modulus_length",
        "must be a whole number of bits from 2048 to 4096",
    ),
    (
        "jwks.key_pair_config.crv = \"Ed448\"",
        "jwks.key_pair_config.crv",
        "must be \"Ed25519\"",
    ),
    (
        "jwks.key_pair_config = { alg = \"ES256\", crv = \"Ed25519\" }",
        "jwks.key_pair_config.crv",
        "applies to EdDSA only, but `plugins.jwt.jwks.key_pair_config.alg` is ES256",
    ),
    (
        "jwt.sign = \"x\"",
        "jwt.sign",
        "is not supported: a function cannot be configured",
    ),
];

#[test]
fn the_curve_of_eddsa_may_be_set_and_ended_keys_are_deleted_unless_the_database_is_shared() {
    let file =
        "plugins.jwt.jwks = { key_pair_config = { alg = \"EdDSA\", crv = \"Ed25519\" }, grace_period = 60 }";
    let config = load(file, &[]);
    let jwt = config.jwt.unwrap();
    assert_eq!(jwt.algorithm, Algorithm::EdDsa);
    assert_eq!(jwt.ended_keys, EndedKeys::Deleted);
    assert_eq!(jwt.rotation.grace, TimeDelta::seconds(60));
    let shared = load("plugins.jwt = {}\ncompatibility.shared_database = true", &[]);
    assert_eq!(shared.jwt.unwrap().ended_keys, EndedKeys::Kept);
}

#[test]
fn each_bad_value_is_refused_with_its_reason() {
    for (line, key, reason) in REFUSED {
        let problems = refused(&format!("plugins.jwt.{line}"), &[]);
        assert_eq!(problems.len(), 1, "{line}: {problems:?}");
        let problem = problems[0].replace("`: ", "` : ");
        let expected = format!("`plugins.jwt.{key}` {reason}");
        assert!(problem.contains(&expected), "{expected}: {problem}");
    }
}
