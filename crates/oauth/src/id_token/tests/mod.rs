//! Tokens of a provider on this machine, whose signatures are real.

mod keys;
mod unnamed;

use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta};
use hmac::{Hmac, KeyInit as _, Mac as _};
use portcullis_application::{ports::TokenSigner as _, testing::FixedClock};
use portcullis_crypto::{Jose, JoseVerifier};
use portcullis_domain::jwt::Algorithm;
use portcullis_outbound::testing::{TestServer, json_response, response};
use serde_json::json;
use sha2::Sha256;

use super::*;
use crate::testing::client;

/// Keys of each algorithm, which Better Auth made.
const KEYS: &str = include_str!("../../../../crypto/vectors/keys.json");
const ISSUER: &str = "https://op.example";

/// Returns a key pair of an algorithm: the public JWK, and the private one.
fn pair(algorithm: Algorithm) -> (Value, Secret<String>) {
    let keys: Value = serde_json::from_str(KEYS).unwrap();
    let keys = keys["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["alg"] == algorithm.name()).unwrap();
    let text = |name: &str| key[name].as_str().unwrap().to_owned();
    (
        serde_json::from_str(&text("public")).unwrap(),
        Secret::new(text("private")),
    )
}

/// Returns a published key with this id and other members.
fn published(algorithm: Algorithm, kid: &str, other: &Value) -> Value {
    let (mut jwk, _) = pair(algorithm);
    jwk["kid"] = json!(kid);
    for (name, value) in other.as_object().unwrap() {
        jwk[name] = value.clone();
    }
    jwk
}

fn sign(algorithm: Algorithm, kid: &str, claims: &Value) -> Secret<String> {
    let key = Jose::default().open(algorithm, &pair(algorithm).1).unwrap();
    Secret::new(key.sign(kid, &claims.to_string()).unwrap())
}

/// A provider, a verifier and a clock.
struct Setup {
    server: TestServer,
    keys: Arc<Mutex<Vec<Value>>>,
    is_down: Arc<AtomicBool>,
    is_slow: Arc<AtomicBool>,
    clock: Arc<FixedClock>,
    verifier: IdTokenVerifier,
}

impl Setup {
    async fn new(keys: Vec<Value>) -> Self {
        Self::with_verifier(keys, Arc::new(JoseVerifier)).await
    }

    async fn with_verifier(keys: Vec<Value>, verifier: Arc<dyn TokenVerifier>) -> Self {
        let (keys, is_down) = (Arc::new(Mutex::new(keys)), Arc::new(AtomicBool::new(false)));
        let is_slow = Arc::new(AtomicBool::new(false));
        let (published, down, slow) = (Arc::clone(&keys), Arc::clone(&is_down), Arc::clone(&is_slow));
        let server = TestServer::start(move |_| {
            if slow.load(Ordering::SeqCst) {
                // The client waits for more.
                return String::new();
            }
            if down.load(Ordering::SeqCst) {
                return response("503 Service Unavailable", "text/plain", "");
            }
            json_response(&json!({ "keys": *published.lock().unwrap() }))
        })
        .await;
        let clock = Arc::new(FixedClock::default());
        let client = client(&server, &clock);
        let verifier = IdTokenVerifier::new(client, verifier, Arc::<FixedClock>::clone(&clock));
        Self {
            server,
            keys,
            is_down,
            is_slow,
            clock,
            verifier,
        }
    }

    async fn with_key() -> Self {
        Self::new(vec![published(Algorithm::Es256, "1", &json!({}))]).await
    }

    fn now(&self) -> DateTime<chrono::Utc> {
        self.clock.now()
    }

    fn rules(&self) -> IdTokenRules {
        IdTokenRules {
            jwks: self.server.url("/jwks"),
            issuers: Issuers::AnyOf(vec![ISSUER.to_owned(), "op.example".to_owned()]),
            audiences: vec!["web".to_owned(), "app".to_owned()],
            max_age: Some(TimeDelta::hours(1)),
            may_omit_key_id: false,
        }
    }

    /// Claims that are accepted, with these instead. `null` removes one.
    fn claims(&self, other: &Value) -> Value {
        let now = self.now().timestamp();
        let mut claims = json!({ "iss": ISSUER, "aud": "web", "sub": "1", "iat": now, "exp": now + 600 });
        for (name, value) in other.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        claims
    }

    fn token(&self, kid: &str) -> Secret<String> {
        sign(Algorithm::Es256, kid, &self.claims(&json!({})))
    }

    async fn accepts(&self, token: &Secret<String>) -> bool {
        self.verifier.verify(&self.rules(), token, None).await.unwrap()
    }

    async fn accepts_claims(&self, other: &Value) -> bool {
        self.accepts(&sign(Algorithm::Es256, "1", &self.claims(other)))
            .await
    }

    fn requests(&self) -> usize {
        self.server.requests().len()
    }
}

#[tokio::test]
async fn a_token_of_each_algorithm_is_accepted() {
    let keys =
        Algorithm::ALL.map(|algorithm| published(algorithm, algorithm.name(), &json!({ "use": "sig" })));
    let setup = Setup::new(keys.to_vec()).await;
    for algorithm in Algorithm::ALL {
        let token = sign(algorithm, algorithm.name(), &setup.claims(&json!({})));
        assert!(setup.accepts(&token).await, "{}", algorithm.name());
    }
    assert_eq!(setup.requests(), 1);
}

#[tokio::test]
async fn a_token_is_rejected_unless_its_claims_satisfy_the_rules() {
    let setup = Setup::with_key().await;
    let now = setup.now().timestamp();
    for accepted in [
        json!({}),
        json!({ "iss": "op.example" }),
        json!({ "aud": ["app"] }),
        json!({ "azp": "app" }),
        json!({ "aud": ["web", "other"], "azp": "web" }),
        json!({ "exp": now - 59 }),
        json!({ "nbf": now + 60, "iat": now + 60 }),
        json!({ "iat": now - 3660 }),
        json!({ "nonce": "n" }),
    ] {
        assert!(setup.accepts_claims(&accepted).await, "{accepted}");
    }
    for rejected in [
        json!({ "iss": "https://evil.example" }),
        json!({ "iss": null }),
        json!({ "iss": [ISSUER] }),
        json!({ "aud": "other" }),
        json!({ "aud": ["other"] }),
        json!({ "aud": [] }),
        json!({ "aud": null }),
        json!({ "aud": "web app" }),
        json!({ "azp": "other" }),
        json!({ "azp": ["web"] }),
        json!({ "aud": ["web", "other"] }),
        json!({ "aud": ["web", "other"], "azp": "other" }),
        json!({ "exp": now - 60 }),
        json!({ "exp": null }),
        json!({ "exp": "9999999999" }),
        json!({ "nbf": now + 61 }),
        json!({ "iat": now + 61 }),
        json!({ "iat": now - 3661 }),
        json!({ "iat": null }),
    ] {
        assert!(!setup.accepts_claims(&rejected).await, "{rejected}");
    }
}

#[tokio::test]
async fn a_token_must_contain_the_nonce_that_was_given() {
    let setup = Setup::with_key().await;
    for (nonce, is_accepted) in [
        (json!("n"), true),
        (json!("m"), false),
        (json!(null), false),
        (json!(1), false),
    ] {
        let token = sign(Algorithm::Es256, "1", &setup.claims(&json!({ "nonce": nonce })));
        let outcome = setup
            .verifier
            .verify(&setup.rules(), &token, Some("n"))
            .await
            .unwrap();
        assert_eq!(outcome, is_accepted, "{nonce}");
    }
}

#[tokio::test]
async fn a_token_of_another_tenant_is_rejected() {
    let issuer = json!({ "issuer": "https://ms.example/{tenantid}/v2.0" });
    let (own, consumers) = (
        json!({}),
        json!({ "issuer": "https://ms.example/consumers/v2.0" }),
    );
    let setup = Setup::new(vec![
        published(Algorithm::Es256, "1", &own),
        published(Algorithm::Es256, "2", &issuer),
        published(Algorithm::Es256, "3", &consumers),
    ])
    .await;
    let rules = IdTokenRules {
        issuers: Issuers::named("https://ms.example/{tid}/v2.0"),
        ..setup.rules()
    };
    for (kid, issuer, tenant, is_accepted) in [
        ("1", "https://ms.example/t-1/v2.0", json!("t-1"), true),
        ("2", "https://ms.example/t-1/v2.0", json!("t-1"), true),
        ("3", "https://ms.example/t-1/v2.0", json!("t-1"), false),
        ("1", "https://ms.example/t-1/v2.0", json!("t-2"), false),
        ("1", "https://ms.example/t-1/v2.0", json!(null), false),
        ("1", "https://ms.example//v2.0", json!(""), false),
        ("1", "https://ms.example/a/../b/v2.0", json!("a/../b"), false),
    ] {
        let claims = setup.claims(&json!({ "iss": issuer, "tid": tenant }));
        let token = sign(Algorithm::Es256, kid, &claims);
        let outcome = setup.verifier.verify(&rules, &token, None).await.unwrap();
        assert_eq!(outcome, is_accepted, "{kid} {issuer} {tenant}");
    }
}

#[tokio::test]
async fn a_token_without_a_valid_signature_is_rejected() {
    let rsa = published(Algorithm::Rs256, "rsa", &json!({}));
    let setup = Setup::new(vec![rsa.clone(), published(Algorithm::Es256, "1", &json!({}))]).await;
    let claims = BASE64_URL_SAFE_NO_PAD.encode(setup.claims(&json!({})).to_string());
    let header = |header: Value| format!("{}.{claims}", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()));
    let unsigned = header(json!({ "alg": "none", "kid": "rsa" }));
    // The attacker signs with the public key, which is known, as a shared secret.
    let confused = header(json!({ "alg": "HS256", "kid": "rsa" }));
    let mut mac = Hmac::<Sha256>::new_from_slice(rsa.to_string().as_bytes()).unwrap();
    mac.update(confused.as_bytes());
    let mac = BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    let own = header(json!({ "alg": "ES256", "kid": "9", "jwk": pair(Algorithm::Es256).0 }));
    let valid = setup.token("1").expose().clone();
    let (signed, signature) = valid.rsplit_once('.').unwrap();
    let (_, claims) = signed.split_once('.').unwrap();
    let without_kid = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256"}"#);
    for token in [
        format!("{unsigned}."),
        format!("{unsigned}.{mac}"),
        format!("{confused}.{mac}"),
        format!("{own}.{signature}"),
        format!("{signed}."),
        format!("{signed}.{mac}"),
        format!("{signed}x.{signature}"),
        format!("{without_kid}.{claims}.{signature}"),
        signed.to_owned(),
        "opaque".to_owned(),
        String::new(),
    ] {
        assert!(!setup.accepts(&Secret::new(token.clone())).await, "{token}");
    }
    assert!(
        !setup
            .accepts(&sign(Algorithm::Es256, "rsa", &setup.claims(&json!({}))))
            .await
    );
    assert!(setup.accepts(&Secret::new(valid)).await);
}
