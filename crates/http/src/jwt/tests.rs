use std::{sync::Arc, time::Duration};

use actix_web::http::header;
use async_trait::async_trait;
use chrono::TimeDelta;
use portcullis_application::{
    jwt::{ClaimOptions, EndedKeys, Jwt, JwtOptions, Subject},
    ports::{Failure, KeyPair, Ports, SigningKey, TokenSigner},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{a_session, a_user, start},
    },
};
use portcullis_domain::{
    id::KeyId,
    jwt::{Algorithm, RotationPolicy, StoredKey},
    secret::Secret,
    session::Session,
};

use crate::{
    App, Features, JwtEndpoints, Limits, Options,
    tests::{Answer, LogCapture, TOKEN, app, get, options, send_with_app},
};

/// Opens any key, and signs with this function.
struct Signer(fn() -> Result<String, Failure>);

struct Key(fn() -> Result<String, Failure>);

impl SigningKey for Key {
    fn sign(&self, _kid: &str, _claims: &str) -> Result<String, Failure> {
        (self.0)()
    }
}

#[async_trait]
impl TokenSigner for Signer {
    async fn generate(&self, _algorithm: Algorithm, _modulus_length: u32) -> Result<KeyPair, Failure> {
        // Takes longer than any request.
        std::future::pending().await
    }

    fn algorithm(&self, _public: &str, _rsa: Algorithm) -> Option<Algorithm> {
        Some(Algorithm::EdDsa)
    }

    fn open(&self, _algorithm: Algorithm, _private: &Secret<String>) -> Result<Arc<dyn SigningKey>, Failure> {
        Ok(Arc::new(Key(self.0)))
    }
}

fn signing(ports: &Ports) -> App {
    let options = JwtOptions {
        algorithm: Algorithm::EdDsa,
        modulus_length: 2048,
        rotation: RotationPolicy {
            interval: None,
            grace: TimeDelta::days(7),
        },
        encrypts_private_keys: false,
        re_encrypts: false,
        ended_keys: EndedKeys::Kept,
        claims: ClaimOptions {
            payload: None,
            subject: Subject::Id,
            issuer: "https://auth.example.com".to_owned(),
            audience: vec!["https://auth.example.com".to_owned()],
            expires_in: TimeDelta::minutes(15),
        },
        audiences: Vec::new(),
        sets_header: true,
    };
    App {
        features: Features::default().with(Some(JwtEndpoints {
            jwt: Jwt::new(ports, options),
            jwks_path: "/jwks".to_owned(),
        })),
        ..app(ports)
    }
}

fn a_key() -> StoredKey {
    StoredKey {
        id: KeyId::new("K"),
        public: "{}".to_owned(),
        private: Secret::new("{}".to_owned()),
        created_at: start(),
        expires_at: None,
    }
}

/// Requests a session that is due for renewal, with a JWT. Returns the response and the log.
async fn renewed(
    keys: fn() -> Result<Vec<StoredKey>, Failure>,
    sign: fn() -> Result<String, Failure>,
    limits: Limits,
) -> (Answer, String) {
    let mut finding = FakeUnitOfWork::default();
    finding.sessions.expect_find_by_token().once().return_once(|_| {
        let old = Session {
            expires_at: a_session().expires_at - TimeDelta::days(2),
            ..a_session()
        };
        Ok(Some((old, a_user())))
    });
    let mut renewing = FakeUnitOfWork::default();
    renewing.sessions.expect_renew().once().return_once(|_| Ok(true));
    // How often the keys are read is tested elsewhere.
    let listing = || {
        let mut listing = FakeUnitOfWork::default();
        listing.jwks.expect_list().returning(keys);
        listing
    };
    let ports = Ports {
        token_signer: Arc::new(Signer(sign)),
        ..FakePorts::with_store(FakeStore::new(
            vec![finding, renewing, listing(), listing(), listing()],
            Vec::new(),
        ))
        .ports
    };
    let options = Options { limits, ..options() };
    let log = LogCapture::default();
    let logging = log.start();
    let request = get("/api/auth/get-session").insert_header((header::COOKIE, TOKEN));
    let answer = send_with_app(signing(&ports), options, request).await;
    drop(logging);
    (answer, log.text())
}

fn assert_renewed_without_jwt(answer: &Answer) {
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("Ada"), "{}", answer.body);
    assert!(answer.cookies()[0].starts_with("better-auth.session_token=token-1."));
    assert_eq!(answer.header("set-auth-jwt"), None);
    assert_eq!(answer.header("access-control-expose-headers"), None);
}

/// Asserts that one line reports this cause, and has this level.
fn assert_logged(log: &str, level: &str, cause: &str) {
    let lines: Vec<_> = log.lines().filter(|line| line.contains(cause)).collect();
    let [line] = lines[..] else {
        panic!("expected one line: {log}")
    };
    assert!(line.contains(&format!(r#""level":"{level}""#)), "{line}");
    assert!(line.contains("sent a session without its JWT"), "{line}");
}

#[actix_web::test]
async fn a_session_is_sent_and_renewed_if_creating_its_jwt_fails() {
    let away = || Err(Failure::unavailable("connection refused"));
    let (answer, log) = renewed(away, || Ok(String::new()), Limits::default()).await;
    assert_renewed_without_jwt(&answer);
    assert_logged(&log, "WARN", "connection refused");

    let broken = || Err(Failure::new("a broken key"));
    let (answer, log) = renewed(|| Ok(vec![a_key()]), broken, Limits::default()).await;
    assert_renewed_without_jwt(&answer);
    assert_logged(&log, "ERROR", "a broken key");
}

#[actix_web::test]
async fn a_session_is_sent_and_renewed_if_creating_its_jwt_takes_too_long() {
    let hasty = Limits {
        request: Duration::from_secs(1),
        ..Limits::default()
    };
    let (answer, log) = renewed(|| Ok(Vec::new()), || Ok(String::new()), hasty).await;
    assert_renewed_without_jwt(&answer);
    assert_logged(&log, "WARN", "creating the JWT took too long");
}

#[actix_web::test]
async fn a_jwt_that_is_too_long_for_a_header_is_left_out() {
    let longest = || Ok("x".repeat(8 * 1024));
    let (answer, _log) = renewed(|| Ok(vec![a_key()]), longest, Limits::default()).await;
    assert_eq!(answer.header("set-auth-jwt").unwrap().len(), 8 * 1024);
    let longer = || Ok("x".repeat(8 * 1024 + 1));
    let (answer, _log) = renewed(|| Ok(vec![a_key()]), longer, Limits::default()).await;
    assert_renewed_without_jwt(&answer);
}
