//! `portcullis-verify`, the crate for services, against this server.

use std::{fmt, sync::Arc, time::SystemTime};

use chrono::TimeDelta;
use portcullis_application::{ports::Clock as _, testing::FixedClock};
use portcullis_testkit::{BASE_URL, Caller, TestServer, TestServerBuilder};
use portcullis_verify::{Claims, Clock, Credentials, Error, Session, SessionChecker, Verifier};
use serde_json::{Map, Value, json};

type Fields = Map<String, Value>;

/// The server's clock, for the service.
struct SharedClock(Arc<FixedClock>);

impl fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedClock")
    }
}

impl Clock for SharedClock {
    fn now(&self) -> SystemTime {
        self.0.now().into()
    }
}

fn signing() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
}

fn verifier(server: &TestServer) -> Verifier {
    Verifier::builder()
        .issuer(BASE_URL)
        .audience(BASE_URL)
        .jwks_url(format!("{}/api/auth/jwks", server.url()))
        .clock(Arc::new(SharedClock(Arc::clone(&server.clock))))
        .build()
        .unwrap()
}

fn checker(server: &TestServer) -> SessionChecker {
    SessionChecker::builder()
        .base_url(format!("{}/api/auth", server.url()))
        .build()
        .unwrap()
}

async fn token(caller: &Caller) -> String {
    let answer = caller.get("/token").send().await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn verified(verifier: &Verifier, token: &str) -> Result<String, Error> {
    let claims: Claims = verifier.verify(token).await?;
    Ok(claims.sub)
}

/// The id of the user whom a checker finds by these credentials.
async fn found(checker: &SessionChecker, credentials: &Credentials) -> Result<Option<String>, Error> {
    let session: Option<Session> = checker.check(credentials).await?;
    Ok(session.map(|session| session.user.id))
}

async fn id(caller: &Caller) -> String {
    let answer = caller.get("/get-session").send().await.json();
    answer["user"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_service_verifies_tokens_of_every_algorithm() {
    for algorithm in ["EdDSA", "ES256", "ES512", "RS256", "PS256"] {
        let server = signing()
            .set("PORTCULLIS_PLUGINS__JWT__JWKS__KEY_PAIR_CONFIG__ALG", algorithm)
            .start();
        let ada = server.signed_up("ada").await;
        let claims: Claims<Fields> = verifier(&server).verify(&token(&ada).await).await.unwrap();
        assert_eq!(claims.sub, id(&ada).await, "{algorithm}");
        assert_eq!(claims.exp - claims.iat.unwrap(), 900);
        assert_eq!(claims.fields["email"], "ada@example.com");
    }
}

#[tokio::test]
async fn a_service_verifies_tokens_before_during_and_after_a_rotation() {
    let server = signing()
        .set("PORTCULLIS_PLUGINS__JWT__JWT__EXPIRATION_TIME", "1d")
        .set("PORTCULLIS_PLUGINS__JWT__JWKS__ROTATION_INTERVAL", "3600")
        .set("PORTCULLIS_PLUGINS__JWT__JWKS__GRACE_PERIOD", "600")
        .start();
    let ada = server.signed_up("ada").await;
    let user = id(&ada).await;
    let verifier = verifier(&server);

    let before = token(&ada).await;
    assert_eq!(verified(&verifier, &before).await.unwrap(), user);

    server.clock.advance(TimeDelta::seconds(3600));
    let after = token(&ada).await;
    assert_ne!(before.split('.').next(), after.split('.').next());
    for token in [&after, &before, &after] {
        assert_eq!(verified(&verifier, token).await.unwrap(), user);
    }

    // The old key is no longer published, and the service has read the keys again.
    server.clock.advance(TimeDelta::seconds(700));
    assert_eq!(verified(&verifier, &before).await, Err(Error::UnknownKey));
    assert_eq!(verified(&verifier, &after).await.unwrap(), user);
}

#[tokio::test]
async fn a_service_rejects_tokens_of_others_and_of_earlier_times() {
    let server = signing().start();
    let ada = server.signed_up("ada").await;
    let valid = token(&ada).await;
    let for_another = Verifier::builder()
        .issuer(BASE_URL)
        .audience("https://api.example.com")
        .jwks_url(format!("{}/api/auth/jwks", server.url()))
        .build()
        .unwrap();
    assert_eq!(verified(&for_another, &valid).await, Err(Error::WrongAudience));
    let verifier = verifier(&server);
    let other = signing().start();
    let foreign = token(&other.signed_up("eve").await).await;
    let error = verified(&verifier, &foreign).await.unwrap_err();
    assert!(
        matches!(error, Error::UnknownKey | Error::WrongSignature),
        "{error}"
    );
    server.clock.advance(TimeDelta::seconds(900 + 60));
    assert_eq!(verified(&verifier, &valid).await, Err(Error::Expired));
}

#[tokio::test]
async fn a_service_sees_a_sign_out_by_asking_and_not_by_the_token() {
    let server = signing()
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let ada = server.anonymous();
    let body = json!({ "name": "ada", "email": "ada@example.com", "password": "password1234" });
    let signed_up = ada.post("/sign-up/email", &body).send().await;
    let bearer = Credentials::bearer(signed_up.header("set-auth-token").unwrap());
    let cookie = Credentials::cookie(&format!("theme=dark; {}", ada.cookies()));
    let (verifier, checker) = (verifier(&server), checker(&server));
    let (user, token) = (id(&ada).await, token(&ada).await);
    for credentials in [&cookie, &bearer] {
        assert_eq!(found(&checker, credentials).await.unwrap().as_ref(), Some(&user));
    }

    ada.post("/sign-out", &json!({})).send().await;
    for credentials in [&cookie, &bearer] {
        assert_eq!(found(&checker, credentials).await, Ok(None));
    }
    assert_eq!(verified(&verifier, &token).await.unwrap(), user);
}

#[tokio::test]
async fn a_service_checks_sessions_in_cookies_of_other_names() {
    let server = TestServer::with()
        .set("PORTCULLIS_ADVANCED__COOKIE_PREFIX", "acme")
        .set("PORTCULLIS_ADVANCED__USE_SECURE_COOKIES", "true")
        .start();
    let ada = server.signed_up("ada").await;
    assert!(
        ada.cookies().starts_with("__Secure-acme.session_token="),
        "{}",
        ada.cookies()
    );
    let cookie = Credentials::cookie(&ada.cookies());
    assert_eq!(found(&checker(&server), &cookie).await, Ok(None));
    let acme = SessionChecker::builder()
        .base_url(format!("{}/api/auth", server.url()))
        .cookie_prefix("acme")
        .build()
        .unwrap();
    assert_eq!(found(&acme, &cookie).await, Ok(Some(id(&ada).await)));
}

/// The check of a service must not use up the renewal that the browser needs.
#[tokio::test]
async fn a_services_check_does_not_renew_the_session() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let expires = || server.shown("select \"expiresAt\" from session");
    let before = expires();
    server.clock.advance(TimeDelta::days(2));
    let cookie = Credentials::cookie(&ada.cookies());
    assert!(found(&checker(&server), &cookie).await.unwrap().is_some());
    assert_eq!(expires(), before);
    ada.get("/get-session").send().await;
    assert_ne!(expires(), before);
}

#[tokio::test]
async fn a_service_outlives_an_outage() {
    let server = signing().start();
    let ada = server.signed_up("ada").await;
    let (verifier, checker) = (verifier(&server), checker(&server));
    let (user, token) = (id(&ada).await, token(&ada).await);
    let cookie = Credentials::cookie(&ada.cookies());
    assert_eq!(verified(&verifier, &token).await.unwrap(), user);
    assert_eq!(found(&checker, &cookie).await.unwrap(), Some(user.clone()));

    let clock = Arc::clone(&server.clock);
    drop(server);
    clock.advance(TimeDelta::seconds(800));
    assert_eq!(verified(&verifier, &token).await.unwrap(), user);
    let error = found(&checker, &cookie).await.unwrap_err();
    assert_eq!((error.is_unavailable(), error.status()), (true, 503));
}

/// The blocks of the guide in a language.
fn snippets(language: &str) -> Vec<String> {
    let guide = include_str!("../../docs/guides/rust.md");
    let start = format!("```{language}\n");
    guide
        .split(&start)
        .skip(1)
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_snippet_of_the_guide_is_tested() {
    let examples = [
        include_str!("../../crates/verify/examples/actix.rs"),
        include_str!("../../crates/verify/examples/axum.rs"),
        include_str!("../../crates/verify/examples/tonic.rs"),
    ];
    let rust = snippets("rust");
    assert_eq!(rust.len(), 7);
    for snippet in rust {
        assert!(
            examples.iter().any(|example| example.contains(&snippet)),
            "{snippet}"
        );
    }
    let [server, service]: [String; 2] = snippets("toml").try_into().unwrap();
    assert_eq!(TestServer::with().file(&server).refusal(), None);
    let manifest = include_str!("../../crates/verify/Cargo.toml");
    let features = service
        .split("features = [")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();
    for feature in features.split(", ") {
        let feature = feature.trim_matches('"');
        assert!(manifest.contains(&format!("\n{feature} = [")), "{feature}");
    }
}
