//! Complete configurations.

use portcullis_application::ports::Encoding;

use super::*;

/// The profiles, each with its name.
const PROFILES: [(&str, &str); 11] = [
    ("admin", include_str!("admin.toml")),
    ("cache-compact", include_str!("cache-compact.toml")),
    ("cache-jwe", include_str!("cache-jwe.toml")),
    ("cache-jwt", include_str!("cache-jwt.toml")),
    ("core", include_str!("core.toml")),
    ("guarded", include_str!("guarded.toml")),
    ("limited", include_str!("limited.toml")),
    ("session", include_str!("session.toml")),
    ("shared", include_str!("shared.toml")),
    ("social", include_str!("social.toml")),
    ("verified", include_str!("verified.toml")),
];

fn profile(name: &str) -> Config {
    let (_, text) = PROFILES.into_iter().find(|(known, _)| *known == name).unwrap();
    load(
        text,
        &[
            ("DATABASE_URL", "postgres://postgres@127.0.0.1:20000/candidate"),
            ("PORTCULLIS_BIND", "127.0.0.1:3912"),
        ],
    )
}

#[test]
fn every_profile_is_accepted() {
    for (name, _) in PROFILES {
        let config = profile(name);
        assert_eq!(config.mode, Mode::Development, "{name}");
        assert_eq!(config.bind, [Listen::Tcp("127.0.0.1:3912".parse().unwrap())]);
        assert_eq!(config.http.trusted_proxies.len(), 2);
        for origin in [
            "http://localhost:3000",
            "http://localhost:5173",
            "https://a.example.com",
        ] {
            assert!(config.http.trusted_origins.trusts_origin(origin), "{origin}");
        }
        assert_eq!(config.rate_limit.is_some(), name == "limited", "{name}");
    }
}

#[test]
fn each_profile_enables_the_feature_that_it_is_named_for() {
    for (name, encoding) in [
        ("cache-compact", Encoding::Compact),
        ("cache-jwt", Encoding::Jwt),
        ("cache-jwe", Encoding::Jwe),
    ] {
        assert_eq!(profile(name).session_cookie_cache.unwrap().encoding, encoding);
    }
    assert!(profile("admin").admin.is_some());
    assert!(matches!(profile("session").delivery.transport, Transport::None));

    let core = profile("core");
    assert!(core.jwt.is_some() && core.bearer.is_some() && core.session_cookie_cache.is_none());
    assert!(core.change_email.enabled && core.delete_user.enabled && !core.delete_user.requires_confirmation);
    assert!(matches!(core.delivery.transport, Transport::Webhook(_)));

    let verified = profile("verified");
    assert!(
        verified.password_sign_in.requires_verified_email
            && verified.password_sign_in.sends_verification_link
    );
    assert!(verified.sign_up.sends_verification_link && verified.email_verification.auto_sign_in);

    let guarded = profile("guarded");
    assert!(guarded.delete_user.requires_confirmation && guarded.password_reset.revokes_sessions);

    let social = profile("social").social;
    let ids = social.providers.iter().map(|provider| provider.definition.id());
    assert!(ids.eq(["github", "google"]));
    let ids = social
        .providers
        .iter()
        .map(|provider| provider.options.client_id());
    assert!(ids.eq(["github-id", "google-id"]));

    let shared = profile("shared");
    assert!(shared.database.options.shared_database && shared.email_verification.accepts_foreign_links);
    assert!(!shared.jwt.unwrap().re_encrypts);
}
