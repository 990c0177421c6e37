//! Generation of signing keys, and signatures of JWTs.

mod pair;
mod verifier;

use std::sync::Arc;

use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use josekit::{
    JoseError,
    jwk::Jwk,
    jws::{ES256, ES512, EdDSA, JwsSigner, PS256, RS256},
};
use portcullis_application::ports::{Failure, KeyPair, SigningKey, TokenSigner};
use portcullis_domain::{jwt::Algorithm, secret::Secret};
use serde_json::{Map, Value};

pub use self::verifier::JoseVerifier;
use crate::work_queue::WorkQueue;

/// How many key pairs may be queued while one is generated.
const QUEUE: usize = 8;

/// Generates and reads signing keys with OpenSSL.
pub struct Jose {
    work_queue: WorkQueue,
}

impl Default for Jose {
    /// Generates one key pair at a time.
    fn default() -> Self {
        Self {
            work_queue: WorkQueue::new(1, QUEUE),
        }
    }
}

struct Key {
    algorithm: Algorithm,
    signer: Box<dyn JwsSigner>,
}

impl SigningKey for Key {
    fn sign(&self, kid: &str, claims: &str) -> Result<String, Failure> {
        let header = format!(
            r#"{{"alg":"{}","kid":{}}}"#,
            self.algorithm.name(),
            Value::from(kid)
        );
        let [header, claims] = [&header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        let message = format!("{header}.{claims}");
        let signature = self.signer.sign(message.as_bytes()).map_err(Failure::new)?;
        Ok(format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[async_trait]
impl TokenSigner for Jose {
    async fn generate(&self, algorithm: Algorithm, modulus_length: u32) -> Result<KeyPair, Failure> {
        let work = move || pair::generate(algorithm, modulus_length);
        self.work_queue.take(work).await?
    }

    fn algorithm(&self, public: &str, rsa: Algorithm) -> Option<Algorithm> {
        let jwk: Map<String, Value> = serde_json::from_str(public).ok()?;
        let has = |name: &str| jwk.get(name).is_some_and(Value::is_string);
        let text = |name: &str| jwk.get(name).and_then(Value::as_str).unwrap_or_default();
        let (algorithm, members) = match (text("kty"), text("crv")) {
            ("OKP", "Ed25519") => (Algorithm::EdDsa, ["crv", "x"]),
            ("EC", "P-256") => (Algorithm::Es256, ["x", "y"]),
            ("EC", "P-521") => (Algorithm::Es512, ["x", "y"]),
            ("RSA", "") => (of_rsa(&jwk, rsa)?, ["n", "e"]),
            _ => return None,
        };
        members.into_iter().all(has).then_some(algorithm)
    }

    fn open(&self, algorithm: Algorithm, private: &Secret<String>) -> Result<Arc<dyn SigningKey>, Failure> {
        // The source errors are dropped, since they could quote the key.
        let invalid = || {
            Failure::new(format!(
                "the private key is not a valid JWK for {}",
                algorithm.name()
            ))
        };
        let jwk: Map<String, Value> = serde_json::from_str(private.expose()).map_err(|_| invalid())?;
        let signer = Jwk::from_map(jwk).and_then(|jwk| signer(algorithm, &jwk));
        Ok(Arc::new(Key {
            algorithm,
            signer: signer.map_err(|_| invalid())?,
        }))
    }
}

/// Returns the algorithm of an RSA key, which names its padding only if it has `alg`.
fn of_rsa(jwk: &Map<String, Value>, otherwise: Algorithm) -> Option<Algorithm> {
    let is_rsa = |algorithm: &Algorithm| matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256);
    match jwk.get("alg") {
        Some(own) => Algorithm::from_name(own.as_str()?).filter(is_rsa),
        None => Some(otherwise).filter(is_rsa).or(Some(Algorithm::Rs256)),
    }
}

fn signer(algorithm: Algorithm, jwk: &Jwk) -> Result<Box<dyn JwsSigner>, JoseError> {
    Ok(match algorithm {
        Algorithm::EdDsa => Box::new(EdDSA.signer_from_jwk(jwk)?),
        Algorithm::Es256 => Box::new(ES256.signer_from_jwk(jwk)?),
        Algorithm::Es512 => Box::new(ES512.signer_from_jwk(jwk)?),
        Algorithm::Rs256 => Box::new(RS256.signer_from_jwk(jwk)?),
        Algorithm::Ps256 => Box::new(PS256.signer_from_jwk(jwk)?),
    })
}

#[cfg(test)]
mod tests;
