//! What cannot be built.

use std::time::Duration;

use portcullis_verify::{BuildError, Introspector, SessionChecker, Verifier, VerifierBuilder};

fn complete() -> VerifierBuilder {
    Verifier::builder()
        .issuer("https://auth.example.com")
        .audience("api")
        .jwks_url("https://auth.example.com/api/auth/jwks")
}

fn option(outcome: Result<impl Sized, BuildError>) -> &'static str {
    match outcome.map(drop) {
        Err(BuildError::Missing(option) | BuildError::Option { option, .. }) => option,
        other => panic!("{other:?}"),
    }
}

#[test]
fn issuer_audience_and_keys_are_required() {
    assert!(complete().build().is_ok());
    let builder = Verifier::builder;
    let url = "https://auth.example.com/jwks";
    assert_eq!(option(builder().audience("api").jwks_url(url).build()), "issuer");
    assert_eq!(option(builder().issuer("x").jwks_url(url).build()), "audience");
    assert_eq!(option(complete().audience("").build()), "audience");
    assert_eq!(option(builder().issuer("x").audience("api").build()), "jwks_url");
    assert_eq!(
        option(Verifier::discover("https://auth.example.com").build()),
        "audience"
    );
    assert_eq!(
        option(Verifier::discover("auth").audience("api").build()),
        "issuer"
    );
    let both = Verifier::discover("https://auth.example.com")
        .audience("api")
        .jwks_url(url);
    assert_eq!(option(both.build()), "jwks_url");
}

#[test]
fn options_outside_their_limits_are_rejected() {
    assert_eq!(
        option(complete().leeway(Duration::from_secs(301)).build()),
        "leeway"
    );
    assert_eq!(option(complete().timeout(Duration::ZERO).build()), "timeout");
    assert_eq!(option(complete().timeout(Duration::MAX).build()), "timeout");
    let often = complete().unknown_key_interval(Duration::ZERO);
    assert_eq!(option(often.build()), "unknown_key_interval");
    for url in [
        "auth.example.com",
        "ftp://auth.example.com",
        "https://user:secret@auth.example.com",
        "https://auth.example.com/jwks#a",
        "https://auth.example.com/jwks?a=b",
    ] {
        let error = complete().jwks_url(url).build().unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
        assert_eq!(option(Err::<(), _>(error)), "jwks_url");
    }
}

#[test]
fn a_checker_needs_its_base_url_and_a_short_lived_cache() {
    let base = || SessionChecker::builder().base_url("https://auth.example.com/api/auth");
    assert!(base().cache(100, Duration::from_secs(5)).build().is_ok());
    assert_eq!(option(SessionChecker::builder().build()), "base_url");
    assert_eq!(
        option(base().cache(100, Duration::from_secs(31)).build()),
        "cache"
    );
    assert_eq!(option(base().cache(100, Duration::ZERO).build()), "cache");
    assert_eq!(option(base().cache(0, Duration::from_secs(5)).build()), "cache");
}

#[test]
fn an_introspector_needs_a_client_or_the_private_listener() {
    let builder = Introspector::builder;
    let (base, private) = (
        "https://auth.example.com/api/auth",
        "http://127.0.0.1:4401/introspect",
    );
    assert!(builder().base_url(base).client("api", "secret").build().is_ok());
    assert!(builder().private_url(private).build().is_ok());
    assert_eq!(option(builder().build()), "base_url");
    assert_eq!(option(builder().base_url(base).build()), "client");
    let both = builder().private_url(private).client("api", "secret");
    assert!(!format!("{both:?}").contains("secret\""), "{both:?}");
    assert_eq!(option(both.build()), "private_url");
}
